import ReinforcementLearning

/// Proximal policy optimisation on `HalfCheetah-v4`: a planar body with two legs learns to run; needs MuJoCo.
///
/// Schulman et al. 2017, "Proximal policy optimization algorithms", arXiv:1707.06347. Results: `ProximalPolicy.md`.
public struct ProximalPolicyHalfCheetah: ControlRecipe {
    /// The settings.
    public struct Configuration: RecipeConfiguration {
        /// How the policy is trained.
        public var training = ProximalPolicyHalfCheetah.training

        /// The standard settings.
        public init() {}
    }

    /// The task.
    public static let task = "HalfCheetah-v4"
    /// Its name.
    public static let name = "ppo-halfcheetah"
    /// What it does.
    public static let summary = "proximal policy optimisation makes a planar cheetah run"
    /// How long the default settings take.
    public static let expectedTime = "3 min on 1 core"
    /// After a million steps, the length of the paper's runs.
    public static let claims: [Claim] = [Claim("return", .atLeast(1500))]

    static var training: ControlTraining {
        var training = ControlTraining(
            task: task, environments: 8, totalSteps: 1_000_000,
            rollout: RolloutOptions(
                steps: 256, discount: 0.99, trace: 0.95, normalizesObservations: true, scalesRewards: true),
            learner: ProximalPolicyOptions(learningRate: 3e-4, epochs: 10, minibatches: 32, entropyWeight: 0))
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
