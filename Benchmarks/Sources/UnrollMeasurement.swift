import Foundation
import Optimizers
import Tensors

/// What a long unrolled loop costs in each memory mode, and what a second thread is worth to loops of different tasks.
public struct UnrollMeasurement: Codable, Sendable {
    /// One memory mode.
    public struct Mode: Codable, Sendable {
        /// Its name.
        public let name: String
        /// Most memory that was resident on the way, over what was before, in bytes.
        public let extraBytes: Int
        /// Median processor seconds of a meta-gradient.
        public let seconds: Double
        /// The meta-gradient's norm: what was computed.
        public let check: Double
    }

    /// A problem in every memory mode.
    public struct Problem: Codable, Sendable {
        /// Width of the perceptron's hidden layers.
        public let width: Int
        /// Points of each of the sixteen tasks.
        public let points: Int
        /// Every mode; the first is the full graph.
        public let modes: [Mode]
    }

    /// Inner steps.
    public let steps: Int
    /// What was measured.
    public let problems: [Problem]
    /// Wall time of a meta-gradient over tasks on one thread, over that on two: the median of paired runs.
    public let twoThreads: Double

    /// The table's lines.
    public var table: String {
        var lines: [String] = []
        for problem in problems {
            guard let full = problem.modes.first else { continue }
            let title = "\(steps) steps, \(problem.width) wide, \(problem.points) points"
            lines.append(title.padding(toLength: 34, withPad: " ", startingAt: 0) + "extra MiB        ms   over full")
            for mode in problem.modes {
                let name = mode.name.padding(toLength: 34, withPad: " ", startingAt: 0)
                let shares = String(
                    format: "%.3f  %.2f", Double(mode.extraBytes) / Double(max(full.extraBytes, 1)),
                    mode.seconds / full.seconds)
                let head = String(format: "%9.1f %9.1f   ", Double(mode.extraBytes) / 1_048_576, mode.seconds * 1e3)
                lines.append(name + head + shares)
            }
        }
        lines.append(String(format: "tasks on two threads: %.2f times as fast as on one", twoThreads))
        return lines.joined(separator: "\n")
    }

    /// Measures all of it.
    ///
    /// Call it before anything else that needs much memory: free memory that the process keeps would be taken first, and
    /// hide what is needed.
    ///
    /// - Parameters:
    ///   - steps: inner steps of the memory modes, ≥ 1.
    ///   - rounds: how often times are measured.
    /// - Returns: what was found.
    public static func run(steps: Int = 100, rounds: Int = 5) -> UnrollMeasurement {
        let data = [(128, 100), (64, 10)].map { Regressions(width: $0, points: $1) }
        keepFreedMemory(limit: 0)
        let extra = data.map { data in data.calls(steps: steps).map { $0.call }.map(residentBytes) }
        keepFreedMemory()
        return UnrollMeasurement(
            steps: steps, problems: zip(data, extra).map { $0.problem(steps: steps, rounds: rounds, extra: $1) },
            twoThreads: gainOfASecondThread(rounds: rounds * 5))
    }

    /// Sixteen regressions at once.
    private struct Regressions {
        let start: [Tensor]
        let x: Tensor
        let y: Tensor
        let widths: [Int]

        init(width: Int, points: Int) {
            widths = [1, width, width, width, 1]
            start = hashedPerceptron(widths, stream: 1).map { $0.to(.float32) }
            x = (hashedUniform(31, [16, points, 1]) * 10 - 5).to(.float32)
            y = x.sin()
        }

        /// One call for each mode.
        func calls(steps: Int) -> [(name: String, call: () -> Double)] {
            [
                ("full", metaGradient(steps: steps, memory: .full)),
                ("iterates", metaGradient(steps: steps, memory: .iterates)),
                ("checkpoints", metaGradient(steps: steps, memory: .checkpoints())),
                ("checkpoints, BatchedPerceptron", batchedMetaGradient(steps: steps, memory: .checkpoints())),
            ]
        }

        /// Times the modes in turn.
        func problem(steps: Int, rounds: Int, extra: [Int]) -> Problem {
            let calls = calls(steps: steps)
            let checks = calls.map { $0.call() }
            var seconds: [[Double]] = Array(repeating: [], count: calls.count)
            for _ in 0..<rounds {
                for (place, item) in calls.enumerated() {
                    let start = processorSeconds()
                    _ = item.call()
                    seconds[place].append(processorSeconds() - start)
                }
            }
            let modes = calls.indices.map {
                Mode(name: calls[$0].name, extraBytes: extra[$0], seconds: median(seconds[$0]), check: checks[$0])
            }
            return Problem(width: widths[1], points: x.size(1), modes: modes)
        }

        /// A meta-gradient whose derivatives are all taken automatically.
        func metaGradient(steps: Int, memory: UnrollMemory) -> () -> Double {
            func loss(_ p: [Tensor]) -> Tensor {
                (OptimisationBenchmark.perceptron(p, x) - y).square().sum() * (1 / Double(x.size(1)))
            }
            let loop = InnerLoop<[Tensor], EmptyTree, SGD>(
                steps: steps, using: SGD(learningRate: 0.01), memory: memory
            ) { p, _ in loss(p) }
            return {
                loop.valueAndGradient(from: start.repeated(forTasks: 16)) { loss($0) }.parameters.globalNorm().item()
            }
        }

        /// The same with derivatives written by hand.
        func batchedMetaGradient(steps: Int, memory: UnrollMemory) -> () -> Double {
            let start = batchedPerceptron(self.start, widths: widths)
            let loop = InnerLoop<BatchedPerceptron, EmptyTree, SGD>(
                steps: steps, memory: memory, optimizer: { _ in SGD(learningRate: 0.01) },
                objective: start.objective(inputs: x, targets: y))
            return {
                loop.valueAndGradient(from: start.repeated(forTasks: 16)) { $0.losses(inputs: x, targets: y).sum() }
                    .parameters.globalNorm().item()
            }
        }
    }

    /// How much faster the mean meta-gradient of sixteen tasks, a loop each, is on two threads.
    private static func gainOfASecondThread(rounds: Int) -> Double {
        let start = hashedPerceptron([1, 64, 64, 64, 1], stream: 1).map { $0.to(.float32) }
        let tasks = (0..<16).map { task -> [Tensor] in
            let x = (hashedUniform(40 + task, [100, 1]) * 10 - 5).to(.float32)
            return [x, x.sin()]
        }
        @Sendable func gradient(_ task: [Tensor]) -> (value: Tensor, gradient: [Tensor]) {
            func loss(_ p: [Tensor]) -> Tensor {
                (OptimisationBenchmark.perceptron(p, task[0]) - task[1]).square().mean()
            }
            let loop = InnerLoop<[Tensor], EmptyTree, SGD>(
                steps: 5, using: SGD(learningRate: 0.01), memory: .full
            ) { p, _ in loss(p) }
            let result = loop.valueAndGradient(from: start) { loss($0) }
            return (result.value, result.parameters)
        }
        let clock = ContinuousClock()
        func wall(_ threads: Int) -> Double {
            clock.measure { _ = try? meanGradient(over: tasks, threads: threads) { gradient($0) } }.seconds
        }
        _ = wall(2)
        return median((0..<rounds).map { _ in wall(1) / wall(2) })
    }

    /// Most memory that some work has resident, over what was before; 0 where the system doesn't tell.
    private static func residentBytes(_ work: () -> Double) -> Int {
        _ = work()
        keepFreedMemory(limit: 0)
        // Resets the greatest resident size to the present one.
        guard (try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))) != nil else { return 0 }
        let before = status("VmRSS:")
        _ = work()
        return max(status("VmHWM:") - before, 0)
    }

    /// A figure of the process's status, in bytes.
    private static func status(_ name: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return (line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0)
            * 1024
    }
}
