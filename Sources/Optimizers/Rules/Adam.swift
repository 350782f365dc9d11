import Tensors

/// Adam, as `torch.optim.Adam`: weight decay is added to the gradient.
///
/// g ← g + λp; update = −η·direction, direction as in `AdamOptions`.
/// Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
public struct Adam: DescentRule {
    /// Learning rate η, weight decay λ (added to the gradient), and whether to go up.
    public var descent: DescentOptions

    /// Moment estimates.
    public var options: AdamOptions

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    ///   - options: moment estimates.
    public init(
        learningRate: Hyperparameter = 1e-3, weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all,
        maximizes: Bool = false, options: AdamOptions = AdamOptions()
    ) {
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, maximizes: maximizes)
        self.options = options
    }

    /// Zero moments and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AdamState {
        AdamState(for: parameters, amsgrad: options.amsgrad)
    }

    /// Adam's directions.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its moments take the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(for gradients: ParameterList, scale: Double, state: inout AdamState) -> ParameterList {
        state.directions(for: gradients, scale: scale, options)
    }
}
