import ArgumentParser
import Benchmarks
import Environments
import Foundation
import RunRecords

/// `ludus env scaling`.
struct EnvironmentScaling: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract: "Steps per second against the number of environments and threads, as a run that `report` plots.",
        discussion: "For example: ludus env scaling CartPole-v1 --out scaling && ludus report scaling -o scaling.html")

    /// What was measured, for `config.json`.
    struct Settings: Codable {
        var tasks: [String]
        var environments: [Int]
        var threads: [Int]
        var seconds: Double
    }

    @Argument(help: "Ids of tasks.")
    var ids: [String]

    @Option(help: "The run folder; it must not hold a run already.")
    var out: String

    @Option(name: .customLong("envs"), parsing: .upToNextOption, help: "Numbers of environments.")
    var environments = [1, 4, 16, 64, 256, 1024, 4096]

    @Option(parsing: .upToNextOption, help: "Numbers of threads.")
    var threads = [1, 2]

    @Option(help: "Length of one measurement in seconds; the best of three counts.")
    var seconds = 0.3

    func validate() throws {
        guard !ids.isEmpty else { throw ValidationError("Name a task; `ludus env list` shows all.") }
        guard environments.allSatisfy({ $0 >= 1 }), threads.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("--envs and --threads must be at least 1.")
        }
        guard seconds > 0, seconds <= 600 else { throw ValidationError("--seconds must be above 0 and at most 600.") }
    }

    func run() async throws {
        let tasks = try ids.map { try EnvironmentBenchmark.catalogue.task($0) }
        let versions = await Versions.found()
        let run = try Run.create(
            at: URL(fileURLWithPath: out),
            description: RunDescription(
                name: "environment-scaling",
                configuration: Settings(tasks: ids, environments: environments, threads: threads, seconds: seconds),
                seed: 0, versions: versions.versions, commit: versions.commit))
        var table = TextTable("task", "environments", "threads", "steps/s", "CPU ns/step")
        var best: [String: Double] = [:]
        for task in tasks {
            for count in environments {
                for team in threads {
                    Output.note("\(task.id) \(count) x\(team)")
                    var measurement = try EnvironmentMeasurement(task, EnvironmentSetting(count, threads: team))
                    let timing = try measurement.measure(seconds: seconds)
                    measurement.finish()
                    let rate = 1 / timing.wall
                    try run.log("\(task.id) steps per second/threads \(team)", rate, step: count)
                    best[task.id] = max(best[task.id] ?? 0, rate)
                    table.rows.append([
                        task.id, "\(count)", "\(team)", "\(Int(rate))",
                        String(format: "%.1f", timing.processor * 1e9),
                    ])
                }
            }
        }
        try run.finish(best)
        for line in table.lines { Output.result(line) }
    }
}
