import Foundation
import Randomness
import RunRecords

/// UCB1 on Bernoulli arms: its regret lies between what no good policy can beat and what the paper proves.
///
/// Auer, Cesa-Bianchi and Fischer 2002, "Finite-time analysis of the multiarmed bandit problem", Machine Learning 47.
/// Theorem 1 bounds the expected regret after `n` plays from above by `8 Σ ln n / Δ + (1 + π²/3) Σ Δ` over the inferior
/// arms, whose means lie `Δ` below the best. Lai and Robbins 1985 ("Asymptotically efficient adaptive allocation
/// rules") bound it from below, for large `n`, by `Σ Δ / KL(μ, μ*) · ln n`.
public struct UpperConfidenceBound: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Each arm's chance of reward 1, in `[0, 1]`; by default the paper's distribution 11.
        public var means = [0.9, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
        /// Plays in one repetition (`n`).
        public var plays = 100_000
        /// Independent repetitions that the regret is averaged over.
        public var repetitions = 20

        /// The paper's setting, averaged over fewer repetitions.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "ucb1-regret"
    /// Bandits.
    public static let field = RecipeField.bandits
    /// The paper.
    public static let paper = "Auer, Cesa-Bianchi, Fischer 2002, Theorem 1; Lai, Robbins 1985"
    /// What it does.
    public static let summary = "UCB1's regret lies between the Lai-Robbins lower bound and Theorem 1's upper bound"
    /// How long it takes.
    public static let expectedTime = "1 s on 1 core"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.plays = 2_000
        configuration.repetitions = 4
        return configuration
    }
    /// The two theorems.
    ///
    /// Neither paper gives a number to compare with.
    public static let claims = [
        Claim("regret over Theorem 1", .atMost(1), scope: .every),
        Claim("regret over Lai-Robbins", .atLeast(1), scope: .every),
    ]

    /// There is nothing to set up.
    public init() {}

    /// What goes from one repetition to the next.
    private struct State: Codable {
        var generator: SplittableGenerator
        /// Sums over repetitions of the regret after each of the marks.
        var regrets: [Double]
    }

    /// Plays all repetitions.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to.
    /// - Returns: the mean regret and its ratios to both bounds.
    /// - Throws: `RecipeError.badValue` for means outside `[0, 1]` or without one best arm, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        let bounds = try Bounds(configuration)
        let marks = Self.marks(upTo: configuration.plays)
        var state = State(
            generator: SplittableGenerator(seed: context.seed), regrets: marks.map { _ in 0 })
        var first = 1
        if let saved = context.run.resumedFrom {
            state = try saved.record.state("state")
            first = saved.record.step + 1
        }
        let progress = context.progress("repetitions", total: configuration.repetitions)
        defer { progress.finish() }
        for repetition in stride(from: first, through: configuration.repetitions, by: 1) {
            let regrets = play(configuration, marks, using: &state.generator)
            state.regrets = zip(state.regrets, regrets).map(+)
            try context.run.log("regret/final", regrets.last ?? 0, step: repetition)
            var states = CheckpointStates()
            try states.set("state", state)
            try context.run.saveCheckpoint(step: repetition, states: states)
            progress.update(repetition)
        }
        let means = state.regrets.map { $0 / Double(configuration.repetitions) }
        for (mark, mean) in zip(marks, means) { try context.run.log("regret/mean", mean, step: mark) }
        let regret = means.last ?? 0
        return [
            "regret": regret, "regret over Theorem 1": regret / bounds.upper,
            "regret over Lai-Robbins": regret / bounds.lower,
        ]
    }

    /// Plays once, and gives the regret after each of the marks.
    ///
    /// The regret counts the means of the arms played, not the
    /// rewards drawn.
    private func play(
        _ configuration: Configuration, _ marks: [Int], using generator: inout SplittableGenerator
    ) -> [Double] {
        let means = configuration.means
        let best = means.max() ?? 0
        var counts = means.map { _ in 0.0 }
        var rewards = counts
        var regret = 0.0
        var regrets: [Double] = []
        for time in 1...configuration.plays {
            var arm = time - 1
            if time > means.count {
                let logarithm = 2 * log(Double(time - 1))
                var highest = -Double.infinity
                for index in means.indices {
                    let bound = rewards[index] / counts[index] + (logarithm / counts[index]).squareRoot()
                    if bound > highest { (arm, highest) = (index, bound) }
                }
            }
            counts[arm] += 1
            if generator.bernoulli(means[arm]) { rewards[arm] += 1 }
            regret += best - means[arm]
            if time == marks[regrets.count] { regrets.append(regret) }
        }
        return regrets
    }

    /// The numbers of plays to report: 1, 2 and 5 times powers of ten below `plays`, and `plays` itself.
    private static func marks(upTo plays: Int) -> [Int] {
        var marks: [Int] = []
        var power = 1
        while power < plays {
            marks += [1, 2, 5].map { $0 * power }.filter { $0 < plays }
            power *= 10
        }
        return marks + [plays]
    }
}

extension UpperConfidenceBound {
    /// The two theorems' bounds on the regret after all plays.
    struct Bounds {
        let lower: Double
        let upper: Double

        init(_ configuration: Configuration) throws(RecipeError) {
            let means = configuration.means
            guard means.count >= 2, means.allSatisfy({ $0 > 0 && $0 < 1 }) else {
                throw .badValue(
                    name: "means", value: "\(means)", reason: "there must be at least two, all between 0 and 1.")
            }
            guard configuration.plays >= means.count, configuration.repetitions >= 1 else {
                throw .badValue(
                    name: "plays", value: "\(configuration.plays)", reason: "every arm must be played at least once.")
            }
            let best = means.max() ?? 0
            let inferior = means.filter { $0 < best }
            guard !inferior.isEmpty else {
                throw .badValue(name: "means", value: "\(means)", reason: "one arm must be better than another.")
            }
            let logarithm = log(Double(configuration.plays))
            lower = inferior.map { (best - $0) / Self.divergence($0, best) }.reduce(0, +) * logarithm
            upper =
                8 * inferior.map { logarithm / (best - $0) }.reduce(0, +)
                + (1 + Double.pi * Double.pi / 3) * inferior.map { best - $0 }.reduce(0, +)
        }

        /// Kullback and Leibler's divergence between Bernoulli distributions, in nats.
        static func divergence(_ p: Double, _ q: Double) -> Double {
            p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))
        }
    }
}
