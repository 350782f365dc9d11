public import Tensors

/// Some steps of a rollout, as the loss takes them; `B` rows.
public struct ProximalPolicyBatch {
    /// `[B, ...]`.
    public var observations: Tensor
    /// Chosen actions: int64 `[B]`, or `[B, A]` of a Gaussian policy.
    public var actions: Tensor
    /// ln p of the actions under the policy that chose them, `[B]`.
    public var logProbabilities: Tensor
    /// How much better than expected they were, `[B]`.
    public var advantages: Tensor
    /// What the values should be, `[B]`.
    public var returns: Tensor
    /// What the values were when the actions were chosen, `[B]`.
    public var values: Tensor

    /// A batch from its parts.
    ///
    /// - Parameters:
    ///   - observations: `[B, ...]`.
    ///   - actions: int64 `[B]`, or `[B, A]` of a Gaussian policy.
    ///   - logProbabilities: `[B]`.
    ///   - advantages: `[B]`.
    ///   - returns: `[B]`.
    ///   - values: `[B]`.
    public init(
        observations: Tensor, actions: Tensor, logProbabilities: Tensor, advantages: Tensor, returns: Tensor,
        values: Tensor
    ) {
        self.observations = observations
        self.actions = actions
        self.logProbabilities = logProbabilities
        self.advantages = advantages
        self.returns = returns
        self.values = values
    }
}

/// The parts of the loss on a batch, scalars; constants for what is differentiated.
public struct ProximalPolicyTerms {
    /// The policy's part, to be made small.
    public var policy: Tensor
    /// Half the mean squared error of the values.
    public var value: Tensor
    /// Mean entropy of the policy, in nats.
    public var entropy: Tensor
    /// ln of the ratio of each action's probability to what it was, `[B]`.
    public var logRatios: Tensor
}

extension ActorCritic {
    /// The loss of proximal policy optimisation.
    ///
    /// The mean of −min(ρA, clip(ρ, 1 − ε, 1 + ε)A) with the ratio ρ of probabilities, new to old, plus the value's squared
    /// error, minus the entropy, each with its factor. Schulman et al. 2017, arXiv:1707.06347, eqs. 7 and 9. With a value
    /// clip the larger of the errors of the value and of the value moved by at most the clip counts.
    ///
    /// - Parameters:
    ///   - batch: what happened; a constant.
    ///   - options: ε and the factors.
    /// - Returns: a scalar, and its parts.
    public func proximalPolicyLoss(
        _ batch: ProximalPolicyBatch, _ options: ProximalPolicyOptions
    ) -> (loss: Tensor, terms: ProximalPolicyTerms) {
        let output = self(batch.observations)
        let distribution = distribution(output.parameters)
        let logRatios = distribution.logProbability(of: batch.actions) - batch.logProbabilities
        let ratios = logRatios.exp()
        let bounded = ratios.clamped(low: 1 - options.clip, high: 1 + options.clip)
        let policy = -Tensor.minimum(ratios * batch.advantages, bounded * batch.advantages).mean()
        let value = valueLoss(output.values, batch, clip: options.valueClip)
        let entropy = distribution.entropy().mean()
        var loss = policy.adding(value, scale: options.valueWeight)
        if options.entropyWeight > 0 { loss = loss.adding(entropy, scale: -options.entropyWeight) }
        let terms = ProximalPolicyTerms(
            policy: policy.detached(), value: value.detached(), entropy: entropy.detached(),
            logRatios: logRatios.detached())
        return (loss, terms)
    }

    private func valueLoss(_ values: Tensor, _ batch: ProximalPolicyBatch, clip: Double) -> Tensor {
        let errors = (values - batch.returns).square()
        guard clip > 0 else { return errors.mean() * 0.5 }
        let moved = batch.values + (values - batch.values).clamped(low: -clip, high: clip)
        return Tensor.maximum(errors, (moved - batch.returns).square()).mean() * 0.5
    }
}
