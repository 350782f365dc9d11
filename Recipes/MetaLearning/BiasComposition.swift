import Foundation
import MetaLearning
import Randomness
import RunRecords

/// The bias that sampled inner gradients alone bring into a meta-gradient, over steps, rates and trajectories.
///
/// Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning", NeurIPS, on
/// compositional bias. Results: `BiasComposition.md`.
public struct BiasComposition: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Random processes.
        public var processes = 50
        /// Meta-gradients in each; the official metric takes groups of ten of them.
        public var trials = 100
        /// Trajectories of the curve over them.
        public var trajectories = [2, 4, 8, 16, 32, 64, 128, 256]
        /// Steps of that curve.
        public var stepsOfTrajectories = 2
        /// Rate of that curve and of the one over steps.
        public var rate = 3
        /// Numbers of steps.
        public var steps = [1, 2, 3, 4, 5, 6]
        /// Rates of the curve over them.
        public var rates = [1, 3, 5, 7, 9, 11, 13]
        /// Steps of that curve.
        public var stepsOfRates = 6
        /// Trajectories of the curves over steps and rates.
        public var fixedTrajectories = 32
        /// Trajectories are divided by this, for a quick look; results keep their names.
        public var thinning = 1
        /// Processes in which the bound is checked.
        public var boundProcesses = 10
        /// Adaptations in each of them.
        public var boundTrials = 30
        /// Trajectories that the error of a single one is measured with.
        public var boundDraws = 100

        /// The paper's setting in five times as many processes with ten times as many trials.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "bias-composition"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Liu et al. 2022, NeurIPS; compositional bias"
    /// What it does.
    public static let summary = "bias from sampled inner gradients over steps, rates and trajectories, and its bound"
    /// How long it takes.
    public static let expectedTime = "1 min on 2 cores"
    /// One process.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.processes = 1
        configuration.trials = 2
        configuration.trajectories = [2, 256]
        configuration.thinning = 128
        configuration.steps = [1, 3, 6]
        configuration.rates = [1, 5, 7]
        configuration.stepsOfRates = 2
        configuration.boundProcesses = 1
        configuration.boundTrials = 1
        configuration.boundDraws = 2
        return configuration
    }
    /// The inner error falls as one over the trajectories, the bound holds, and the official bias is mostly noise.
    public static let claims = [
        Claim("slope of the adaptation error", .within(-1.05...(-0.95))),
        Claim("largest ratio to the bound", .atMost(1)),
        Claim("noise in the official bias, most trajectories", .atLeast(0.7), peer: 0.92),
        Claim("dice over maml, adaptation error", .atLeast(5), peer: 10),
        Claim("adaptation error maml by trajectories 2", .within(0.08...0.13), peer: 0.095),
        Claim("adaptation error maml by trajectories 256", .within(6e-4...1.1e-3), peer: 7.8e-4),
        Claim("correlation maml by steps 1", .within(0.94...1), peer: 0.99),
        Claim("correlation maml by steps 3", .within(0.922...1), peer: 0.972),
        Claim("correlation maml by steps 6", .within(0.877...0.977), peer: 0.927),
        Claim("correlation dice by steps 1", .within(0.86...0.96), peer: 0.91),
        Claim("correlation dice by steps 3", .within(0.73...0.83), peer: 0.78),
        Claim("correlation dice by steps 6", .within(0.57...0.67), peer: 0.62),
        Claim("correlation maml by rate 1", .within(0.945...1), peer: 0.995),
        Claim("correlation maml by rate 5", .within(0.76...0.86), peer: 0.81),
        Claim("correlation maml by rate 7", .within(0.631...0.781), peer: 0.731),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Measures all curves, and checks the bound.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; curves are logged against trajectories, steps and rates.
    /// - Returns: figures of each point, slopes over the trajectories, and the largest ratio to the bound.
    /// - Throws: `MetaLearningError` for settings outside their ranges, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let points = Self.points(configuration)
        let grid = try await BiasGrid(measuring: points, in: context) { measurement in
            [
                "official bias": measurement.mean(\.officialBiasOfGroups).mean,
                "debiased bias": measurement.mean(\.debiasedBias).mean,
                "adaptation error": measurement.adaptationError.mean,
                "correlation": measurement.correlation.mean,
            ]
        }
        var results = grid.results
        let counts = configuration.trajectories
        func curve(_ figure: String, _ estimator: String) -> [Double] {
            counts.map { grid(figure, "\(estimator) by trajectories", $0) }
        }
        let places = counts.map(Double.init)
        results["slope of the adaptation error"] = logarithmicSlope(places, curve("adaptation error", "maml"))
        results["slope of the official bias"] = logarithmicSlope(places, curve("official bias", "maml"))
        let most = counts.count - 1
        let (official, debiased) = (curve("official bias", "maml"), curve("debiased bias", "maml"))
        results["noise in the official bias, most trajectories"] = 1 - debiased[most] / official[most]
        results["dice over maml, adaptation error"] =
            zip(curve("adaptation error", "dice"), curve("adaptation error", "maml")).map(/).reduce(0, +)
            / Double(counts.count)
        let plain = points.filter { $0.series.hasPrefix("maml") }
        results["largest ratio to the bound"] = try await largestRatio(plain, configuration, in: context)
        return results
    }

    /// The curves over trajectories, steps and rates, for plain policy gradients and for DiCE.
    private static func points(_ configuration: Configuration) -> [BiasPoint] {
        var points: [BiasPoint] = []
        for estimator in [SurrogateEstimator.policyGradient, .dice] {
            func add(_ series: String, _ place: Int, steps: Int, rate: Int, trajectories: Int) {
                var study = BiasStudy()
                study.processes = configuration.processes
                study.trials = configuration.trials
                study.groupSize = 10
                study.options.steps = steps
                study.options.rate = Double(rate)
                study.options.innerGradient = .sampled(
                    estimator, trajectories: max(1, trajectories / max(1, configuration.thinning)))
                points.append(BiasPoint(series: "\(estimator.label) by \(series)", place: place, study: study))
            }
            for count in configuration.trajectories {
                add(
                    "trajectories", count, steps: configuration.stepsOfTrajectories, rate: configuration.rate,
                    trajectories: count)
            }
            for steps in configuration.steps {
                add(
                    "steps", steps, steps: steps, rate: configuration.rate,
                    trajectories: configuration.fixedTrajectories)
            }
            for rate in configuration.rates {
                add(
                    "rate", rate, steps: configuration.stepsOfRates, rate: rate,
                    trajectories: configuration.fixedTrajectories)
            }
        }
        return points
    }

    /// The largest ratio over points of the distance of adapted parameters to its bound, averaged over processes.
    ///
    /// With one step both sides are the same up to Jensen's inequality, so that single processes can lie above by
    /// chance.
    private func largestRatio(
        _ points: [BiasPoint], _ configuration: Configuration, in context: RecipeContext
    ) async throws -> Double {
        let root = SplittableGenerator(seed: context.seed).folding(in: "bound")
        let processes = try TabularProcess.random(count: configuration.boundProcesses, seed: context.seed)
        var largest = 0.0
        for (place, point) in points.enumerated() {
            let stream = root.folding(in: UInt64(place))
            let ratios = try await withThrowingTaskGroup(of: Double.self) { group in
                for (index, process) in processes.enumerated() {
                    group.addTask {
                        var generator = stream.folding(in: UInt64(index))
                        let bound = try AdaptationBound(
                            process, point.study.options, trials: configuration.boundTrials,
                            draws: configuration.boundDraws, using: &generator)
                        return bound.distance / bound.bound
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let ratio = ratios.sorted().reduce(0, +) / Double(max(1, ratios.count))
            try context.run.log("ratio to the bound/\(point.series)", ratio, step: point.place)
            largest = max(largest, ratio)
        }
        return largest
    }
}
