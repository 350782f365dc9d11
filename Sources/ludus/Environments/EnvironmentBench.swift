import ArgumentParser
import Benchmarks
import Environments
import Foundation

/// `ludus env bench`.
struct EnvironmentBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure steps per second with random actions.",
        discussion: "Without --compare one setting of ours; with it all settings of ours and of the peers, in turn.")

    @Argument(help: "Ids of tasks.")
    var ids: [String]

    @Option(name: .customLong("envs"), help: "Environments.")
    var environments = 256

    @Option(help: "Environments in a batch; fewer than all make the pool asynchronous.")
    var batch: Int?

    @Option(help: "Threads, the caller's included.")
    var threads = 1

    @Option(help: "Length of one measurement in seconds.")
    var seconds = 1.0

    @Option(help: "Rounds of a comparison.")
    var rounds = 3

    @Flag(help: "Compare with EnvPool, Gymnasium and others; needs Scripts/bootstrap --environment-peers.")
    var compare = false

    @Flag(help: "Print the JSON document alone.")
    var json = false

    func validate() throws {
        guard !ids.isEmpty else { throw ValidationError("Name a task; `ludus env list` shows all.") }
        guard seconds > 0, seconds <= 600 else { throw ValidationError("--seconds must be above 0 and at most 600.") }
        guard rounds >= 1 else { throw ValidationError("--rounds must be at least 1.") }
    }

    func run() async throws {
        guard compare else { return try own() }
        let peer = try PeerProcess(script: "environments.py", environment: "environment-peers")
        let report = try await EnvironmentBenchmark.run(
            tasks: ids, peer: peer, rounds: rounds, seconds: seconds, progress: { Output.note($0) })
        if !json { Output.result(report.table) }
        try Output.json(report)
    }

    private func own() throws {
        struct Line: Encodable {
            var task: String
            var setting: EnvironmentSetting
            var timing: EnvironmentTiming
        }
        var table = TextTable("task", "setting", "steps/s", "CPU ns/step", "wall ns/step")
        var lines: [Line] = []
        for id in ids {
            let setting = EnvironmentSetting(environments, batch: batch, threads: threads)
            var measurement = try EnvironmentMeasurement(EnvironmentBenchmark.catalogue.task(id), setting)
            let timing = try measurement.measure(seconds: seconds)
            measurement.finish()
            lines.append(Line(task: id, setting: setting, timing: timing))
            table.rows.append([
                id, setting.label, "\(Int(1 / timing.wall))", String(format: "%.1f", timing.processor * 1e9),
                String(format: "%.1f", timing.wall * 1e9),
            ])
        }
        if !json { for line in table.lines { Output.result(line) } }
        try Output.json(lines)
    }
}
