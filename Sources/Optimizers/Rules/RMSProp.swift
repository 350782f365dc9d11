import Tensors

/// Steps divided by the root of the mean of squared gradients, as `torch.optim.RMSprop`.
///
/// g ← g + λp, v ← αv + (1 − α)g²; centred: a ← a + (1 − α)(g − a) and v̂ = v − a², else v̂ = v; u = g / (√v̂ + ε);
/// with momentum b ← μb + u and update −ηb, else update −ηu.
/// Source: Hinton 2012, lecture 6e of "Neural Networks for Machine Learning"; centred: Graves 2013, arXiv:1308.0850.
public struct RMSProp: DescentRule {
    /// Learning rate η, weight decay λ (added to the gradient), and whether to go up.
    public var descent: DescentOptions

    /// Decay α of the means, in `[0, 1)`.
    public var decay: Double

    /// Added to the root: ε ≥ 0.
    public var epsilon: Double

    /// Momentum μ in `[0, 1)`; the constant 0 keeps no buffers.
    public var momentum: Hyperparameter

    /// Whether to divide by an estimate of the standard deviation of gradients rather than of their size.
    public var isCentred: Bool

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - decay: α in `[0, 1)`.
    ///   - epsilon: ε ≥ 0.
    ///   - momentum: μ in `[0, 1)`; the constant 0 keeps no buffers.
    ///   - isCentred: whether the mean's square is taken from the mean square.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        learningRate: Hyperparameter = 1e-2, decay: Double = 0.99, epsilon: Double = 1e-8,
        momentum: Hyperparameter = 0, isCentred: Bool = false, weightDecay: Hyperparameter = 0,
        decayMask: ParameterMask = .all, maximizes: Bool = false
    ) {
        requireDecays("RMSProp", decay, epsilon: epsilon)
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, maximizes: maximizes)
        self.decay = decay
        self.epsilon = epsilon
        self.momentum = momentum
        self.isCentred = isCentred
    }

    /// Zero `squares`, with centring `means`, with momentum `momentum`, and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        var kinds: [Accumulator] = [.squares]
        if isCentred { kinds.append(.means) }
        if !momentum.isConstantZero { kinds.append(.momentum) }
        return AccumulatorState(kinds, for: parameters)
    }

    /// g / (√v̂ + ε), or its decaying sum.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its accumulators take the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(
        for gradients: ParameterList, scale: Double, state: inout AccumulatorState
    ) -> ParameterList {
        var squares = state.advanceSquares(with: gradients, decay: decay)
        if isCentred {
            let means = state.advanceMean(.means, with: gradients, decay: decay)
            squares = squares.map(with: means) { $0.addingProduct($1, $1, scale: -1) }
        }
        let ratios = gradients.map(with: squares) { $0 / ($1.safeSquareRoot() + epsilon) }
        guard !momentum.isConstantZero else { return ratios.scaled(by: scale) }
        let factor = momentum.factor(at: state.step)
        return state.advance(.momentum, with: ratios) { $0 * factor + $1 }.scaled(by: scale)
    }
}
