import Tensors

/// Scales each gradient so that the root of its mean square does not exceed a maximum, as `optax.clip_by_block_rms`.
public struct ClipByRootMeanSquare: GradientTransform {
    /// Largest root mean square of one parameter's gradient, > 0.
    public var maximum: Double

    /// Creates the transform.
    ///
    /// - Parameter maximum: largest root mean square allowed, > 0.
    /// - Precondition: `maximum > 0`; violations trap.
    public init(_ maximum: Double) {
        precondition(maximum > 0, "ClipByRootMeanSquare: maximum is \(maximum), must be positive")
        self.maximum = maximum
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The gradients g, each divided by max(1, √mean(g²) / maximum).
    ///
    /// - Parameters:
    ///   - gradients: gradients.
    ///   - state: the empty state.
    ///   - parameters: not used.
    /// - Returns: scaled gradients, and the empty state.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        let clipped = gradients.map { gradient in
            let size = gradient.norm() / Double(max(gradient.elementCount, 1)).squareRoot()
            return gradient / (size / maximum).clamped(low: 1)
        }
        return (clipped, state)
    }
}

/// Scales the gradient of each unit so that it does not exceed a share of the unit's own norm.
///
/// As `optax.adaptive_grad_clip`, but a unit is what one output is made from: a row of a matrix `[outputs, inputs]` or a
/// filter of a convolution (optax has outputs last); a vector is one unit as a whole.
/// Source: Brock et al. 2021, arXiv:2102.06171, eq. 3.
public struct AdaptiveGradientClip: GradientTransform {
    /// Largest ratio of norms, > 0.
    public var ratio: Double

    /// Least norm of a unit, > 0, so that units at 0 can move.
    public var epsilon: Double

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - ratio: largest ratio of norms, > 0; 0.01 in the paper.
    ///   - epsilon: least norm of a unit, > 0.
    /// - Precondition: both are positive; violations trap.
    public init(_ ratio: Double = 0.01, epsilon: Double = 1e-3) {
        precondition(
            ratio > 0 && epsilon > 0, "AdaptiveGradientClip: ratio \(ratio), epsilon \(epsilon) must be positive")
        self.ratio = ratio
        self.epsilon = epsilon
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The gradients g, each unit of which is multiplied by min(1, ratio · max(|p|, ε) / |g|).
    ///
    /// - Parameters:
    ///   - gradients: gradients.
    ///   - state: the empty state.
    ///   - parameters: the parameters p.
    /// - Returns: scaled gradients, and the empty state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        let clipped = gradients.map(with: parameters) { gradient, parameter in
            let limit = unitNorm(parameter).clamped(low: epsilon) * ratio
            return gradient * (limit / Tensor.maximum(unitNorm(gradient), limit))
        }
        return (clipped, state)
    }

    private func unitNorm(_ leaf: Tensor) -> Tensor {
        leaf.rank < 2 ? leaf.norm() : leaf.norm(dimensions: Array(1..<leaf.rank), keepDimensions: true)
    }
}
