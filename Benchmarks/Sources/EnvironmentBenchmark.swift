public import Environments
import EnvironmentsArcade
import EnvironmentsMuJoCo
import Foundation

/// Ours and the peers' steps a second, in turn, in one run.
public enum EnvironmentBenchmark {
    /// Every task that this build can make.
    public static var catalogue: EnvironmentCatalogue { .builtIn + .mujoco + .arcade }

    /// One engine with one setting on one task.
    public struct Row: Codable, Sendable {
        /// The task's id.
        public let task: String
        /// `swift`, `python` (this package from Python), `envpool`, `gymnasium`, `subprocess`, `ale` or `mujoco`.
        public let engine: String
        /// Environments, batch, threads.
        public let setting: EnvironmentSetting
        /// What a step took in each round.
        public let rounds: [EnvironmentTiming]

        /// Median processor seconds of one step of one environment.
        public var processor: Double { median(rounds.map(\.processor)) }
        /// Median wall seconds of one step of one environment.
        public var wall: Double { median(rounds.map(\.wall)) }
    }

    /// All rows.
    public struct Report: Codable, Sendable {
        /// A row for each engine and setting.
        public let rows: [Row]
        /// What couldn't be measured, and why.
        public let notes: [String]

        /// A table for people: each engine at the setting that suits it best, and how much faster ours is.
        public var table: String {
            var lines = [
                "task                      engine     setting       CPU µs/step      steps/s   CPU ratio  wall ratio"
            ]
            for task in rows.map(\.task).uniqued {
                let own = rows.filter { $0.task == task && $0.engine == "swift" && $0.setting.environments > 1 }
                guard let ours = own.min(by: { $0.processor < $1.processor }),
                    let oursWall = own.min(by: { $0.wall < $1.wall })
                else { continue }
                for engine in ["swift", "python", "envpool", "gymnasium", "subprocess", "ale", "mujoco"] {
                    let all = rows.filter { $0.task == task && $0.engine == engine }
                    for isSingle in [true, false] {
                        let group = all.filter { ($0.setting.environments == 1) == isSingle }
                        guard let best = group.min(by: { $0.processor < $1.processor }),
                            let fastest = group.min(by: { $0.wall < $1.wall })
                        else { continue }
                        let reference = isSingle ? single(task, "swift") : (ours.processor, oursWall.wall)
                        lines.append(
                            Self.line(
                                task, engine, best, fastest, best.processor / reference.0, fastest.wall / reference.1))
                    }
                }
            }
            return (lines + notes).joined(separator: "\n")
        }

        private func single(_ task: String, _ engine: String) -> (Double, Double) {
            let row = rows.first { $0.task == task && $0.engine == engine && $0.setting.environments == 1 }
            return (row?.processor ?? .nan, row?.wall ?? .nan)
        }

        private static func line(
            _ task: String, _ engine: String, _ best: Row, _ fastest: Row, _ processor: Double, _ wall: Double
        ) -> String {
            task.padding(toLength: 26, withPad: " ", startingAt: 0)
                + engine.padding(toLength: 11, withPad: " ", startingAt: 0)
                + best.setting.label.padding(toLength: 12, withPad: " ", startingAt: 0)
                + String(
                    format: "%13.3f %12.0f %11.2f %11.2f", best.processor * 1e6, 1 / fastest.wall, processor, wall)
        }
    }

    /// The tasks that are compared when none are named.
    public static let standardTasks = [
        "CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1", "FrozenLake-v1",
        "Taxi-v3", "CliffWalking-v1", "Blackjack-v1", "NChain-v0", "Catch-v0", "HalfCheetah-v4", "Ant-v4",
        "Humanoid-v4", "Pong-v5", "Breakout-v5",
    ]

    /// Measures ours and all peers that know a task.
    ///
    /// - Parameters:
    ///   - tasks: ids.
    ///   - peer: the peers' process; nil for ours alone.
    ///   - rounds: how often each is measured, in turn.
    ///   - seconds: length of one measurement; a round takes the least of three.
    ///   - progress: told what is about to be measured.
    /// - Returns: a row for each engine and setting.
    /// - Throws: `EnvironmentError` for unknown tasks, ``PeerError``.
    public static func run(
        tasks: [String], peer: PeerProcess?, rounds: Int = 3, seconds: Double = 0.2,
        progress: (String) -> Void = { _ in }
    ) async throws -> Report {
        let chosen = try tasks.map { try catalogue.task($0) }
        guard let peer else {
            return try await measure(chosen, withPeers: false, rounds, seconds, progress) { _, _ in
                PeerProcess.Timing(seconds: .nan)
            }
        }
        return try await peer.session { time in
            try await measure(chosen, withPeers: true, rounds, seconds, progress, time)
        }
    }

    private static func measure(
        _ tasks: [EnvironmentTask], withPeers: Bool, _ rounds: Int, _ seconds: Double, _ progress: (String) -> Void,
        _ time: (_ name: String, _ seconds: Double) async throws -> PeerProcess.Timing
    ) async throws -> Report {
        var timings: [EnvironmentCase: [EnvironmentTiming]] = [:]
        var notes: [String: String] = [:]
        var order: [EnvironmentCase] = []
        for task in tasks {
            let cases = EnvironmentCase.all(task, withPeers: withPeers)
            order += cases
            for round in 0..<rounds {
                for item in cases where notes[item.peerName] == nil {
                    if round == 0 { progress("\(item.task) \(item.engine) \(item.setting.label)") }
                    if item.engine == "swift" {
                        var measurement = try EnvironmentMeasurement(task, item.setting)
                        timings[item, default: []].append(try measurement.measure(seconds: seconds))
                        measurement.finish()
                    } else {
                        do {
                            let timing = try await time(item.peerName, seconds)
                            timings[item, default: []].append(
                                EnvironmentTiming(processor: timing.seconds, wall: timing.wall ?? .nan))
                        } catch PeerError.badReply(let reply) where !reply.isEmpty {
                            notes[item.peerName] = "\(item.peerName): \(reply)"
                        }
                    }
                }
            }
        }
        let rows = order.compactMap { item in
            timings[item].map { Row(task: item.task, engine: item.engine, setting: item.setting, rounds: $0) }
        }
        return Report(rows: rows, notes: notes.values.sorted())
    }
}

/// One engine with one setting on one task.
struct EnvironmentCase: Hashable {
    let task: String
    let engine: String
    let setting: EnvironmentSetting

    /// As the peers' script takes it.
    var peerName: String {
        let name = engine == "python" ? "ludus" : engine
        let theirs = engine == "envpool" ? ["CliffWalking-v1": "CliffWalking-v0"][task] ?? task : task
        return "\(name) \(theirs) \(setting.environments) \(setting.batch) \(setting.threads)"
    }

    /// All that is measured for a task.
    static func all(_ task: EnvironmentTask, withPeers: Bool) -> [EnvironmentCase] {
        let isLight = task.family == .classic || task.family == .toyText
        let settings: [EnvironmentSetting] =
            isLight
            ? [.init(1), .init(64), .init(64, threads: 2), .init(256), .init(256, batch: 64)]
            : [.init(1), .init(64), .init(64, threads: 2), .init(64, batch: 16, threads: 2)]
        func cases(_ engine: String, _ settings: [EnvironmentSetting]) -> [EnvironmentCase] {
            settings.map { EnvironmentCase(task: task.id, engine: engine, setting: $0) }
        }
        var all = cases("swift", settings)
        guard withPeers else { return all }
        all += cases("python", isLight ? [.init(1), .init(64), .init(256)] : [.init(64)])
        all += cases("envpool", settings)
        let isGymnasiums = !["NChain-v0", "Catch-v0"].contains(task.id)
        if isGymnasiums { all += cases("gymnasium", isLight ? [.init(1), .init(64)] : [.init(1), .init(8)]) }
        if !isLight { all += cases("subprocess", [.init(8)]) }
        if task.family == .atari { all += cases("ale", [.init(64), .init(64, threads: 2)]) }
        if task.family == .mujoco { all += cases("mujoco", [.init(64), .init(64, threads: 2)]) }
        return all
    }
}

extension Array where Element: Hashable {
    /// The first of each.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
