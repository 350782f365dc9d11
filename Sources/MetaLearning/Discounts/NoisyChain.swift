import Randomness
public import Tensors

/// A chain of states passed from left to right, some of whose rewards are signal and some noise, with a linear value
/// function that learns by one step from the returns of one passage.
///
/// Each state has its own discount. A meta-gradient changes them so that values after the step come close to the
/// undiscounted returns of another passage: returns that reach over noisy rewards vary more, and should be cut.
///
/// Source: Xu, van Hasselt and Silver 2018, "Meta-gradient reinforcement learning", section 1.4, in the form of a
/// published toy example: 10 states, a bias shared by all, one step of rate 0.5 on the mean squared error.
public struct NoisyChain: Codable, Hashable, Sendable {
    /// Mean reward of each state.
    public let means: [Double]
    /// Standard deviation of each state's reward.
    public let deviations: [Double]
    /// Rate of the value function's step.
    public let innerRate: Double

    /// Creates a chain.
    ///
    /// - Parameters:
    ///   - means: mean reward of each state; at least two.
    ///   - deviations: standard deviation of each state's reward, at least 0.
    ///   - innerRate: rate of the value function's step, at least 0.
    /// - Throws: `GameError` for lists of different or too small length, or numbers out of range.
    public init(means: [Double], deviations: [Double], innerRate: Double = 0.5) throws(GameError) {
        guard means.count >= 2 else { throw .notPositive(name: "The number of passages", value: means.count - 1) }
        guard means.count == deviations.count else { throw .badPayoffs(deviations) }
        for deviation in deviations where !(deviation >= 0 && deviation.isFinite) {
            throw .badRate(name: "A reward's deviation", value: deviation)
        }
        guard innerRate >= 0, innerRate.isFinite else { throw .badRate(name: "The inner rate", value: innerRate) }
        self.means = means
        self.deviations = deviations
        self.innerRate = innerRate
    }

    /// Noise of mean 0 and deviation 1 in the first half, rewards of 0.1 in the second.
    ///
    /// - Parameter states: number of states, at least 2.
    /// - Returns: the chain.
    /// - Throws: `GameError.notPositive` for fewer than two states.
    public static func noiseFirst(states: Int = 10) throws(GameError) -> NoisyChain {
        try patterned(states) { $0 < states / 2 }
    }

    /// Noise of mean 0 and deviation 1 in states 0, 2, 4, ..., rewards of 0.1 in the others.
    ///
    /// - Parameter states: number of states, at least 2.
    /// - Returns: the chain.
    /// - Throws: `GameError.notPositive` for fewer than two states.
    public static func alternating(states: Int = 10) throws(GameError) -> NoisyChain {
        try patterned(states) { $0 % 2 == 0 }
    }

    private static func patterned(_ states: Int, isNoisy: (Int) -> Bool) throws(GameError) -> NoisyChain {
        guard states >= 2 else { throw .notPositive(name: "The number of passages", value: states - 1) }
        return try NoisyChain(
            means: (0..<states).map { isNoisy($0) ? 0 : 0.1 }, deviations: (0..<states).map { isNoisy($0) ? 1 : 0 })
    }

    /// Rewards of passages.
    ///
    /// - Parameters:
    ///   - count: number of passages, at least 1.
    ///   - generator: where random numbers come from.
    /// - Returns: `[count, states]` in double precision.
    public func rewards(_ count: Int, using generator: inout some RandomNumberGenerator) -> Tensor {
        precondition(count > 0, "NoisyChain.rewards: \(count) passages; give at least 1")
        var numbers: [Double] = []
        numbers.reserveCapacity(count * means.count)
        for _ in 0..<count {
            let noise = generator.normals(means.count)
            for state in means.indices { numbers.append(means[state] + deviations[state] * noise[state]) }
        }
        return Tensor(numbers, shape: [count, means.count], dtype: .float64)
    }

    /// Values after one step from zero towards returns: w and the shared bias both move along the mean squared error.
    ///
    /// - Parameter returns: `[..., states]`.
    /// - Returns: `[..., states]`.
    public func valuesAfterStep(towards returns: Tensor) -> Tensor {
        let step = returns * (2 * innerRate / Double(means.count))
        return step + step.sum(dimension: -1, keepDimension: true)
    }

    /// The meta-loss of sampled passages: how far values after the step are from another passage's whole returns.
    ///
    /// - Parameters:
    ///   - discounts: γ of each state but the last, `[..., states − 1]`, in double precision.
    ///   - rewards: rewards that the values learn from, `[..., states]`.
    ///   - later: rewards that they are compared with, `[..., states]`.
    ///   - stopsAtNextStep: see `DiscountedReturns.backedUp`.
    /// - Returns: mean squared differences, `[...]`.
    public func metaLoss(
        discounts: Tensor, rewards: Tensor, later: Tensor, stopsAtNextStep: Bool = false
    ) -> Tensor {
        let returns = DiscountedReturns.backedUp(
            rewards: rewards, discounts: discounts, stopsAtNextStep: stopsAtNextStep)
        let whole = DiscountedReturns.backedUp(
            rewards: later, discounts: Tensor.ones([means.count - 1], dtype: .float64))
        return (valuesAfterStep(towards: returns) - whole).square().mean(dimension: -1)
    }

    /// The expectation of the meta-loss over all passages, exactly.
    ///
    /// Values after the step are a linear function M r of the rewards, the whole returns another, W r'. So the
    /// expectation is the mean over states of ((M − W) μ)² + Σ_j σ_j² (M² + W²)_ij.
    ///
    /// - Parameter discounts: γ of each state but the last, `[states − 1]`, in double precision.
    /// - Returns: a scalar that one can differentiate.
    public func expectedMetaLoss(discounts: Tensor) -> Tensor {
        let unit = Tensor.identity(means.count, dtype: .float64)
        func linear(_ discounts: Tensor) -> Tensor {
            // Row j: the returns that a reward of 1 in state j alone gives.
            DiscountedReturns.backedUp(rewards: unit, discounts: discounts)
        }
        let returns = linear(discounts)
        let values = valuesAfterStep(towards: returns)
        let whole = linear(Tensor.ones([means.count - 1], dtype: .float64))
        let mean = Tensor(means, dtype: .float64).matmul(values - whole)
        let variances = Tensor(deviations.map { $0 * $0 }, dtype: .float64)
        return (mean.square() + variances.matmul(values.square() + whole.square())).mean()
    }
}
