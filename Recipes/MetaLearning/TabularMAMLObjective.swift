import MetaLearning
import Randomness
import RunRecords
import Tensors

/// Few-shot reinforcement learning in several tasks at once, as an instance of the unified objective.
///
/// Samples come from streams of the step, so that evaluating twice gives the same.
struct TabularMAMLObjective: MetaObjective {
    let tasks: RandomTabularTasks
    private let settings: TabularMAML.Configuration
    private let estimator: SurrogateEstimator
    private let samples: SplittableGenerator

    init(
        _ settings: TabularMAML.Configuration, _ estimator: SurrogateEstimator, _ count: Int,
        _ generator: inout SplittableGenerator
    ) throws(MetaLearningError) {
        self.settings = settings
        self.estimator = estimator
        tasks = try RandomTabularTasks(
            count: count, states: settings.states, actions: settings.actions, discount: settings.discount,
            using: &generator)
        samples = generator.split()
    }

    func initialParameters(_ meta: TabularActorCritic) -> TabularActorCritic {
        meta.expanded(tasks: tasks.processes.count)
    }

    func inner(_ meta: TabularActorCritic, _ parameters: TabularActorCritic, step: Int, role: InnerRole) -> Tensor {
        objective(parameters, samples.folding(in: UInt64(step)))
    }

    func outer(_ meta: TabularActorCritic, _ parameters: TabularActorCritic) -> Tensor {
        objective(parameters, samples.folding(in: UInt64(settings.innerSteps)))
    }

    private func objective(_ parameters: TabularActorCritic, _ generator: SplittableGenerator) -> Tensor {
        var generator = generator
        let (logProbabilities, values) = parameters()
        let sample = ActorCriticSample(
            tasks, policies: logProbabilities.detached().exp().array(of: Double.self),
            values: values.detached().array(of: Double.self), settings, using: &generator)
        return sample.objective(
            logProbabilities, values, estimator: estimator, valueWeight: settings.valueWeight)
    }
}

/// Where a run of the recipe stands.
struct TabularMAMLState: Codable {
    /// Parameters and moments of meta-training under way.
    struct Training: Codable {
        let iteration: Int
        private let parameters: [[Double]]
        private let moments: [String: [Double]]

        init(iteration: Int, _ policy: TabularActorCritic, _ moments: [String: Tensor]) {
            self.iteration = iteration
            parameters = policy.tensors.map { $0.array(of: Double.self) }
            self.moments = moments.mapValues { $0.to(.float64).array(of: Double.self) }
        }

        func policy(like pattern: TabularActorCritic) -> TabularActorCritic {
            pattern.replacingTensors(
                with: zip(parameters, pattern.tensors).map { Tensor($0, shape: $1.shape) })
        }

        func tensors(like pattern: [String: Tensor]) -> [String: Tensor] {
            var result: [String: Tensor] = [:]
            for (name, tensor) in pattern {
                result[name] = moments[name].map { Tensor($0, shape: tensor.shape, dtype: tensor.dtype) }
            }
            return result
        }
    }

    /// The place of the estimator that is trained now.
    var estimator = 0
    /// nil before its first checkpoint.
    var training: Training?
    /// Results so far.
    var results: [String: Double] = [:]

    init() {}

    /// The state of the checkpoint that a run goes on from, if it does.
    init?(resuming context: RecipeContext) throws {
        guard let saved = context.run.resumedFrom else { return nil }
        self = try saved.record.state("state")
    }
}
