import MetaLearning

/// A bias of known size is added to every inner Hessian: the meta-gradient's bias is linear in it and grows with the
/// number of steps.
///
/// Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning", NeurIPS.
/// Results: `BiasHessian.md`.
public struct BiasHessian: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Random processes.
        public var processes = 50
        /// Meta-gradients in each.
        public var trials = 10
        /// Injected biases h, in tenths.
        public var tenths = [5, 10, 15, 20, 25, 30, 35, 40]
        /// Learning rates α of the curves over h.
        public var rates = [3.0, 4.5]
        /// Steps `K` of the curves over h.
        public var steps = 2
        /// Steps of the curve over `K`, at the first rate and `tenthsOfSteps`.
        public var allSteps = [1, 2, 3, 4, 5, 6]
        /// Injected bias of the curve over `K`, in tenths.
        public var tenthsOfSteps = 20
        /// Standard deviation of the noise that comes with the bias.
        public var noise = 0.3

        /// The paper's setting in five times as many processes.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "bias-hessian"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Liu et al. 2022, NeurIPS; multi-step Hessian bias"
    /// What it does.
    public static let summary = "bias of the meta-gradient against a bias injected into the inner Hessians"
    /// How long it takes.
    public static let expectedTime = "2 s on 1 core"
    /// Two processes.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.processes = 2
        configuration.trials = 2
        configuration.tenths = [5, 20, 40]
        configuration.allSteps = [1, 3, 6]
        return configuration
    }
    /// Linear in the bias, growing with the steps, invisible to the correlation; values of the re-implementation.
    public static let claims = [
        Claim("departure from a line, rate 3.0", .atMost(0.1)),
        Claim("departure from a line, rate 4.5", .atMost(0.1)),
        Claim("relative bias rate 3.0 5", .within(0.004...0.104), peer: 0.054),
        Claim("relative bias rate 3.0 20", .within(0.178...0.278), peer: 0.228),
        Claim("relative bias rate 3.0 40", .within(0.431...0.531), peer: 0.481),
        Claim("relative bias rate 4.5 40", .within(0.653...0.753), peer: 0.703),
        Claim("relative bias steps 1", .within(0.063...0.163), peer: 0.113),
        Claim("relative bias steps 3", .within(0.306...0.406), peer: 0.356),
        Claim("relative bias steps 6", .within(0.789...0.889), peer: 0.839),
        Claim("least growth by a step", .atLeast(1.2)),
        Claim("lowest correlation", .atLeast(0.99)),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Measures both curves.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; curves are logged against tenths of h and against the steps.
    /// - Returns: relative biases, how straight the curves are, and the growth from each number of steps to the next.
    /// - Throws: `MetaLearningError` for settings outside their ranges, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        func point(_ series: String, _ place: Int, steps: Int, rate: Double, tenths: Int) -> BiasPoint {
            var study = BiasStudy()
            study.processes = configuration.processes
            study.trials = configuration.trials
            study.options.steps = steps
            study.options.rate = rate
            study.options.injectedBias = Double(tenths) / 10
            study.options.injectedNoise = configuration.noise
            return BiasPoint(series: series, place: place, study: study)
        }
        var points: [BiasPoint] = []
        for rate in configuration.rates {
            points += configuration.tenths.map {
                point("rate \(rate)", $0, steps: configuration.steps, rate: rate, tenths: $0)
            }
        }
        points += configuration.allSteps.map {
            point("steps", $0, steps: $0, rate: configuration.rates[0], tenths: configuration.tenthsOfSteps)
        }
        let grid = try await BiasGrid(measuring: points, in: context) { measurement in
            [
                "relative bias": measurement.mean(\.officialRelativeBias).mean,
                "debiased relative bias": measurement.debiasedRelativeBias,
                "correlation": measurement.correlation.mean,
            ]
        }
        var results = grid.results
        for rate in configuration.rates {
            let slopes = configuration.tenths.map { grid("relative bias", "rate \(rate)", $0) / (Double($0) / 10) }
            let mean = slopes.reduce(0, +) / Double(slopes.count)
            results["departure from a line, rate \(rate)"] = slopes.map { abs($0 / mean - 1) }.max()
        }
        let growth = zip(configuration.allSteps, configuration.allSteps.dropFirst()).map {
            grid("relative bias", "steps", $1) / grid("relative bias", "steps", $0)
        }
        results["least growth by a step"] = growth.min()
        results["lowest correlation"] = points.map { grid("correlation", $0.series, $0.place) }.min()
        return results
    }
}
