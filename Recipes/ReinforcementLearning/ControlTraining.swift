import Environments
import Foundation
import Randomness
public import ReinforcementLearning
import RunRecords
import Tensors

/// How a policy is trained on a task: the settings that the recipes of this field share.
public struct ControlTraining: Sendable, Codable {
    /// The task's id, such as `CartPole-v1`.
    public var task: String
    /// Environments stepped together.
    public var environments: Int
    /// Steps of all environments together.
    public var totalSteps: Int
    /// Threads that step environments; results don't depend on it.
    public var threads = 1
    /// Widths of the hidden layers, for observations that aren't pictures.
    public var hidden = [64, 64]
    /// ln of a Gaussian policy's standard deviations at the start.
    public var initialLogDeviation = 0.0
    /// Iterations between lines in the log.
    public var logEvery = 1
    /// Iterations between checkpoints.
    public var checkpointEvery = 100
    /// How rollouts are collected.
    public var rollout: RolloutOptions
    /// How the policy learns from them.
    public var learner: ProximalPolicyOptions

    /// Settings; see the properties.
    public init(
        task: String, environments: Int, totalSteps: Int, rollout: RolloutOptions, learner: ProximalPolicyOptions
    ) {
        self.task = task
        self.environments = environments
        self.totalSteps = totalSteps
        self.rollout = rollout
        self.learner = learner
    }

    /// Rollouts until all steps are done, at least 1.
    var iterations: Int { max(1, totalSteps / (environments * rollout.steps)) }

    /// Trains a policy, and says how well its last hundred episodes went.
    ///
    /// - Parameter context: the run to log to.
    /// - Returns: `return`: mean return of the last hundred episodes; `episodes` and `steps`: how many there were.
    /// - Throws: `EnvironmentError` where the task isn't there, or what stops the training.
    func run(in context: RecipeContext) async throws -> [String: Double] {
        setIntraOpThreads(1)
        let root = SplittableGenerator(seed: context.seed)
        var seeds = root.folding(in: "environments")
        let pool = try ControlTasks.task(task).pool(
            count: environments, options: PoolOptions(threads: threads, seed: seeds.next()))
        let shape = pool.specification.observation.shape
        let head = try ActionHead(pool.specification.action)
        var weights = root.folding(in: "weights")
        let generator = TensorGenerator(seed: weights.next())
        if pool.specification.observation.element == .uint8, shape.count == 3 {
            let network = ConvolutionalActorCritic(shape: shape, actions: head.outputs, generator: generator)
            return try train(network, pool, root, context)
        }
        let network = DenseActorCritic(
            observations: pool.specification.observation.count, hidden: hidden, outputs: head.outputs,
            isContinuous: head.isContinuous, initialLogDeviation: initialLogDeviation, generator: generator)
        return try train(network, pool, root, context)
    }

    private func train<Network: ActorCritic>(
        _ network: Network, _ pool: EnvironmentPool, _ root: SplittableGenerator, _ context: RecipeContext
    ) throws -> [String: Double] {
        let collector = try RolloutCollector(pool, options: rollout, generator: root.folding(in: "actions"))
        let learner = try ProximalPolicyLearner(
            network, options: self.learner, iterations: iterations, generator: root.folding(in: "order"))
        var first = 1
        if let saved = context.run.resumedFrom {
            try collector.restore(saved.record.state("collector"))
            try learner.restore(saved.record.state("learner"), from: saved.folder.path)
            first = saved.record.step + 1
        }
        let progress = context.progress("steps", total: totalSteps)
        defer { progress.finish() }
        for iteration in stride(from: first, through: iterations, by: 1) {
            let rollout = try learner.withNetwork { try collector.collect(with: $0) }
            let report = try learner.update(on: rollout)
            let mean = collector.episodes.mean
            if iteration % logEvery == 0 || iteration == iterations {
                var values = report.values.filter { $0.value.isFinite }
                values["return/mean"] = mean
                try context.run.log(values, step: iteration * environments * self.rollout.steps)
            }
            if iteration % checkpointEvery == 0 || iteration == iterations {
                try save(collector, learner, iteration, context.run)
            }
            progress.update(collector.stepCount, note: mean.map { "return \(String(format: "%.1f", $0))" } ?? "")
        }
        return [
            "return": collector.episodes.mean ?? -.infinity, "episodes": Double(collector.episodes.total),
            "steps": Double(collector.stepCount),
        ]
    }

    private func save<Network: ActorCritic>(
        _ collector: RolloutCollector, _ learner: ProximalPolicyLearner<Network>, _ iteration: Int, _ run: Run
    ) throws {
        var states = CheckpointStates()
        try states.set("collector", collector.state())
        try states.set("learner", learner.state)
        try run.saveCheckpoint(step: iteration, score: collector.episodes.mean, states: states) { folder in
            try learner.save(to: folder.path)
        }
    }
}
