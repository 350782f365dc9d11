import MetaLearning
import RunRecords

/// Better estimates of the other's learning, by exact formulas, more plays or plays used again, make the gradient of
/// opponent shaping truer and cooperation come earlier.
///
/// Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning" (NeurIPS), section on
/// the iterated prisoner's dilemma: payoffs −2, 0, −3, −1, discount 0.96, 100 rounds, inner rate 0.3, Adam's rate 0.1,
/// 500 updates, 10 repetitions, one step of lookahead; the replay buffer holds 1024 plays, 128 of them new at each use.
public struct OffPolicyDilemma: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Pairs of players for each case.
        public var repetitions = 10
        /// Updates of both players.
        public var updates = 500
        /// Plays of a small estimate, and new plays for each use of the replay buffer.
        public var plays = 128
        /// Plays of a large estimate and in the replay buffer; a multiple of `plays`.
        public var manyPlays = 1024
        /// Rounds in a play.
        public var rounds = 100
        /// What a payoff is worth one round later, in [0, 1).
        public var discount = 0.96
        /// Rate of the steps expected of the other.
        public var innerRate = 0.3
        /// Adam's rate of a player's own steps, and of the baseline's.
        public var outerRate = 0.1
        /// Updates that are averaged for one line in the log.
        public var window = 10

        /// The published setting.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "dilemma-off-policy"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Liu et al. 2022, A theoretical understanding of gradient bias in meta-RL, LOLA-DiCE"
    /// What it does.
    public static let summary = "How true the gradient of opponent shaping is, by where its parts come from"
    /// How long it takes.
    public static let expectedTime = "3 min on 2 cores"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.repetitions = 2
        configuration.updates = 3
        configuration.window = 1
        configuration.plays = 4
        configuration.manyPlays = 16
        configuration.rounds = 10
        return configuration
    }
    /// The orderings of the paper, as differences.
    public static let claims = [
        Claim("path correlation, replay minus small", .above(0), scope: .every),
        Claim("path correlation, exact inner minus replay", .above(0)),
        Claim("correlation, replay minus small", .above(0)),
        Claim("area, exact inner minus small", .above(0)),
        Claim("area, all exact minus small", .above(0), scope: .every),
        Claim("final score, all exact", .atLeast(-1.1), scope: .every),
    ]

    /// There is nothing to set up.
    public init() {}

    /// The baseline against which gains are measured, in the names of results.
    private static let small = "small"

    /// Lets all pairs of players learn.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to.
    /// - Returns: for each case means over repetitions, half the widths of their 95 % intervals, and differences.
    /// - Throws: `GameError` for settings out of range, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let cases = Self.cases(configuration)
        var study = ShapingStudy(
            game: try .prisonersDilemma(discount: configuration.discount), cases: cases,
            repetitions: configuration.repetitions, updates: configuration.updates, window: configuration.window,
            startDeviation: 0)
        study.pathOptions = cases[0].options
        let summaries = try await study.run(in: context)
        var results: [String: Double] = [:]
        for (shaping, summary) in zip(cases, summaries) {
            let measures = [
                ("area", summary.areas), ("final score", summary.finals), ("correlation", summary.correlations),
                ("path correlation", summary.pathCorrelations),
            ]
            for (measure, values) in measures {
                let interval = ConfidenceInterval(of: values)
                results["\(measure), \(shaping.name)"] = interval.mean
                results["\(measure) ±, \(shaping.name)"] = interval.halfWidth
            }
            results["share that cooperate, \(shaping.name)"] =
                Double(summary.finals.count { $0 > -1.1 }) / Double(summary.finals.count)
        }
        for measure in ["area", "correlation", "path correlation"] {
            func gain(_ better: String, _ worse: String) {
                guard let x = results["\(measure), \(better)"], let y = results["\(measure), \(worse)"] else { return }
                results["\(measure), \(better) minus \(worse)"] = x - y
            }
            gain("replay", Self.small)
            gain("many", Self.small)
            gain("exact inner", Self.small)
            gain("exact inner", "replay")
            gain("all exact", Self.small)
        }
        return results
    }

    /// All ways to estimate the two inner parts; the outer one comes from few plays except in the last.
    static func cases(_ configuration: Configuration) -> [ShapingCase] {
        let few = ShapingSource.samples(configuration.plays)
        let many = ShapingSource.samples(configuration.manyPlays)
        func named(
            _ name: String, _ gradient: ShapingSource, _ hessian: ShapingSource, outer: ShapingSource? = nil,
            baseline: ShapingBaseline? = nil
        ) -> ShapingCase {
            var options = ShapingOptions()
            options.innerRate = configuration.innerRate
            options.outerRate = configuration.outerRate
            options.length = configuration.rounds
            options.innerGradient = gradient
            options.innerHessian = hessian
            options.outerGradient = outer ?? few
            options.baseline = baseline ?? .payoff(rate: configuration.outerRate)
            options.replayCapacity = configuration.manyPlays
            options.replayBatch = configuration.plays
            return ShapingCase(name: name, options: options)
        }
        return [
            named(small, few, few), named("many", many, many), named("many gradient", many, few),
            named("many Hessian", few, many), named("exact gradient", .exact, few), named("exact Hessian", few, .exact),
            named("exact inner", .exact, .exact), named("replay", .replay, .replay),
            named("replay gradient", .replay, few), named("replay Hessian", few, .replay),
            named("small, baseline of payoffs to come", few, few, baseline: .payoffsToCome),
            named("replay, baseline of payoffs to come", .replay, .replay, baseline: .payoffsToCome),
            named("all exact", .exact, .exact, outer: .exact),
        ]
    }
}
