import ReinforcementLearning

/// Proximal policy optimisation on `CartPole-v1`: a pole is kept upright on a cart for 500 steps.
///
/// Schulman et al. 2017, "Proximal policy optimization algorithms", arXiv:1707.06347. Results: `ProximalPolicy.md`.
public struct ProximalPolicyCartPole: ControlRecipe {
    /// The settings.
    public struct Configuration: RecipeConfiguration {
        /// How the policy is trained.
        public var training = ProximalPolicyCartPole.training

        /// The standard settings.
        public init() {}
    }

    /// The task.
    public static let task = "CartPole-v1"
    /// Its name.
    public static let name = "ppo-cartpole"
    /// What it does.
    public static let summary = "proximal policy optimisation balances a pole on a cart"
    /// How long the default settings take.
    public static let expectedTime = "3 s on 1 core"
    /// The task counts as solved at 475.
    public static let claims: [Claim] = [Claim("return", .atLeast(475))]

    static var training: ControlTraining {
        var training = ControlTraining(
            task: task, environments: 8, totalSteps: 100_000,
            rollout: RolloutOptions(steps: 128, discount: 0.98, trace: 0.95),
            learner: ProximalPolicyOptions(learningRate: 3e-3, epochs: 4, minibatches: 4, entropyWeight: 0))
        training.logEvery = 5
        return training
    }

    /// Some short rollouts.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.training.totalSteps = 1_200
        configuration.training.rollout.steps = 32
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
