public import Tensors

extension SurrogateEstimator {
    /// The surrogate of a batch of trajectories as a tensor to differentiate, once or more.
    ///
    /// `N` trajectories of `T` steps. Its value means nothing in itself; its derivatives do.
    ///
    /// - Parameters:
    ///   - logProbabilities: `[..., N, T]` log π(a_t|s_t), a function of what is to be differentiated by. For several
    ///     players, the sum of theirs.
    ///   - weights: `[..., N, T]` γᵗ A_t for the estimators that use advantages, γᵗ R_t for the others. Derivatives flow
    ///     through them where they have some.
    ///   - behaviour: `[..., N, T]` log b(a_t|s_t) of the policy that drew the samples; needed for `offPolicyDice`.
    /// - Returns: `[...]` sums over the steps, averaged over the trajectories.
    /// - Precondition: shapes agree, there is a trajectory, a behaviour is given just for `offPolicyDice`; violations
    ///   trap.
    public func surrogate(logProbabilities: Tensor, weights: Tensor, behaviour: Tensor? = nil) -> Tensor {
        precondition(
            logProbabilities.rank >= 2 && logProbabilities.shape == weights.shape && logProbabilities.elementCount > 0,
            "SurrogateEstimator: log-probabilities \(logProbabilities.shape) with weights \(weights.shape); "
                + "there must be at least one trajectory of one step, and one shape")
        precondition(
            (behaviour != nil) == (self == .offPolicyDice),
            "SurrogateEstimator: a behaviour policy belongs to off-policy DiCE and to it alone")
        let ratios = logProbabilities - (behaviour ?? logProbabilities).detached()
        let factors: Tensor
        switch self {
        case .policyGradient:
            factors = logProbabilities
        case .lowVarianceCurvature:
            factors = ratios.exp()
        case .dice, .offPolicyDice:
            factors = ratios.cumulativeSum(dimension: -1).exp()
        case .loadedDice:
            let passed = ratios.cumulativeSum(dimension: -1)
            factors = passed.exp() - (passed - ratios).exp()
        }
        return (factors * weights).sum(dimension: -1).mean(dimension: -1)
    }
}
