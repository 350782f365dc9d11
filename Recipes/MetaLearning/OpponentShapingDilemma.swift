import MetaLearning
import RunRecords

/// Two players of the iterated prisoner's dilemma: naive learners come to defect, players that see one or two steps of
/// the other's learning ahead come to cooperate.
///
/// Foerster et al. 2018, "Learning with opponent-learning awareness" (AAMAS), and "DiCE: The infinitely differentiable
/// Monte Carlo estimator" (ICML), figure 5. Sizes are those of the published code that runs it most often: 1024 plays
/// of 150 rounds, inner rate 0.3, Adam's rate 0.2, discount 0.96.
public struct OpponentShapingDilemma: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Steps of the other's learning to see ahead.
        public var lookaheads = [0, 1, 2]
        /// Pairs of players for each case.
        public var repetitions = 5
        /// Updates of both players.
        public var updates = 100
        /// Plays for each estimate.
        public var plays = 1024
        /// Rounds in a play.
        public var rounds = 150
        /// What a payoff is worth one round later, in [0, 1).
        public var discount = 0.96
        /// Rate of the steps expected of the other.
        public var innerRate = 0.3
        /// Adam's rate of a player's own steps.
        public var outerRate = 0.2
        /// Whether sampled payoffs are compared with the mean of those to come; the published code compares them with
        /// the payoff of the round alone.
        public var usesPayoffsToCome = true
        /// Standard deviation of the logits at the start.
        public var startDeviation = 0.0
        /// Updates that are averaged for one line in the log.
        public var window = 5

        /// The published setting.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "lola-dilemma"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The papers.
    public static let paper = "Foerster et al. 2018, Learning with opponent-learning awareness; DiCE, figure 5"
    /// What it does.
    public static let summary = "Seeing the other's learning ahead turns defection into cooperation"
    /// How long it takes.
    public static let expectedTime = "15 s on 2 cores"
    /// Under a second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.repetitions = 2
        configuration.updates = 4
        configuration.window = 2
        configuration.plays = 16
        configuration.rounds = 20
        return configuration
    }
    /// Two that defect have a score of −2, two that cooperate −1.
    public static let claims = [
        Claim("score, exact, lookahead 0", .atMost(-1.9), scope: .every, peer: -2.0),
        Claim("score, exact, lookahead 1", .atLeast(-1.1), scope: .every, peer: -1.02),
        Claim("score, exact, lookahead 2", .atLeast(-1.1), scope: .every, peer: -1.02),
        Claim("score, sampled, lookahead 0", .atMost(-1.9), scope: .every, peer: -2.0),
        // Nearer to cooperation than to defection; seeds differ by much, see the page.
        Claim("score, sampled, lookahead 1", .atLeast(-1.5), peer: -1.02),
        Claim("score, sampled, lookahead 2", .atLeast(-1.25), peer: -1.02),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Lets all pairs of players learn.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to.
    /// - Returns: for each case the mean score of the last ten updates and the lowest on the way.
    /// - Throws: `GameError` for settings out of range, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let sources = [("exact", ShapingSource.exact), ("sampled", .samples(configuration.plays))]
        let cases = sources.flatMap { label, source in
            configuration.lookaheads.map { lookahead in
                var options = ShapingOptions()
                options.lookahead = lookahead
                options.innerRate = configuration.innerRate
                options.outerRate = configuration.outerRate
                options.length = configuration.rounds
                options.innerGradient = source
                options.innerHessian = source
                options.outerGradient = source
                options.baseline = configuration.usesPayoffsToCome ? .payoffsToCome : .payoff(rate: 0.1)
                return ShapingCase(name: "\(label), lookahead \(lookahead)", options: options)
            }
        }
        let study = ShapingStudy(
            game: try .prisonersDilemma(discount: configuration.discount), cases: cases,
            repetitions: configuration.repetitions, updates: configuration.updates, window: configuration.window,
            startDeviation: configuration.startDeviation)
        let summaries = try await study.run(in: context)
        var results: [String: Double] = [:]
        for (shaping, summary) in zip(cases, summaries) {
            results["score, \(shaping.name)"] = ConfidenceInterval(of: summary.finals).mean
            results["lowest score, \(shaping.name)"] = ConfidenceInterval(of: summary.lowest).mean
        }
        return results
    }
}
