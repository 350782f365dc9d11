import MetaLearning

/// Meta-gradients by a table of intrinsic rewards: low variance curvature against the plain policy gradient.
///
/// Zheng, Oh and Singh 2018, "On learning intrinsic rewards for policy gradient methods", arXiv:1804.06459, in the
/// tabular setting of Liu et al. 2022, NeurIPS. Results: `IntrinsicReward.md`.
public struct IntrinsicReward: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Random processes.
        public var processes = 50
        /// Meta-gradients in each.
        public var trials = 20
        /// Numbers of inner steps `K`.
        public var steps = [1, 2, 3, 4, 5]
        /// Trajectories of the second derivatives; all else is exact.
        public var trajectories = [16, 32, 64, 128, 256]
        /// Trajectories are divided by this, for a quick look; results keep their names.
        public var thinning = 1
        /// Inner learning rate α.
        public var rate = 10.0
        /// λ of the advantages.
        public var trace = 0.9

        /// The paper's setting in five times as many processes.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "lirpg"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Zheng et al. 2018; Liu et al. 2022, NeurIPS, tabular intrinsic reward"
    /// What it does.
    public static let summary = "meta-gradients of an intrinsic reward: LVC against plain policy gradient"
    /// How long it takes.
    public static let expectedTime = "25 s on 2 cores"
    /// Two processes, few trajectories.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.processes = 2
        configuration.trials = 2
        configuration.thinning = 16
        configuration.trajectories = [16, 256]
        return configuration
    }
    /// One step: the same estimate; more steps: LVC is better, and the more so the more there are.
    public static let claims = [
        Claim("lvc over maml, K=1", .within(0...0), scope: .every),
        Claim("lvc over maml, K=2", .atLeast(0.05)),
        Claim("lvc over maml, K=3", .atLeast(0.15)),
        Claim("lvc over maml, K=5", .atLeast(0.25)),
        Claim("growth of the gap, K=2 to K=5", .atLeast(0.1)),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Measures all curves.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; curves are logged against the number of trajectories.
    /// - Returns: correlations, and LVC's advantage for each number of steps at the most trajectories.
    /// - Throws: `MetaLearningError` for settings outside their ranges, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let points = configuration.steps.flatMap { steps in
            [SurrogateEstimator.policyGradient, .lowVarianceCurvature].flatMap { estimator in
                configuration.trajectories.map { count in
                    var study = BiasStudy()
                    study.meta = .intrinsicReward
                    study.processes = configuration.processes
                    study.trials = configuration.trials
                    study.options.steps = steps
                    study.options.rate = configuration.rate
                    study.options.hessianTrace = configuration.trace
                    study.options.innerHessian = .sampled(
                        estimator, trajectories: max(1, count / max(1, configuration.thinning)))
                    return BiasPoint(series: "\(estimator.label) K=\(steps)", place: count, study: study)
                }
            }
        }
        let grid = try await BiasGrid(measuring: points, in: context) { measurement in
            [
                "correlation": measurement.correlation.mean,
                "debiased relative bias": measurement.debiasedRelativeBias,
                "deviation": measurement.mean(\.totalDeviation).mean,
            ]
        }
        var results = grid.results
        let most = configuration.trajectories.max() ?? 0
        for steps in configuration.steps {
            results["lvc over maml, K=\(steps)"] =
                grid("correlation", "lvc K=\(steps)", most) - grid("correlation", "maml K=\(steps)", most)
        }
        if let first = configuration.steps.first(where: { $0 > 1 }), let last = configuration.steps.last {
            results["growth of the gap, K=\(first) to K=\(last)"] =
                (results["lvc over maml, K=\(last)"] ?? 0) - (results["lvc over maml, K=\(first)"] ?? 0)
        }
        return results
    }
}
