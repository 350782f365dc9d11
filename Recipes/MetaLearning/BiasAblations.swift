import MetaLearning

/// How the error of a sampled meta-gradient depends on the number of inner steps and on their rate, part by part.
///
/// Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning", NeurIPS.
/// Results: `BiasAblations.md`.
public struct BiasAblations: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Random processes.
        public var processes = 50
        /// Meta-gradients in each.
        public var trials = 20
        /// Trajectories of each estimate.
        public var trajectories = 32
        /// Numbers of inner steps `K`.
        public var steps = [1, 2, 3, 4, 5, 6]
        /// Rate α of the curves over steps.
        public var rateOfSteps = 10
        /// Rates α.
        public var rates = [1, 3, 5, 7, 9, 11, 13]
        /// Steps of the curves over rates.
        public var stepsOfRates = 5

        /// The paper's setting in five times as many processes.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "bias-ablations"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Liu et al. 2022, NeurIPS; ablations of inner steps and rate"
    /// What it does.
    public static let summary = "correlation of MAML's meta-gradient over inner steps and rates, part by part"
    /// How long it takes.
    public static let expectedTime = "10 s on 2 cores"
    /// Two processes and trajectories.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.processes = 2
        configuration.trials = 2
        configuration.trajectories = 2
        configuration.steps = [1, 6]
        configuration.rates = [1, 3, 9, 13]
        return configuration
    }
    /// Noise of the Hessian is the one that compounds; values of the re-implementation in ten processes.
    public static let claims = [
        Claim("inner over hessian, most steps", .atLeast(0.2), peer: 0.54),
        Claim("outer over hessian, most steps", .atLeast(0.3), peer: 0.5),
        Claim("inner over hessian, highest rate", .atLeast(0.15), peer: 0.26),
        Claim("outer over hessian, highest rate", .atLeast(0.3), peer: 0.44),
        Claim("correlation inner by steps 1", .within(0.91...1), peer: 0.96),
        Claim("correlation hessian by steps 1", .within(0.67...0.77), peer: 0.72),
        Claim("correlation outer by steps 1", .within(0.7...0.8), peer: 0.75),
        Claim("correlation inner by rate 1", .within(0.94...1), peer: 0.99),
        Claim("correlation hessian by rate 1", .within(0.91...1), peer: 0.96),
        Claim("correlation outer by rate 3", .within(0.71...0.81), peer: 0.76),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Measures all curves.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; curves are logged against steps and rates.
    /// - Returns: correlations, and how far the Hessian's share falls below the others with many steps.
    /// - Throws: `MetaLearningError` for settings outside their ranges, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        func point(_ part: String, _ series: String, _ place: Int, steps: Int, rate: Int) -> BiasPoint {
            var study = BiasStudy()
            study.processes = configuration.processes
            study.trials = configuration.trials
            study.options.steps = steps
            study.options.rate = Double(rate)
            let source = GradientSource.sampled(.policyGradient, trajectories: configuration.trajectories)
            switch part {
            case "inner": study.options.innerGradient = source
            case "hessian": study.options.innerHessian = source
            default: study.options.outerGradient = source
            }
            return BiasPoint(series: "\(part) by \(series)", place: place, study: study)
        }
        let parts = ["inner", "hessian", "outer"]
        let points = parts.flatMap { part in
            configuration.steps.map { point(part, "steps", $0, steps: $0, rate: configuration.rateOfSteps) }
                + configuration.rates.map { point(part, "rate", $0, steps: configuration.stepsOfRates, rate: $0) }
        }
        let grid = try await BiasGrid(measuring: points, in: context) { measurement in
            [
                "correlation": measurement.correlation.mean,
                "debiased squared relative bias": measurement.mean(\.debiasedSquaredRelativeBias).mean,
            ]
        }
        var results = grid.results
        let (most, fastest) = (configuration.steps.max() ?? 1, configuration.rates.max() ?? 1)
        for part in ["inner", "outer"] {
            results["\(part) over hessian, most steps"] =
                grid("correlation", "\(part) by steps", most) - grid("correlation", "hessian by steps", most)
            results["\(part) over hessian, highest rate"] =
                grid("correlation", "\(part) by rate", fastest) - grid("correlation", "hessian by rate", fastest)
        }
        return results
    }
}
