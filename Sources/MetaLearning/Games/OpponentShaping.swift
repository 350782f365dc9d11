public import Randomness

/// Two players that learn with opponent-learning awareness (LOLA): each climbs the value it will have after the other
/// has taken a few steps of its own, through those steps.
///
/// Without lookahead the players of the prisoner's dilemma come to defect; with it they come to cooperate by tit for
/// tat. Gradients are exact, or estimated by DiCE from sampled plays, part by part as the options say. A value: a copy
/// learns on by itself, and an encoded one is a checkpoint.
///
/// Sources: Foerster et al. 2018, "Learning with opponent-learning awareness" and "DiCE"; the separate sources and the
/// replay buffer as in Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning".
public struct OpponentShaping: Codable, Sendable {
    /// The game.
    public let game: RepeatedGame
    /// How the players learn.
    public let options: ShapingOptions
    /// Both players' present policies.
    public private(set) var policies: PolicyPair
    /// Numbers taken off payoffs to come, by observation, of the first player and of the second.
    public private(set) var baselines: [[Double]]
    private var optimizers: [VectorAdam]
    private var baselineOptimizers: [VectorAdam]
    private var buffer: ReplayBuffer
    private var generator: SplittableGenerator

    /// Creates two players.
    ///
    /// - Parameters:
    ///   - game: the game.
    ///   - options: how the players learn.
    ///   - policies: where they begin; by default they act at random.
    ///   - generator: where random numbers come from.
    /// - Throws: `GameError` for options out of range.
    public init(
        _ game: RepeatedGame, options: ShapingOptions,
        policies: PolicyPair = PolicyPair(first: .uniform, second: .uniform), generator: SplittableGenerator
    ) throws(GameError) {
        try options.validate()
        guard options.outerGradient != .replay else {
            throw .notPositive(name: "The number of new trajectories of the outer gradient", value: 0)
        }
        self.game = game
        self.options = options
        self.policies = policies
        self.generator = generator
        let zeros = [Double](repeating: 0, count: 5)
        baselines = [zeros, zeros]
        optimizers = Player.allCases.map { _ in VectorAdam(count: 5, rate: options.outerRate) }
        var rate = 0.0
        if case .payoff(let given) = options.baseline { rate = given }
        baselineOptimizers = Player.allCases.map { _ in VectorAdam(count: 5, rate: rate) }
        buffer = ReplayBuffer(capacity: options.usesReplay ? options.replayCapacity / options.replayBatch : 1)
        if options.usesReplay {
            while !buffer.isFull { buffer.add(try rollouts(policies, options.replayBatch)) }
        }
    }

    /// Estimates both players' gradients, and lets both take a step.
    ///
    /// - Returns: the gradients and how well they agree with the exact ones at the same policies.
    public mutating func update() -> ShapingReport {
        let before = policies
        var gradients: [[Double]] = []
        var exact: [[Double]] = []
        var outerBatches: [JointRollouts?] = []
        for player in Player.allCases {
            let (gradient, batch) = estimatedGradient(of: player, at: before)
            gradients.append(gradient)
            outerBatches.append(batch)
            exact.append(LookaheadGradient.exact(of: player, at: before, in: game, options))
        }
        for player in Player.allCases {
            let step = optimizers[player.rawValue].step(along: gradients[player.rawValue].map { -$0 })
            policies[player] = policies[player].moved(by: step)
            if let batch = outerBatches[player.rawValue] { learnBaseline(of: player, from: batch) }
        }
        return ShapingReport(gradients: gradients, exactGradients: exact)
    }

    /// Puts the players elsewhere, with all that they have learnt beside their policies as it is.
    ///
    /// So that different estimates can be compared along one path.
    ///
    /// - Parameter policies: where the players go on.
    public mutating func move(to policies: PolicyPair) {
        self.policies = policies
    }

    /// The mean payoff a round of both players together, halved, that the present policies can expect.
    public var jointScore: Double {
        ExactPlay(game, first: policies.first, second: policies.second).jointScore(rounds: options.length)
    }

    /// An estimate of a player's gradient at the present policies, which stay as they are.
    ///
    /// - Parameter player: whose.
    /// - Returns: five derivatives.
    public mutating func sampledGradient(of player: Player) -> [Double] {
        estimatedGradient(of: player, at: policies).gradient
    }

    /// A player's exact gradient through the other's exact steps at the present policies.
    ///
    /// - Parameter player: whose.
    /// - Returns: five derivatives.
    public func exactGradient(of player: Player) -> [Double] {
        LookaheadGradient.exact(of: player, at: policies, in: game, options)
    }

    private mutating func estimatedGradient(
        of player: Player, at policies: PolicyPair
    ) -> (gradient: [Double], outerBatch: JointRollouts?) {
        var outerBatch: JointRollouts?
        var draft = self
        let result = LookaheadGradient.estimate(
            of: player, at: policies, options,
            inner: { draft.innerEstimate(of: player.other, at: $0) },
            outer: { pair in
                let (gradient, batch) = draft.outerGradient(of: player, at: pair)
                outerBatch = batch
                return gradient
            })
        buffer = draft.buffer
        generator = draft.generator
        return (result.gradient, outerBatch)
    }

    /// Derivatives of the value of the player that is expected to make a step.
    private mutating func innerEstimate(of player: Player, at pair: PolicyPair) -> ValueEstimate {
        if options.usesReplay { buffer.add(sampled(pair, options.replayBatch)) }
        let gradient = estimate(options.innerGradient, of: player, at: pair)
        if options.innerHessian == options.innerGradient { return gradient }
        let hessian = estimate(options.innerHessian, of: player, at: pair)
        return ValueEstimate(gradient: gradient.gradient, hessianProduct: hessian.hessianProduct)
    }

    private mutating func estimate(
        _ source: ShapingSource, of player: Player, at pair: PolicyPair
    ) -> ValueEstimate {
        let batches: [JointRollouts]
        switch source {
        case .exact: return LookaheadGradient.exactEstimate(of: player, at: pair, in: game)
        case .samples(let count): batches = [sampled(pair, count)]
        case .replay: batches = buffer.batches
        }
        let objective = objective(of: player, batches, at: pair)
        return ValueEstimate(gradient: objective.gradient(), hessianProduct: objective.hessianProduct)
    }

    private mutating func outerGradient(
        of player: Player, at pair: PolicyPair
    ) -> (gradient: JointGradient, batch: JointRollouts?) {
        guard case .samples(let count) = options.outerGradient else {
            return (ExactPlay(game, first: pair.first, second: pair.second).gradient(of: player), nil)
        }
        let batch = sampled(pair, count)
        return (objective(of: player, [batch], at: pair).gradient(), batch)
    }

    private func objective(of player: Player, _ batches: [JointRollouts], at pair: PolicyPair) -> DiceObjective {
        DiceObjective(
            game, player: player, batches: batches, first: pair.first, second: pair.second,
            baseline: baselines[player.rawValue])
    }

    private mutating func rollouts(_ pair: PolicyPair, _ count: Int) throws(GameError) -> JointRollouts {
        try JointRollouts(
            first: pair.first, second: pair.second, count: count, length: options.length, using: &generator)
    }

    /// As `rollouts`, for counts that were checked when the players were made.
    private mutating func sampled(_ pair: PolicyPair, _ count: Int) -> JointRollouts {
        do {
            return try rollouts(pair, count)
        } catch {
            preconditionFailure("OpponentShaping: \(error)")
        }
    }

    private mutating func learnBaseline(of player: Player, from batch: JointRollouts) {
        switch options.baseline {
        case .none: return
        case .payoff:
            let slopes = batch.payoffErrors(of: player, in: game, baseline: baselines[player.rawValue])
            let step = baselineOptimizers[player.rawValue].step(along: slopes)
            baselines[player.rawValue] = zip(baselines[player.rawValue], step).map(+)
        case .payoffsToCome:
            let means = batch.meanPayoffsToCome(of: player, in: game)
            for (seen, mean) in means.enumerated() {
                if let mean { baselines[player.rawValue][seen] = mean }
            }
        }
    }
}

/// What one update of two players found.
public struct ShapingReport: Sendable {
    /// Estimated gradients of the first player and of the second.
    public let gradients: [[Double]]
    /// Exact gradients at the same policies.
    public let exactGradients: [[Double]]

    /// Pearson's correlation of the estimated gradient with the exact one, the mean of both players; nil when a gradient
    /// has five equal derivatives.
    public var correlation: Double? {
        let found = zip(gradients, exactGradients).compactMap { pearsonCorrelation($0, $1) }
        return found.count == gradients.count ? found.reduce(0, +) / Double(found.count) : nil
    }
}
