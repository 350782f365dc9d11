/// The DiCE surrogate of a player's value on sampled plays, and its derivatives by both players' logits.
///
/// With c_t the log-probability of all actions of both players up to round t, and w_t the importance ratio
/// exp(c_t − stored c_t), whose value is 1 for samples of the present policies,
///
///     J = mean Σ_t γ^t r_t w_t + mean Σ_t γ^t b(s_t) (1 − exp(n_t − stored n_t)),
///
/// n_t being the log-probability of round t alone and b the baseline. Derivatives of J of any order have the
/// derivatives of the true value as expectation. The first two are written out here: the gradient is
/// Σ γ^t r_t w_t ∇c_t, the matrix of second derivatives Σ γ^t r_t w_t (∇²c_t + ∇c_t ∇c_tᵀ), and sums over t are taken
/// backwards, so that a round costs a few additions.
///
/// Sources: Foerster et al. 2018, "DiCE: The infinitely differentiable Monte Carlo estimator", equations 5 and 6;
/// the ratios as in Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning".
public struct DiceObjective: Sendable {
    private let batches: [JointRollouts]
    private let tables: RoundTables
    private let behaviour: [[Double]?]
    private let discounts: [Double]

    /// Creates the surrogate.
    ///
    /// - Parameters:
    ///   - game: the game.
    ///   - player: whose value.
    ///   - batches: sampled plays of one length, weighed by their numbers of trajectories; at least one.
    ///   - first: the first player's policy, at which derivatives are taken.
    ///   - second: the second player's policy.
    ///   - baseline: numbers taken off payoffs to come, by what the player observed: at the start, and after the
    ///     outcomes 00, 01, 10, 11 with its own action first. They must not come from the same samples.
    public init(
        _ game: RepeatedGame, player: Player, batches: [JointRollouts], first: MemoryOnePolicy,
        second: MemoryOnePolicy, baseline: [Double] = [0, 0, 0, 0, 0]
    ) {
        precondition(!batches.isEmpty, "DiceObjective: no plays were given; give at least one batch")
        precondition(baseline.count == 5, "DiceObjective: a baseline of \(baseline.count) numbers; give five")
        self.batches = batches
        let tables = RoundTables(game, player: player, first: first, second: second, baseline: baseline)
        self.tables = tables
        behaviour = batches.map { batch in
            if batch.first == first && batch.second == second { return nil }
            return tables.ratios(to: RoundTables.probabilities(batch.first, batch.second))
        }
        var discounts = [1.0]
        for _ in 1..<max(2, batches.map { $0.length }.max() ?? 1) {
            discounts.append((discounts.last ?? 1) * game.discount)
        }
        self.discounts = discounts
    }

    /// The surrogate's value: the mean of Σ γ^t r_t w_t, an estimate of the player's value.
    public var value: Double {
        var total = 0.0
        for (batch, ratios) in zip(batches, behaviour) {
            for trajectory in 0..<batch.count {
                var weight = 1.0
                for time in 0..<batch.length {
                    let round = Int(batch.rounds[trajectory * batch.length + time])
                    if let ratios { weight *= ratios[round] }
                    total += discounts[time] * tables.payoffs[round] * weight
                }
            }
        }
        return total / Double(trajectoryCount)
    }

    /// Number of trajectories in all batches.
    public var trajectoryCount: Int { batches.reduce(0) { $0 + $1.count } }

    /// Mean of w_T² over trajectories divided into the squared mean of w_T: the share of the trajectories that the
    /// samples are worth; 1 when they come from the present policies.
    public var effectiveShare: Double {
        var sums = (0.0, 0.0)
        for (batch, ratios) in zip(batches, behaviour) {
            for trajectory in 0..<batch.count {
                let rounds = batch.rounds[(trajectory * batch.length)..<((trajectory + 1) * batch.length)]
                let weight = ratios.map { ratios in rounds.reduce(1.0) { $0 * ratios[Int($1)] } } ?? 1
                sums.0 += weight
                sums.1 += weight * weight
            }
        }
        return sums.0 * sums.0 / sums.1 / Double(trajectoryCount)
    }

    /// First derivatives by both players' logits.
    public func gradient() -> JointGradient {
        let (weights, _) = accumulated(along: nil)
        return tables.scores(weighted: weights, scale: 1 / Double(trajectoryCount))
    }

    /// Second derivatives by both players' logits, times a direction.
    ///
    /// - Parameter direction: ten numbers.
    /// - Returns: the product of the 10 × 10 matrix with the direction.
    public func hessianProduct(with direction: JointGradient) -> JointGradient {
        let (weights, slopes) = accumulated(along: tables.slopes(along: direction))
        let scale = 1 / Double(trajectoryCount)
        let outer = tables.scores(weighted: slopes, scale: scale)
        let inner = tables.curvatures(weighted: weights, along: direction, scale: scale)
        return JointGradient(
            first: zip(outer.first, inner.first).map(+), second: zip(outer.second, inner.second).map(+))
    }

    /// By kind of round, the sums of Σ_{t' ≥ t} ρ_t' − β_t, and of the same with every term times its slope along a
    /// direction.
    private func accumulated(along slopes: [Double]?) -> (weights: [Double], slopes: [Double]) {
        var weights = [Double](repeating: 0, count: 20)
        var sloped = weights
        for (batch, ratios) in zip(batches, behaviour) {
            let pass = RoundPass(
                batch: batch, payoffs: tables.payoffs, baseline: tables.baseline, discounts: discounts, ratios: ratios)
            if let slopes {
                pass.accumulate(slopes: slopes, into: &weights, &sloped)
            } else {
                pass.accumulate(into: &weights)
            }
        }
        return (weights, sloped)
    }
}
