public import Tensors

/// Returns of trajectories that one can differentiate by discounts and by λ.
public enum DiscountedReturns {
    /// Returns with a discount of its own for each step: G_i = r_i + γ_i G_{i+1}, the last being its reward.
    ///
    /// - Parameters:
    ///   - rewards: `[..., n]`, n at least 1.
    ///   - discounts: `[..., n − 1]` or `[n − 1]`, the discount between step i and the next.
    ///   - stopsAtNextStep: true takes G_{i+1} in G_i for a constant, so that γ_i counts in G_i alone. It is what some
    ///     published code does, and isn't the gradient of anything.
    /// - Returns: `[..., n]`.
    public static func backedUp(rewards: Tensor, discounts: Tensor, stopsAtNextStep: Bool = false) -> Tensor {
        let count = rewards.shape.last ?? 0
        precondition(
            count > 0 && discounts.shape.last == count - 1,
            "DiscountedReturns.backedUp: rewards \(rewards.shape), discounts \(discounts.shape); give one discount "
                + "fewer than rewards")
        var returns = [rewards.select(dimension: -1, index: count - 1)]
        for step in stride(from: count - 2, through: 0, by: -1) {
            let next = stopsAtNextStep ? returns[0].detached() : returns[0]
            let reward = rewards.select(dimension: -1, index: step)
            returns.insert(reward + discounts.select(dimension: -1, index: step) * next, at: 0)
        }
        return Tensor.stacked(returns, dimension: -1)
    }

    /// λ-returns: G_t = r_t + γ ((1 − λ) V(s_{t+1}) + λ G_{t+1}), with V(s_T) after the last step.
    ///
    /// Source: Sutton and Barto, "Reinforcement learning", 2nd edition, equation 12.3.
    ///
    /// - Parameters:
    ///   - rewards: `[T, ...]`, T at least 1.
    ///   - nextValues: V(s_{t+1}), `[T, ...]`; 0 where an episode ended.
    ///   - discount: γ, a shape that broadcasts to `[...]`, in [0, 1].
    ///   - lambda: λ, a shape that broadcasts to `[...]`, in [0, 1].
    /// - Returns: `[T, ...]`.
    public static func lambdaReturns(
        rewards: Tensor, nextValues: Tensor, discount: Tensor, lambda: Tensor
    ) -> Tensor {
        precondition(
            rewards.shape == nextValues.shape && (rewards.shape.first ?? 0) > 0,
            "DiscountedReturns.lambdaReturns: rewards \(rewards.shape), next values \(nextValues.shape); give [T, ...]")
        let last = rewards.shape[0] - 1
        var returns = [
            rewards.select(dimension: 0, index: last) + discount * nextValues.select(dimension: 0, index: last)
        ]
        let kept = discount * lambda
        let bootstrapped = discount - kept
        for step in stride(from: last - 1, through: 0, by: -1) {
            let value = nextValues.select(dimension: 0, index: step)
            returns.append(
                rewards.select(dimension: 0, index: step) + bootstrapped * value + kept * returns[last - 1 - step])
        }
        return Tensor.stacked(returns.reversed(), dimension: 0)
    }
}
