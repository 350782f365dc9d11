import ReinforcementLearning

/// Proximal policy optimisation on `Pong-v5`: plays from pictures; needs the Arcade Learning Environment.
///
/// Schulman et al. 2017, "Proximal policy optimization algorithms", arXiv:1707.06347. Results: `ProximalPolicy.md`.
public struct ProximalPolicyPong: ControlRecipe {
    /// The settings.
    public struct Configuration: RecipeConfiguration {
        /// How the policy is trained.
        public var training = ProximalPolicyPong.training

        /// The standard settings.
        public init() {}
    }

    /// The task.
    public static let task = "Pong-v5"
    /// Its name.
    public static let name = "ppo-pong"
    /// What it does.
    public static let summary = "proximal policy optimisation plays Pong from pictures"
    /// How long the default settings take.
    public static let expectedTime = "12 h on 1 core"
    /// After 40 million frames, the length of the paper's runs.
    public static let claims: [Claim] = [Claim("return", .atLeast(18))]

    static var training: ControlTraining {
        var training = ControlTraining(
            task: task, environments: 8, totalSteps: 10_000_000,
            rollout: RolloutOptions(steps: 128, discount: 0.99, trace: 0.95),
            learner: ProximalPolicyOptions(
                learningRate: 2.5e-4, epochs: 4, minibatches: 4, clip: 0.1, valueClip: 0.1, entropyWeight: 0.01))
        training.checkpointEvery = 50
        return training
    }

    /// Some short rollouts.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.training.environments = 2
        configuration.training.totalSteps = 32
        configuration.training.rollout.steps = 8
        configuration.training.learner.epochs = 1
        configuration.training.checkpointEvery = 1
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
