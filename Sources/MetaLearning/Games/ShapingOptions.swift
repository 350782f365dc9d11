/// Where an estimate of a gradient comes from.
public enum ShapingSource: Codable, Hashable, Sendable {
    /// The exact formula.
    case exact
    /// This many new trajectories.
    case samples(Int)
    /// The replay buffer, by importance ratios, after a batch of new trajectories has gone into it.
    case replay
}

/// What is taken off the payoffs to come, to make estimates vary less.
public enum ShapingBaseline: Codable, Hashable, Sendable {
    /// Nothing.
    case none
    /// A running estimate of the payoff of the round itself, by observation, learnt with Adam at a rate.
    ///
    /// It is what the published code of LOLA-DiCE does.
    case payoff(rate: Double)
    /// The mean discounted payoff from the round on in the last batch of the outer step, by observation.
    case payoffsToCome
}

/// How two players learn that shape each other.
public struct ShapingOptions: Codable, Hashable, Sendable {
    /// Steps of learning that a player expects of the other, at least 0; 0 learns naively.
    public var lookahead = 1
    /// Rate of the steps expected of the other.
    public var innerRate = 0.3
    /// Adam's rate of a player's own steps.
    public var outerRate = 0.1
    /// Rounds in a trajectory.
    public var length = 100
    /// Where the value of the other's expected steps comes from.
    public var innerGradient = ShapingSource.samples(128)
    /// Where the derivative of the other's expected steps by the player's own policy comes from.
    ///
    /// When it is the same as `innerGradient`, both use the same samples.
    public var innerHessian = ShapingSource.samples(128)
    /// Where the derivative of the value after the other's steps comes from: exact or samples.
    public var outerGradient = ShapingSource.samples(128)
    /// What is taken off the payoffs to come.
    public var baseline = ShapingBaseline.payoff(rate: 0.1)
    /// Trajectories in the replay buffer, a multiple of `replayBatch`.
    public var replayCapacity = 1024
    /// New trajectories in the replay buffer before each use.
    public var replayBatch = 128

    /// The setting of Liu and others, 2022: one step of lookahead, 128 trajectories of 100 rounds.
    public init() {}

    /// Whether any part uses the replay buffer.
    var usesReplay: Bool { innerGradient == .replay || innerHessian == .replay }

    /// Checks everything.
    func validate() throws(GameError) {
        guard lookahead >= 0 else { throw .notPositive(name: "One more than the lookahead", value: lookahead + 1) }
        var rates = [("The inner rate", innerRate), ("The outer rate", outerRate)]
        if case .payoff(let rate) = baseline { rates.append(("The baseline's rate", rate)) }
        for (name, rate) in rates where !(rate >= 0 && rate.isFinite) { throw .badRate(name: name, value: rate) }
        guard length > 0 else { throw .notPositive(name: "The length of a trajectory", value: length) }
        for source in [innerGradient, innerHessian, outerGradient] {
            if case .samples(let count) = source, count < 1 {
                throw .notPositive(name: "The number of trajectories", value: count)
            }
        }
        if usesReplay || outerGradient == .replay {
            guard replayBatch > 0 else { throw .notPositive(name: "The replay batch", value: replayBatch) }
            guard replayCapacity > 0, replayCapacity % replayBatch == 0 else {
                throw .badCapacity(capacity: replayCapacity, batch: replayBatch)
            }
        }
    }
}
