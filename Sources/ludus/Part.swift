import Environments
import EnvironmentsArcade
import Foundation
import Physics
import RunRecords

/// Something that the program stands on.
struct Part: Sendable {
    /// Whether it is there.
    enum State: Sendable {
        case found(String)
        case missing(String)
    }

    let name: String
    /// What doesn't work without it.
    let purpose: String
    /// What to do when it is missing.
    let advice: String
    /// False where the program does its main job without it.
    let isRequired: Bool
    let state: @Sendable () async -> State
}

extension Part {
    static let all = [ludus, libtorch, coq, coqSessions, mujoco, arcade, gnuplot, cores, memory]

    static let ludus = Part(
        name: "ludus", purpose: "this program", advice: "", isRequired: true,
        state: { .found("\(LudusVersion.current) (Swift \(SwiftVersion.current))") })

    static let coq = Part(
        name: "coq", purpose: "second check of every proof", advice: "apt-get install coq", isRequired: true,
        state: {
            await program("coqc", ["--print-version"], version: { $0.split(separator: " ").first.map(String.init) })
        })

    static let coqSessions = Part(
        name: "coqidetop", purpose: "proof search", advice: "apt-get install coq", isRequired: true,
        state: {
            await program(
                "coqidetop.opt", ["--version"],
                version: { answer in
                    answer.split(whereSeparator: \.isWhitespace).first { $0.first?.isNumber == true }.map(String.init)
                })
        })

    static let mujoco = Part(
        name: "mujoco", purpose: "robots", advice: "Scripts/bootstrap in a checkout, then build again",
        isRequired: false,
        state: { PhysicsModel.version.map { .found($0) } ?? .missing("this program was built without it") })

    static let arcade = Part(
        name: "arcade", purpose: "Atari games", advice: "Scripts/bootstrap in a checkout, or set LUDUS_ARCADE",
        isRequired: false,
        state: {
            do throws(EnvironmentError) {
                return .found(try ArcadeLibrary.open().version)
            } catch {
                return .missing("\(error)")
            }
        })

    static let gnuplot = Part(
        name: "gnuplot", purpose: "curves in reports (a plainer drawing without it)",
        advice: "apt-get install gnuplot-nox", isRequired: false,
        state: { await program("gnuplot", ["--version"], version: { String($0.trimmingPrefix("gnuplot ")) }) })

    static let cores = Part(
        name: "cores", purpose: "speed", advice: "", isRequired: false,
        state: { .found("\(ProcessInfo.processInfo.activeProcessorCount)") })

    static let memory = Part(
        name: "memory", purpose: "models and Coq processes", advice: "", isRequired: false,
        state: {
            let gibibytes = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
            return .found(String(format: "%.1f GiB", gibibytes))
        })

    /// Asks a program for its version; an answer without one counts as missing.
    private static func program(
        _ name: String, _ arguments: [String], version: (String) -> String?
    ) async -> State {
        do {
            let answer = try await InstalledProgram(name).answer(to: arguments)
            guard let version = version(answer), !version.isEmpty else {
                return .missing("\(name) answered \"\(answer.prefix(80))\"")
            }
            return .found(version)
        } catch {
            return .missing("not found")
        }
    }
}
