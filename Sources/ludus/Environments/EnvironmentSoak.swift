import ArgumentParser
import Benchmarks
import Environments
import Foundation

/// `ludus env soak`.
struct EnvironmentSoak: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Take random steps in every task, with resets and threads, and watch the memory.",
        discussion: "Fails if the memory grows by more than 16 MiB after the first half.")

    @Option(help: "Steps in all.")
    var steps = 1_000_000

    @Option(help: "The seed of environments and actions.")
    var seed: UInt64 = 1

    @Argument(help: "Ids of tasks; all without.")
    var ids: [String] = []

    func validate() throws {
        guard steps >= 1 else { throw ValidationError("--steps must be at least 1.") }
    }

    func run() throws {
        let catalogue = EnvironmentBenchmark.catalogue
        let tasks = try ids.isEmpty ? catalogue.tasks : ids.map { try catalogue.task($0) }
        let share = max(1, steps / tasks.count)
        var table = TextTable("task", "steps", "episodes", "growth MiB")
        var isGood = true
        for task in tasks {
            let (episodes, growth) = try walk(task, steps: share)
            if growth > 16 { isGood = false }
            table.rows.append([task.id, "\(share)", "\(episodes)", String(format: "%.1f", growth)])
        }
        for line in table.lines { Output.result(line) }
        if !isGood { throw ExitCode.failure }
    }

    /// Episodes, and how much the memory grew in the second half, in MiB.
    private func walk(_ task: EnvironmentTask, steps: Int) throws -> (episodes: Int, growth: Double) {
        let count = 8
        let pool = try task.pool(count: count, options: PoolOptions(batchSize: 4, threads: 2, seed: seed))
        let space = task.specification.action
        var sampler = ActionSampler(space, seed: seed)
        var actions = [UInt8](repeating: 0, count: 4 * task.specification.players * space.count * space.element.size)
        try pool.startAll()
        var episodes = 0
        var half = 0.0
        var taken = 0
        while taken < steps {
            let batch = try pool.receive()
            episodes += zip(batch.terminated, batch.truncated).count { $0 + $1 > 0 }
            actions.withUnsafeMutableBytes { sampler.fill($0) }
            try actions.withUnsafeBytes { try pool.send($0, to: batch.environments) }
            taken += batch.count
            if half == 0, taken >= steps / 2 { half = Self.residentMebibytes }
        }
        return (episodes, Self.residentMebibytes - half)
    }

    /// Memory of this process, in MiB; 0 where the system doesn't tell.
    private static var residentMebibytes: Double {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return 0 }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }
}
