import Foundation
public import Tensors

/// A distribution of actions for each row of a batch, differentiable by what it was made from.
public protocol ActionDistribution {
    /// ln p(action) of each row.
    ///
    /// - Parameter actions: one action a row, as the distribution's own documentation says.
    /// - Returns: `[B]`.
    func logProbability(of actions: Tensor) -> Tensor

    /// The entropy of each row's distribution, in nats.
    ///
    /// - Returns: `[B]`, or a scalar where all rows have the same.
    func entropy() -> Tensor
}

/// One of several actions, with probabilities ∝ exp(logit).
public struct CategoricalDistribution: ActionDistribution {
    /// ln of the probabilities, `[B, actions]`.
    public let logProbabilities: Tensor

    /// A distribution from unnormalised log-probabilities.
    ///
    /// - Parameter logits: `[B, actions]`.
    public init(logits: Tensor) {
        logProbabilities = logits.logSoftmax(dimension: -1)
    }

    /// ln p(action) of each row.
    ///
    /// - Parameter actions: int64 `[B]`, from 0.
    /// - Returns: `[B]`.
    public func logProbability(of actions: Tensor) -> Tensor {
        logProbabilities.gather(dimension: -1, actions.unsqueezed(-1)).squeezed(-1)
    }

    /// −Σ p ln p.
    ///
    /// - Returns: `[B]`.
    public func entropy() -> Tensor {
        -(logProbabilities.exp() * logProbabilities).sum(dimension: -1)
    }
}

/// Independent normal numbers, with deviations that don't depend on the observation.
public struct DiagonalGaussian: ActionDistribution {
    /// `[B, A]`.
    public let mean: Tensor
    /// ln of the standard deviations, `[A]`.
    public let logDeviation: Tensor

    /// A distribution from its parameters.
    ///
    /// - Parameters:
    ///   - mean: `[B, A]`.
    ///   - logDeviation: ln of the standard deviations, `[A]`.
    public init(mean: Tensor, logDeviation: Tensor) {
        self.mean = mean
        self.logDeviation = logDeviation
    }

    /// ln of the density, summed over an action's numbers.
    ///
    /// - Parameter actions: `[B, A]`.
    /// - Returns: `[B]`.
    public func logProbability(of actions: Tensor) -> Tensor {
        let score = (actions - mean) * (-logDeviation).exp()
        let constant = 0.5 * log(2 * Double.pi) * Double(mean.size(-1))
        return score.square().sum(dimension: -1) * -0.5 - (logDeviation.sum() + constant)
    }

    /// Σ ln σ + A/2 · ln 2πe.
    ///
    /// - Returns: a scalar, since all rows have the same.
    public func entropy() -> Tensor {
        logDeviation.sum() + 0.5 * (1 + log(2 * Double.pi)) * Double(mean.size(-1))
    }
}
