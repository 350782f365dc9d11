import ReinforcementLearning

/// Proximal policy optimisation on `Pendulum-v1`: a pendulum is swung up and held with little torque.
///
/// Schulman et al. 2017, "Proximal policy optimization algorithms", arXiv:1707.06347. Results: `ProximalPolicy.md`.
public struct ProximalPolicyPendulum: ControlRecipe {
    /// The settings.
    public struct Configuration: RecipeConfiguration {
        /// How the policy is trained.
        public var training = ProximalPolicyPendulum.training

        /// The standard settings.
        public init() {}
    }

    /// The task.
    public static let task = "Pendulum-v1"
    /// Its name.
    public static let name = "ppo-pendulum"
    /// What it does.
    public static let summary = "proximal policy optimisation swings a pendulum up"
    /// How long the default settings take.
    public static let expectedTime = "6 s on 1 core"
    /// No threshold is defined for the task; a good controller gets about −150.
    public static let claims: [Claim] = [Claim("return", .atLeast(-200), scope: .every)]

    static var training: ControlTraining {
        var training = ControlTraining(
            task: task, environments: 8, totalSteps: 250_000,
            rollout: RolloutOptions(
                steps: 256, discount: 0.95, trace: 0.9, normalizesObservations: true, scalesRewards: true),
            learner: ProximalPolicyOptions(learningRate: 3e-3, epochs: 6, minibatches: 4, entropyWeight: 0))
        training.logEvery = 5
        return training
    }

    /// Some short rollouts.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.training.totalSteps = 2_000
        configuration.training.rollout.steps = 50
        configuration.training.logEvery = 1
        configuration.training.checkpointEvery = 2
        return configuration
    }

    /// Nothing to set up.
    public init() {}

    /// Trains a policy.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; metrics have steps of all environments together as their step.
    /// - Returns: the mean return of the last hundred episodes, their number, and the steps.
    /// - Throws: `RecipeError.missingTask` where the task isn't here, or what stops the training.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        try await configuration.training.run(in: context)
    }
}
