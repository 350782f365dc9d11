import Foundation
import Tensors

/// Adam with the largest magnitude in place of the root of the second moment, as `torch.optim.Adamax`.
///
/// g ← g + λp, m ← m + (1 − β₁)(g − m), u ← max(β₂u, |g| + ε), update = −η / (1 − β₁ᵗ) · m / u.
/// Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 2, with ε as torch adds it.
public struct AdaMax: DescentRule {
    /// Learning rate η, weight decay λ (added to the gradient), and whether to go up.
    public var descent: DescentOptions

    /// Decay β₁ of the first moment, in `[0, 1)`.
    public var firstMomentDecay: Double

    /// Decay β₂ of the largest magnitude, in `[0, 1)`.
    public var magnitudeDecay: Double

    /// Added to magnitudes: ε > 0.
    public var epsilon: Double

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - firstMomentDecay: β₁ in `[0, 1)`.
    ///   - magnitudeDecay: β₂ in `[0, 1)`.
    ///   - epsilon: ε > 0.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        learningRate: Hyperparameter = 2e-3, firstMomentDecay: Double = 0.9, magnitudeDecay: Double = 0.999,
        epsilon: Double = 1e-8, weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all,
        maximizes: Bool = false
    ) {
        requireDecays("AdaMax", firstMomentDecay, magnitudeDecay, epsilon: epsilon)
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, maximizes: maximizes)
        self.firstMomentDecay = firstMomentDecay
        self.magnitudeDecay = magnitudeDecay
        self.epsilon = epsilon
    }

    /// Zero `momentum` and `magnitudes`, and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        AccumulatorState([.momentum, .magnitudes], for: parameters)
    }

    /// m / u.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its accumulators take the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(
        for gradients: ParameterList, scale: Double, state: inout AccumulatorState
    ) -> ParameterList {
        let momentum = state.advanceMean(.momentum, with: gradients, decay: firstMomentDecay)
        let magnitudes = state.advance(.magnitudes, with: gradients) {
            Tensor.maximum($0 * magnitudeDecay, $1.absolute() + epsilon)
        }
        let factor = scale / (1 - pow(firstMomentDecay, Double(state.step + 1)))
        return momentum.map(with: magnitudes) { $0 / $1 * factor }
    }
}
