import Foundation
public import MetaLearning
import Optimizers
import Randomness
import RunRecords
import Tensors

/// Discounts learnt by meta-gradients: where returns reach over noise they are cut, and an actor-critic that starts out
/// impatient learns to be patient.
///
/// Xu, van Hasselt and Silver 2018, "Meta-gradient reinforcement learning" (NeurIPS), section 1.4, in the form of a
/// published toy example; Liu et al. 2022 for γ, λ and loss weights learnt through three inner updates. The second part
/// shows the mechanism on a road of four places; it says nothing about Atari games, on which the papers show it.
public struct MetaDiscount: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// States of the chain.
        public var states = 10
        /// Independent learners, taken together.
        public var learners = 10
        /// Meta-updates of the chain's discounts.
        public var chainUpdates = 10_000
        /// Passages that a meta-gradient is averaged over; 1 in the published example.
        public var passages = 1
        /// Rate of the meta-updates at first; it goes down linearly to a tenth.
        public var chainRate = 0.5
        /// Steps of descent on the exact meta-loss, to find the best discounts.
        public var exactSteps = 1500
        /// Places of the road.
        public var places = 4
        /// The road's prize for turning back.
        public var smallPrize = 0.2
        /// Meta-updates of the actor-critics.
        public var roadUpdates = 300
        /// γ of the actor-critics at first.
        public var startDiscount = 0.5
        /// How actor-critics learn.
        public var road = ReturnMetaOptions()

        /// The published chain; the road is the project's own.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "meta-discount"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The papers.
    public static let paper = "Xu, van Hasselt, Silver 2018, Meta-gradient reinforcement learning, section 1.4"
    /// What it does.
    public static let summary = "Meta-gradients find the discounts that are best by calculation, and teach patience"
    /// How long it takes.
    public static let expectedTime = "2 min on 2 cores"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.states = 4
        configuration.learners = 2
        configuration.chainUpdates = 4
        configuration.exactSteps = 30
        configuration.roadUpdates = 2
        configuration.road.travellers = 4
        configuration.road.steps = 5
        return configuration
    }
    /// The chain's claims compare with the best discounts by calculation, the road's with fixed discounts.
    public static let claims = [
        Claim("chain, share of the possible gain, noise first", .atLeast(0.9), scope: .every),
        Claim("chain, share of the possible gain, alternating", .atLeast(0.8), scope: .every),
        Claim("road, discount at the end", .atLeast(0.8), scope: .every),
        Claim("road, reward, learnt minus fixed start", .above(0.05), scope: .every),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Learns the chain's discounts, then the road's.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to.
    /// - Returns: discounts learnt and best, meta-losses and rewards.
    /// - Throws: `GameError` for settings out of range, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        setIntraOpThreads(1)
        let root = SplittableGenerator(seed: context.seed)
        var finished: [[String: Double]] = []
        if let saved = context.run.resumedFrom { finished = try saved.record.state("finished") }
        let parts: [() throws -> [String: Double]] = [
            { try chain("noise first", .noiseFirst(states: configuration.states), configuration, root, context) },
            { try chain("alternating", .alternating(states: configuration.states), configuration, root, context) },
            { try road("learnt", configuration.startDiscount, isLearnt: true, configuration, root, context) },
            { try road("fixed start", configuration.startDiscount, isLearnt: false, configuration, root, context) },
            { try road("fixed 0.99", 0.99, isLearnt: false, configuration, root, context) },
        ]
        let progress = context.progress("parts", total: parts.count)
        defer { progress.finish() }
        for index in finished.count..<parts.count {
            finished.append(try parts[index]())
            var states = CheckpointStates()
            try states.set("finished", finished)
            try context.run.saveCheckpoint(step: index + 1, states: states)
            progress.update(index + 1)
        }
        var results = finished.reduce(into: [:]) { $0.merge($1) { $1 } }
        results["road, reward, learnt minus fixed start"] =
            (results["road, reward, learnt"] ?? 0) - (results["road, reward, fixed start"] ?? 0)
        return results
    }

    /// Learns the discounts of a chain from sampled passages, and compares them with the best by calculation.
    private func chain(
        _ name: String, _ chain: NoisyChain, _ configuration: Configuration, _ root: SplittableGenerator,
        _ context: RecipeContext
    ) throws -> [String: Double] {
        var generator = root.folding(in: name)
        let count = chain.means.count - 1
        var logits = Tensor.zeros([configuration.learners, 1, count], dtype: .float64)
        let shape = [configuration.learners, configuration.passages, count + 1]
        let each = configuration.learners * configuration.passages
        for update in 1...configuration.chainUpdates {
            let rewards = chain.rewards(each, using: &generator).reshaped(shape)
            let later = chain.rewards(each, using: &generator).reshaped(shape)
            let gradient = grad(at: logits) {
                chain.metaLoss(discounts: $0.sigmoid(), rewards: rewards, later: later).mean(dimension: 1).sum()
            }
            let share = Double(update - 1) / Double(configuration.chainUpdates)
            logits = logits - gradient * (configuration.chainRate * (1 - 0.9 * share))
            if update % max(1, configuration.chainUpdates / 50) == 0 {
                for (state, discount) in means(of: logits).enumerated() {
                    try context.run.log("chain, \(name)/discount \(state)", discount, step: update)
                }
            }
        }
        let learnt = means(of: logits)
        let best = try bestDiscounts(of: chain, steps: configuration.exactSteps)
        func expected(_ discounts: [Double]) -> Double {
            chain.expectedMetaLoss(discounts: Tensor(discounts, dtype: .float64)).item()
        }
        let (start, end, least) = (
            expected([Double](repeating: 0.5, count: count)), expected(learnt), expected(best)
        )
        var results = [
            "chain, meta-loss at first, \(name)": start, "chain, meta-loss learnt, \(name)": end,
            "chain, meta-loss least, \(name)": least,
            "chain, share of the possible gain, \(name)": (start - end) / (start - least),
        ]
        for state in 0..<count {
            results["chain, discount \(state) learnt, \(name)"] = learnt[state]
            results["chain, discount \(state) best, \(name)"] = best[state]
        }
        return results
    }

    /// Discounts, the mean over learners.
    private func means(of logits: Tensor) -> [Double] {
        logits.sigmoid().mean(dimensions: [0, 1]).array(of: Double.self)
    }

    /// The discounts with the least expected meta-loss, by descent on the exact formula.
    private func bestDiscounts(of chain: NoisyChain, steps: Int) throws -> [Double] {
        var logits = Tensor.zeros([chain.means.count - 1], dtype: .float64)
        let optimizer = Adam(learningRate: 0.05)
        var state = optimizer.initialState(for: logits)
        for _ in 0..<steps {
            let gradient = grad(at: logits) { chain.expectedMetaLoss(discounts: $0.sigmoid()) }
            optimizer.step(&logits, gradients: gradient, state: &state)
        }
        return logits.sigmoid().array(of: Double.self)
    }

    /// Trains actor-critics on the road.
    private func road(
        _ name: String, _ discount: Double, isLearnt: Bool, _ configuration: Configuration,
        _ root: SplittableGenerator, _ context: RecipeContext
    ) throws -> [String: Double] {
        var options = configuration.road
        if !isLearnt { options.metaRate = 0 }
        let parameters = try ReturnParameters(
            discount: discount, lambda: 0.95, valueWeight: 0.5, entropyWeight: 0.01,
            shape: [configuration.learners, 1], dtype: .float64)
        var learner = try ReturnMetaLearner(
            PrizeRoad(places: configuration.places, smallPrize: configuration.smallPrize),
            learners: configuration.learners, parameters: parameters,
            options: options, generator: root.folding(in: "road " + name))
        for update in 1...configuration.roadUpdates {
            learner.update()
            if update % max(1, configuration.roadUpdates / 50) == 0 {
                try context.run.log(
                    [
                        "road, \(name)/reward": ConfidenceInterval(of: learner.meanRewards(steps: 200)).mean,
                        "road, \(name)/discount": learner.parameters.discount.mean().item(),
                        "road, \(name)/lambda": learner.parameters.lambda.mean().item(),
                    ], step: update)
            }
        }
        var results = ["road, reward, \(name)": ConfidenceInterval(of: learner.meanRewards(steps: 200)).mean]
        if isLearnt {
            results["road, discount at the end"] = learner.parameters.discount.mean().item()
            results["road, lambda at the end"] = learner.parameters.lambda.mean().item()
            results["road, value weight at the end"] = learner.parameters.valueWeight.mean().item()
            results["road, entropy weight at the end"] = learner.parameters.entropyWeight.mean().item()
        }
        return results
    }
}
