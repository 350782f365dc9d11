import Environments
import Foundation
import Randomness
import Tensors
import Testing

@testable import ReinforcementLearning

/// Collecting and learning together.
@Suite struct TrainingTests {
    private struct Loop {
        let collector: RolloutCollector
        let learner: ProximalPolicyLearner<DenseActorCritic>

        init(
            _ task: String, seed: UInt64 = 1, threads: Int = 1, environments: Int = 4, steps: Int = 32,
            iterations: Int = 6, learningRate: Double = 1e-3, inference: InferencePath = .automatic,
            normalizes: Bool = false
        ) throws {
            let pool = try EnvironmentCatalogue.builtIn.task(task).pool(
                count: environments, options: PoolOptions(threads: threads, seed: seed))
            let options = RolloutOptions(
                steps: steps, normalizesObservations: normalizes, scalesRewards: normalizes, inference: inference)
            collector = try RolloutCollector(pool, options: options, generator: SplittableGenerator(seed: seed))
            let network = DenseActorCritic(
                observations: pool.specification.observation.count, hidden: [16], outputs: collector.head.outputs,
                isContinuous: collector.head.isContinuous, generator: TensorGenerator(seed: seed))
            learner = try ProximalPolicyLearner(
                network, options: ProximalPolicyOptions(learningRate: learningRate), iterations: iterations,
                generator: SplittableGenerator(seed: seed + 1))
        }

        func iterate() throws -> [Double] {
            let rollout = try learner.withNetwork { try collector.collect(with: $0) }
            let report = try learner.update(on: rollout)
            return report.values.sorted { $0.key < $1.key }.map(\.value) + [collector.episodes.mean ?? 0]
        }

        func run(_ iterations: Int) throws -> [[Double]] { try (0..<iterations).map { _ in try iterate() } }
    }

    @Test(arguments: ["CartPole-v1", "Pendulum-v1"])
    func theSameSeedGivesTheSameNumbersWhateverTheThreads(task: String) throws {
        let first = try Loop(task, normalizes: task == "Pendulum-v1").run(6)
        #expect(try Loop(task, normalizes: task == "Pendulum-v1").run(6) == first)
        #expect(try Loop(task, threads: 2, normalizes: task == "Pendulum-v1").run(6) == first)
        #expect(try Loop(task, seed: 2, normalizes: task == "Pendulum-v1").run(6) != first)
    }

    @Test func aStateGoesOnExactly() throws {
        let whole = try Loop("Pendulum-v1", steps: 120, normalizes: true)
        _ = try whole.run(3)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let collectorState = try JSONEncoder().encode(whole.collector.state())
        let learnerState = try JSONEncoder().encode(whole.learner.state)
        try whole.learner.save(to: folder.path)
        let other = try Loop("Pendulum-v1", seed: 9, steps: 120, normalizes: true)
        try other.collector.restore(JSONDecoder().decode(RolloutCollector.State.self, from: collectorState))
        try other.learner.restore(
            JSONDecoder().decode(ProximalPolicyLearner<DenseActorCritic>.State.self, from: learnerState),
            from: folder.path)
        #expect(try other.run(3) == whole.run(3))
        #expect(other.collector.episodes.total == whole.collector.episodes.total)
    }

    @Test func aStateOfAnotherCountIsRefused() throws {
        let state = try {
            let loop = try Loop("CartPole-v1"); _ = try loop.iterate(); return try loop.collector.state()
        }()
        let other = try Loop("CartPole-v1", environments: 2)
        #expect(throws: EnvironmentError.self) { try other.collector.restore(state) }
    }

    /// The first rollout of an untrained policy with and without libtorch: the same actions, but for rounding.
    @Test func bothInferencePathsCollectTheSame() throws {
        let fused = try Loop("CartPole-v1", inference: .fused)
        let tensors = try Loop("CartPole-v1", inference: .tensors)
        for loop in [fused, tensors] { _ = try loop.learner.withNetwork { try loop.collector.collect(with: $0) } }
        let (first, second) = (fused.collector.memory, tensors.collector.memory)
        for row in 0..<(32 * 4) {
            #expect(abs(first.logProbabilities[row] - second.logProbabilities[row]) < 1e-5)
            #expect(first.rewards[row] == second.rewards[row])
        }
    }

    /// Rewards of resets are none of the policy's, and values of last observations stand in the memory.
    @Test func resetsAreMarkedAndLeftOut() throws {
        let loop = try Loop("CartPole-v1", steps: 200)
        let memory = try loop.learner.withNetwork { try loop.collector.collect(with: $0) }
        var resets = 0
        for row in 0..<(200 * 4) {
            let follows = row >= 4 && memory.terminated[row - 4] | memory.truncated[row - 4] == 1
            #expect((memory.resets[row] == 1) == follows)
            if memory.resets[row] == 1 {
                resets += 1
                #expect(memory.rewards[row] == 0 && memory.advantages[row] == 0)
            } else {
                #expect(memory.rewards[row] == 1)
            }
        }
        #expect(resets > 10)
        #expect(memory.rowsToLearn.count == 800 - resets)
        #expect(loop.collector.episodes.total >= resets)
        // The policy that collected is the one that is updated: its ratios start at 1.
        let batch = MinibatchMemory(memory, capacity: 800).gather(memory.rowsToLearn[...], normalizesAdvantages: false)
        let logRatios = loop.learner.network.proximalPolicyLoss(batch, loop.learner.options).terms.logRatios
        #expect(logRatios.absolute().max().item() < 1e-5)
    }

    /// A flag that carries over from one rollout to the next.
    @Test func anEpisodeThatEndsWithTheRolloutResetsInTheNext() throws {
        let loop = try Loop("Pendulum-v1", environments: 2, steps: 200)
        let first = try loop.learner.withNetwork { try loop.collector.collect(with: $0) }
        #expect(first.truncated[199 * 2] == 1)
        let second = try loop.learner.withNetwork { try loop.collector.collect(with: $0) }
        #expect(second.resets[0] == 1 && second.resets[2] == 0)
        #expect(second.rowsToLearn.count == 199 * 2)
    }

    @Test func theCartsReturnGrows() throws {
        let loop = try Loop("CartPole-v1", environments: 8, steps: 64, iterations: 40, learningRate: 3e-3)
        let before = try loop.run(4).last?.last ?? 0
        let after = try loop.run(36).last?.last ?? 0
        // A policy that does nothing useful gets some 22.
        #expect(before < 60)
        #expect(after > 100, "mean return of the last hundred episodes")
    }

    @Test func minibatchesHaveEveryRowOnceWithStandardAdvantages() throws {
        let loop = try Loop("CartPole-v1")
        let memory = try loop.learner.withNetwork { try loop.collector.collect(with: $0) }
        let minibatch = MinibatchMemory(memory, capacity: 64)
        let rows: [Int32] = [5, 100, 17, 64]
        let batch = minibatch.gather(rows[...], normalizesAdvantages: true)
        #expect(batch.returns.array(of: Float.self) == rows.map { memory.returns[Int($0)] })
        #expect(batch.actions.shape == [4])
        #expect(batch.observations.shape == [4, 4])
        #expect(abs(batch.advantages.mean().item()) < 1e-6)
        #expect(abs(batch.advantages.standardDeviation().item() - 1) < 1e-5)
    }

    @Test func badOptionsAreRefused() throws {
        let pool = try EnvironmentCatalogue.builtIn.task("CartPole-v1").pool(
            count: 2, options: PoolOptions(autoreset: .sameStep))
        #expect(throws: ReinforcementLearningError.self) {
            try RolloutCollector(pool, options: RolloutOptions(), generator: SplittableGenerator(seed: 1))
        }
        let lake = try EnvironmentCatalogue.builtIn.task("FrozenLake-v1").pool(count: 2)
        #expect(throws: ReinforcementLearningError.self) {
            try RolloutCollector(lake, options: RolloutOptions(), generator: SplittableGenerator(seed: 1))
        }
        let network = DenseActorCritic(
            observations: 4, outputs: 2, isContinuous: false, generator: TensorGenerator(seed: 1))
        for options in [
            ProximalPolicyOptions(learningRate: 0), ProximalPolicyOptions(epochs: 0),
            ProximalPolicyOptions(clip: -.infinity), ProximalPolicyOptions(entropyWeight: .nan),
        ] {
            #expect(throws: ReinforcementLearningError.self) {
                try ProximalPolicyLearner(
                    network, options: options, iterations: 1, generator: SplittableGenerator(seed: 1))
            }
        }
    }
}
