import MetaLearning

/// Where the error of a sampled meta-gradient comes from: each of its three parts is sampled while the others are exact.
///
/// Liu, Feng, Ren, Mai, Zhu, Zhang, Wang and Yang 2022, "A theoretical understanding of gradient bias in
/// meta-reinforcement learning", NeurIPS. Results: `BiasDecomposition.md`.
public struct BiasDecomposition: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Random processes.
        public var processes = 50
        /// Meta-gradients in each.
        public var trials = 20
        /// Trajectories of each estimate.
        public var trajectories = [2, 8, 32, 128, 256]
        /// Trajectories are divided by this, for a quick look; results keep their names.
        public var thinning = 1
        /// Inner learning rate α; there is one inner step.
        public var rate = 10.0

        /// The paper's setting in five times as many processes.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "bias-decomposition"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Liu et al. 2022, NeurIPS; tabular decomposition"
    /// What it does.
    public static let summary = "which part of a sampled meta-gradient spoils it, for four estimators"
    /// How long it takes.
    public static let expectedTime = "10 s on 2 cores"
    /// A few trials of few trajectories.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.processes = 1
        configuration.trials = 2
        configuration.thinning = 128
        return configuration
    }
    /// Correlations within 0.05 of the reference, and what the paper says of the biases.
    public static let claims =
        referenceCorrelations.map { cell in
            Claim(
                "correlation \(cell.series) \(cell.trajectories)",
                .within((cell.value - 0.05)...(cell.value + 0.05)), peer: cell.value)
        } + [
            Claim("gain of maml's Hessian", .within(-0.1...0.1)),
            Claim("debiased relative bias hessian maml 256", .atLeast(0.25)),
            Claim("debiased relative bias hessian lvc 256", .within(0.12...0.22), peer: 0.17),
            Claim("debiased relative bias hessian loaded 256", .atMost(0.06)),
            Claim("lvc over maml with all sampled", .atLeast(0.15)),
            Claim("loaded over dice with all sampled", .atLeast(0.3)),
        ]

    /// There is nothing to set up.
    public init() {}

    /// Measures the table.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; curves are logged against the number of trajectories.
    /// - Returns: correlation and biases of each cell, and what the estimators with one gradient differ by.
    /// - Throws: `MetaLearningError` for settings outside their ranges, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let points = Self.rows.flatMap { row in
            configuration.trajectories.map { count in
                let study = row.study(configuration, max(1, count / max(1, configuration.thinning)))
                return BiasPoint(series: row.series, place: count, study: study)
            }
        }
        let grid = try await BiasGrid(measuring: points, in: context) { measurement in
            [
                "correlation": measurement.correlation.mean,
                "relative bias": measurement.mean(\.officialRelativeBiasOfGroups).mean,
                "debiased relative bias": measurement.debiasedRelativeBias,
                "debiased squared relative bias": measurement.mean(\.debiasedSquaredRelativeBias).mean,
                "deviation": measurement.mean(\.totalDeviation).mean,
            ]
        }
        var results = grid.results
        let most = configuration.trajectories.max() ?? 0
        let fewer = configuration.trajectories.filter { $0 != most }.max() ?? most
        results["gain of maml's Hessian"] =
            grid("correlation", "hessian maml", most) - grid("correlation", "hessian maml", fewer)
        results["lvc over maml with all sampled"] =
            grid("correlation", "all lvc", most) - grid("correlation", "all maml", most)
        results["loaded over dice with all sampled"] =
            grid("correlation", "all loaded", most) - grid("correlation", "all dice", most)
        return results
    }

    /// One line of the table.
    struct Row {
        let part: String
        let estimator: SurrogateEstimator

        var series: String { "\(part) \(estimator.label)" }

        func study(_ configuration: Configuration, _ count: Int) -> BiasStudy {
            var study = BiasStudy()
            study.processes = configuration.processes
            study.trials = configuration.trials
            study.options.rate = configuration.rate
            let source = GradientSource.sampled(estimator, trajectories: count)
            if part == "inner" || part == "all" { study.options.innerGradient = source }
            if part == "hessian" || part == "all" { study.options.innerHessian = source }
            if part == "outer" || part == "all" { study.options.outerGradient = source }
            return study
        }
    }

    /// Inner and outer gradients of maml, lvc and loaded are the same, so that one stands for the three.
    static let rows =
        [SurrogateEstimator.policyGradient, .dice].map { Row(part: "inner", estimator: $0) }
        + estimators.map { Row(part: "hessian", estimator: $0) }
        + [.policyGradient, .dice].map { Row(part: "outer", estimator: $0) }
        + estimators.map { Row(part: "all", estimator: $0) }

    private static let estimators: [SurrogateEstimator] = [
        .policyGradient, .lowVarianceCurvature, .loadedDice, .dice,
    ]
}
