import Foundation
import Tensors

/// Adam whose first steps are rectified for the variance of their second moments, as `torch.optim.RAdam`.
///
/// Moments as in Adam; ρ∞ = 2 / (1 − β₂) − 1, ρ = ρ∞ − 2tβ₂ᵗ / (1 − β₂ᵗ). The direction is m̂ = m / (1 − β₁ᵗ); where
/// ρ > 5 times √(1 − β₂ᵗ) / (√v + ε) · √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)).
/// Source: Liu et al. 2020, arXiv:1908.03265, algorithm 2, with the threshold 5 of torch.
public struct RAdam: DescentRule {
    /// Learning rate η, weight decay λ, and whether to go up.
    public var descent: DescentOptions

    /// Moment estimates; amsgrad and ε₀ don't belong to this rule.
    public var options: AdamOptions

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ.
    ///   - decayMask: the parameters that decay.
    ///   - isDecayDecoupled: whether the decay acts on the parameters, times η, rather than on the gradients.
    ///   - maximizes: whether steps go up.
    ///   - options: moment estimates.
    /// - Precondition: neither amsgrad nor ε₀; violations trap.
    public init(
        learningRate: Hyperparameter = 1e-3, weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all,
        isDecayDecoupled: Bool = false, maximizes: Bool = false, options: AdamOptions = AdamOptions()
    ) {
        precondition(!options.amsgrad && options.epsilonRoot == 0, "RAdam: amsgrad and epsilonRoot are not part of it")
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask,
            isDecayDecoupled: isDecayDecoupled, maximizes: maximizes)
        self.options = options
    }

    /// Zero moments and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AdamState {
        AdamState(for: parameters)
    }

    /// Rectified directions.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its moments take the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(for gradients: ParameterList, scale: Double, state: inout AdamState) -> ParameterList {
        let (beta1, beta2, step) = (options.firstMomentDecay, options.secondMomentDecay, Double(state.step + 1))
        state.firstMoments = state.firstMoments.map(with: gradients) { $0.interpolated(to: $1, weight: 1 - beta1) }
        state.secondMoments = state.secondMoments.map(with: gradients) {
            ($0 * beta2).addingProduct($1, $1, scale: 1 - beta2)
        }
        let factor = scale / (1 - pow(beta1, step))
        let correction = 1 - pow(beta2, step)
        let limit = 2 / (1 - beta2) - 1
        let length = limit - 2 * step * pow(beta2, step) / correction
        guard length > 5 else { return state.firstMoments.map { $0 * factor } }
        let rectification =
            ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)).squareRoot()
        return state.firstMoments.map(with: state.secondMoments) { first, second in
            first / (second.safeSquareRoot() + options.epsilon)
                * (factor * correction.squareRoot() * rectification)
        }
    }
}
