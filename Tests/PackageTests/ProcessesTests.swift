import Foundation
import Testing

/// The program as several processes that `mpirun` starts.
@Suite(
    .enabled(if: Launcher.isThere, "needs mpirun: Scripts/bootstrap installs it"), .serialized, .timeLimit(.minutes(10))
)
struct ProcessesTests {

    /// Two processes on however few cores, also for root, as in a container.
    private static func command(_ arguments: [String]) -> [String] {
        ["--oversubscribe", "-n", "2", ProgramTests.program.path] + arguments
    }

    private static let environment = [
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    ]

    /// A process started in a folder, its streams in files there.
    private func start(_ arguments: [String], in folder: URL, complaints: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Launcher.path))
        process.arguments = Self.command(arguments)
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(Self.environment) { $1 }
        let file = folder.appending(path: complaints)
        try Data().write(to: file)
        process.standardError = try FileHandle(forWritingTo: file)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// The process of a rank among those that work in a folder.
    private func process(ofRank rank: Int, in folder: URL) throws -> pid_t? {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let number = pid_t(name),
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")) == folder.path,
                let variables = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(name)/environ"))
            else { continue }
            let wanted = "OMPI_COMM_WORLD_RANK=\(rank)"
            if String(decoding: variables, as: UTF8.self).split(separator: "\0").contains(wanted[...]) { return number }
        }
        return nil
    }

    /// The step of a run's newest checkpoint; 0 where there is none.
    private func newestStep(_ run: URL) -> Int {
        let names = try? FileManager.default.contentsOfDirectory(atPath: run.appending(path: "checkpoints").path)
        return (names ?? []).compactMap { $0.hasPrefix("step-") ? Int($0.dropFirst(5)) : nil }.max() ?? 0
    }

    /// Waits until a run has a checkpoint beyond a step; fails where the process ends before.
    private func waitForStep(beyond step: Int, of run: URL, _ process: Process) async throws {
        while newestStep(run) <= step {
            try #require(process.isRunning, "the run ended before step \(step)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Ends a launcher and the processes that it started in a folder; by force, since they may inherit blocked signals.
    private func stop(_ launcher: Process, in folder: URL) {
        if launcher.isRunning { kill(launcher.processIdentifier, SIGKILL) }
        for rank in 0..<2 {
            if let process = try? process(ofRank: rank, in: folder) { kill(process, SIGKILL) }
        }
        launcher.waitUntilExit()
    }

    private func waitForEnd(_ process: Process) async throws {
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func twoProcessesGiveTheMetaGradientOfOne() async throws {
        try await withFolder { folder in
            let launcher = try start(
                ["run", "maml-distributed", "--smoke", "--quiet", "--out", "run"], in: folder, complaints: "only.txt")
            defer { stop(launcher, in: folder) }
            try await waitForEnd(launcher)
            let complaint = try String(contentsOf: folder.appending(path: "only.txt"), encoding: .utf8)
            #expect(launcher.terminationStatus == 0, "\(complaint)")
            let summary = try Data(contentsOf: folder.appending(path: "run/summary.json"))
            let document = try JSONSerialization.jsonObject(with: summary) as? [String: Any]
            let results = try #require(document?["results"] as? [String: Double])
            #expect(results["processes"] == 2)
            #expect(try #require(results["largest difference from one process"]) <= 1e-12)
        }
    }

    /// A killed process ends the run with its name, and the run goes on from its last checkpoint.
    @Test func aKilledProcessIsNamedAndTheRunGoesOn() async throws {
        try await withFolder { folder in
            let run = folder.appending(path: "run")
            let first = try start(
                [
                    "run", "maml-distributed", "--smoke", "--quiet", "--out", "run", "--set", "metaSteps=1000000",
                    "--set", "tasks=2",
                ], in: folder, complaints: "first.txt")
            defer { stop(first, in: folder) }
            try await waitForStep(beyond: 10, of: run, first)
            let victim = try #require(try process(ofRank: 1, in: folder))
            kill(victim, SIGKILL)
            try await waitForEnd(first)
            #expect(first.terminationStatus != 0)
            let complaint = try String(contentsOf: folder.appending(path: "first.txt"), encoding: .utf8)
            #expect(complaint.contains("rank 1") && complaint.contains("signal 9"))
            let reached = newestStep(run)
            #expect(reached > 10)
            let second = try start(["resume", "run", "--quiet"], in: folder, complaints: "second.txt")
            defer { stop(second, in: folder) }
            try await waitForStep(beyond: reached + 4, of: run, second)
        }
    }
}

/// The program that starts several processes.
private enum Launcher {
    static let path = executable(named: "mpirun")
    static let isThere: Bool = {
        if path == nil { print("skipped: runs of several processes; Scripts/bootstrap installs mpirun") }
        return path != nil && FileManager.default.fileExists(atPath: "/proc/self/environ")
    }()
}
