import Tensors

/// Steps divided by the root of the sum of all squared gradients, as `torch.optim.Adagrad`.
///
/// g ← g + λp, s ← s + g², update = −η / (1 + (t − 1)κ) · g / (√s + ε).
/// Source: Duchi et al. 2011, JMLR 12, 2121-2159, figure 1 (diagonal form).
public struct AdaGrad: DescentRule {
    /// Learning rate η, weight decay λ (added to the gradient), and whether to go up.
    public var descent: DescentOptions

    /// Decay κ ≥ 0 of the learning rate.
    public var rateDecay: Double

    /// What the sums start from, ≥ 0.
    public var initialSum: Double

    /// Added to the root: ε ≥ 0.
    public var epsilon: Double

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - rateDecay: κ ≥ 0.
    ///   - initialSum: what the sums start from, ≥ 0.
    ///   - epsilon: ε ≥ 0.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        learningRate: Hyperparameter = 1e-2, rateDecay: Double = 0, initialSum: Double = 0, epsilon: Double = 1e-10,
        weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all, maximizes: Bool = false
    ) {
        precondition(
            rateDecay >= 0 && initialSum >= 0 && epsilon >= 0,
            "AdaGrad: rateDecay \(rateDecay), initialSum \(initialSum), epsilon \(epsilon) must not be negative")
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, maximizes: maximizes)
        self.rateDecay = rateDecay
        self.initialSum = initialSum
        self.epsilon = epsilon
    }

    /// `squares` at the initial sum, and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        AccumulatorState([.squares], for: parameters, value: initialSum)
    }

    /// g / (√s + ε), with the decay of the rate.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its accumulator takes the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(
        for gradients: ParameterList, scale: Double, state: inout AccumulatorState
    ) -> ParameterList {
        let sums = state.advance(.squares, with: gradients) { $0.addingProduct($1, $1) }
        let factor = scale / (1 + Double(state.step) * rateDecay)
        return gradients.map(with: sums) { $0 / ($1.safeSquareRoot() + epsilon) * factor }
    }
}
