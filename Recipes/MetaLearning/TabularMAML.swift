import Foundation
public import MetaLearning
import Optimizers
import Randomness
import RunRecords
import Tensors

/// MAML for reinforcement learning on random tabular tasks: after meta-training one gradient step from 20 trajectories
/// helps in a new task.
///
/// Finn, Abbeel and Levine 2017, "Model-agnostic meta-learning", arXiv:1703.03400, in the setting of TorchOpt's example
/// (Ren et al. 2023, JMLR): tasks of 10 states and 5 actions, episodes of 10 steps. Results: `TabularMAML.md`.
public struct TabularMAML: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Tasks of each meta-step.
        public var tasks = 40
        /// States of a task.
        public var states = 10
        /// Actions of a task.
        public var actions = 5
        /// Trajectories before and after adaptation.
        public var trajectories = 20
        /// Steps of a trajectory.
        public var length = 10
        /// γ.
        public var discount = 0.99
        /// λ of the returns.
        public var trace = 0.95
        /// Inner learning rate α.
        public var innerRate = 0.1
        /// Inner steps `K`.
        public var innerSteps = 1
        /// Learning rate of the outer Adam.
        public var outerRate = 1e-3
        /// Weight of the squared error of values.
        public var valueWeight = 0.5
        /// Meta-steps.
        public var iterations = 500
        /// New tasks for the test.
        public var testTasks = 200
        /// Meta-steps between tests.
        public var testEvery = 25
        /// Estimators of the inner step, one run of meta-training each.
        public var estimators = [SurrogateEstimator.policyGradient, .lowVarianceCurvature]

        /// TorchOpt's settings.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "maml-reinforcement"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Finn et al. 2017, arXiv:1703.03400; Ren et al. 2023, JMLR, tabular example"
    /// What it does.
    public static let summary = "MAML-RL on random tabular tasks: returns before and after one inner step"
    /// How long it takes.
    public static let expectedTime = "15 s on 1 core"
    /// Two meta-steps.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.tasks = 4
        configuration.iterations = 4
        configuration.testTasks = 4
        configuration.testEvery = 2
        return configuration
    }
    /// After meta-training one step helps, and far more than before it; TorchOpt's example gains 10.2 - 9.95.
    public static let claims = [
        Claim("maml gain", .atLeast(0.15), peer: 0.25),
        Claim("lvc gain", .atLeast(0.15), peer: 0.25),
        Claim("maml gain", .above(0), scope: .every),
        Claim("maml gain, untrained", .atMost(0.1)),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Meta-trains with each estimator.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; returns before and after adaptation are logged by meta-step.
    /// - Returns: for each estimator, expected returns in new tasks before and after adaptation, of the initial and of
    ///   the last parameters.
    /// - Throws: `MetaLearningError` or `RecipeError` for settings outside their ranges, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let usable: [SurrogateEstimator] = [.policyGradient, .lowVarianceCurvature]
        guard configuration.estimators.allSatisfy(usable.contains), configuration.iterations >= 1,
            configuration.tasks >= 1, configuration.testTasks >= 1, configuration.testEvery >= 1
        else {
            throw RecipeError.badValue(
                name: "configuration", value: "\(configuration)",
                reason: "estimators must be policy-gradient or lvc, and all counts at least 1.")
        }
        var state = try TabularMAMLState(resuming: context) ?? TabularMAMLState()
        let total = configuration.iterations * configuration.estimators.count
        let progress = context.progress("meta-steps", total: total)
        defer { progress.finish() }
        while state.estimator < configuration.estimators.count {
            try await Self.train(&state, configuration, in: context, progress)
            state.estimator += 1
            state.training = nil
        }
        return state.results
    }

    /// Meta-trains with the estimator that is next, from where it stands.
    private static func train(
        _ state: inout TabularMAMLState, _ configuration: Configuration, in context: RecipeContext,
        _ progress: ProgressLine
    ) async throws {
        let estimator = configuration.estimators[state.estimator]
        let root = SplittableGenerator(seed: context.seed)
        let optimizer = Adam(learningRate: .constant(configuration.outerRate))
        var initial = root.folding(in: "initial parameters")
        var policy = TabularActorCritic(states: configuration.states, actions: configuration.actions, using: &initial)
        var moments = optimizer.initialState(for: policy)
        if let training = state.training {
            policy = training.policy(like: policy)
            moments = try moments.restored(from: training.tensors(like: moments.namedTensors()))
        }
        let options = MetaGradientOptions(steps: configuration.innerSteps, rate: configuration.innerRate)
        for iteration in (state.training?.iteration ?? 0)..<configuration.iterations {
            if iteration == 0 {
                try test(policy, estimator, 0, &state, configuration, in: context)
            }
            var generator = root.folding(in: "training").folding(in: UInt64(iteration))
            let objective = try TabularMAMLObjective(configuration, estimator, configuration.tasks, &generator)
            let result = try metaGradient(of: objective, at: policy, options)
            optimizer.step(&policy, gradients: result.gradient.mapTensors { -$0 }, state: &moments)
            let done = iteration + 1
            guard done % configuration.testEvery == 0 || done == configuration.iterations else { continue }
            try test(policy, estimator, done, &state, configuration, in: context)
            state.training = .init(iteration: done, policy, moments.namedTensors())
            var states = CheckpointStates()
            try states.set("state", state)
            let step = state.estimator * configuration.iterations + done
            try context.run.saveCheckpoint(step: step, states: states)
            progress.update(step)
        }
    }

    /// Expected returns in new tasks, the same ones at every test.
    private static func test(
        _ policy: TabularActorCritic, _ estimator: SurrogateEstimator, _ iteration: Int,
        _ state: inout TabularMAMLState,
        _ configuration: Configuration, in context: RecipeContext
    ) throws {
        var generator = SplittableGenerator(seed: context.seed).folding(in: "test")
        let objective = try TabularMAMLObjective(configuration, estimator, configuration.testTasks, &generator)
        let options = MetaGradientOptions(steps: configuration.innerSteps, rate: configuration.innerRate)
        let adapted = try metaGradient(of: objective, at: policy, options).adapted
        for (stage, parameters) in [("before", policy.expanded(tasks: configuration.testTasks)), ("after", adapted)] {
            let policies = withoutGradients { parameters().logProbabilities.exp() }.array(of: Double.self)
            let returns = objective.tasks.returns(policies, length: configuration.length)
            let mean = returns.reduce(0, +) / Double(returns.count)
            try context.run.log("return \(stage)/\(estimator.label)", mean, step: iteration)
            if iteration == 0 { state.results["\(estimator.label) \(stage), untrained"] = mean }
            state.results["\(estimator.label) \(stage)"] = mean
        }
        func difference(_ suffix: String) -> Double {
            (state.results["\(estimator.label) after\(suffix)"] ?? 0)
                - (state.results["\(estimator.label) before\(suffix)"] ?? 0)
        }
        state.results["\(estimator.label) gain"] = difference("")
        state.results["\(estimator.label) gain, untrained"] = difference(", untrained")
    }
}
