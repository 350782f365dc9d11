import Tensors

/// Steps by the sign of an interpolated momentum, as `optax.lion`.
///
/// u = sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g, update = −η(u + λp). The sign's derivative is 0, so nothing flows
/// back through u; derivatives by η, λ and parameters are those of the rest.
/// Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.
public struct Lion: DescentRule {
    /// Learning rate η, decoupled weight decay λ (multiplied by η), and whether to go up.
    public var descent: DescentOptions

    /// Weight β₁ of the momentum in the direction, in `[0, 1)`.
    public var directionDecay: Double

    /// Decay β₂ of the momentum, in `[0, 1)`.
    public var momentumDecay: Double

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η; about a tenth of Adam's.
    ///   - directionDecay: β₁ in `[0, 1)`.
    ///   - momentumDecay: β₂ in `[0, 1)`.
    ///   - weightDecay: λ, multiplied by the learning rate.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        learningRate: Hyperparameter = 1e-4, directionDecay: Double = 0.9, momentumDecay: Double = 0.99,
        weightDecay: Hyperparameter = 1e-3, decayMask: ParameterMask = .all, maximizes: Bool = false
    ) {
        requireDecays("Lion", directionDecay, momentumDecay)
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, isDecayDecoupled: true,
            maximizes: maximizes)
        self.directionDecay = directionDecay
        self.momentumDecay = momentumDecay
    }

    /// Zero `momentum` and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        AccumulatorState([.momentum], for: parameters)
    }

    /// Signs of interpolated momenta.
    ///
    /// - Parameters:
    ///   - gradients: gradients, sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its momentum takes the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(
        for gradients: ParameterList, scale: Double, state: inout AccumulatorState
    ) -> ParameterList {
        let signs = state[.momentum].map(with: gradients) { momentum, gradient in
            (gradient * (1 - directionDecay) + momentum * directionDecay).sign()
        }
        _ = state.advance(.momentum, with: gradients) { $1 * (1 - momentumDecay) + $0 * momentumDecay }
        return signs.scaled(by: scale)
    }
}
