import Tensors

/// Steps in the units of the parameters, as `torch.optim.Adadelta`.
///
/// g ← g + λp, a ← ρa + (1 − ρ)g², d = g·√(b + ε) / √(a + ε), b ← ρb + (1 − ρ)d², update = −ηd.
/// Source: Zeiler 2012, arXiv:1212.5701, algorithm 1 (with η = 1).
public struct AdaDelta: DescentRule {
    /// Learning rate η, weight decay λ (added to the gradient), and whether to go up.
    public var descent: DescentOptions

    /// Decay ρ of both means, in `[0, 1)`.
    public var decay: Double

    /// Added under both roots: ε > 0.
    public var epsilon: Double

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - decay: ρ in `[0, 1)`.
    ///   - epsilon: ε > 0.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        learningRate: Hyperparameter = 1, decay: Double = 0.9, epsilon: Double = 1e-6,
        weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all, maximizes: Bool = false
    ) {
        requireDecays("AdaDelta", decay, epsilon: epsilon)
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, maximizes: maximizes)
        self.decay = decay
        self.epsilon = epsilon
    }

    /// Zero `squares` and `changes`, and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        AccumulatorState([.squares, .changes], for: parameters)
    }

    /// g·√(b + ε) / √(a + ε).
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its accumulators take the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(
        for gradients: ParameterList, scale: Double, state: inout AccumulatorState
    ) -> ParameterList {
        let squares = state.advanceSquares(with: gradients, decay: decay)
        let ratios = state[.changes].map(with: squares) { ($0 + epsilon).sqrt() / ($1 + epsilon).sqrt() }
        let steps = ratios.map(with: gradients) { $0 * $1 }
        _ = state.advance(.changes, with: steps) { ($0 * decay).addingProduct($1, $1, scale: 1 - decay) }
        return steps.scaled(by: scale)
    }
}
