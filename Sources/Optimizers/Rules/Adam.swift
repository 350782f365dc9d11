import Tensors

/// Adam, as `torch.optim.Adam`: weight decay is added to the gradient.
///
/// g ← g + λp; update = −η·direction, direction as in `AdamOptions`.
/// Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
public struct Adam: GradientTransform {
    /// Learning rate η.
    public var learningRate: Hyperparameter

    /// Weight decay λ, added to the gradient.
    public var weightDecay: Hyperparameter

    /// The parameters that decay.
    public var decayMask: ParameterMask

    /// Moment estimates.
    public var options: AdamOptions

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - options: moment estimates.
    public init(
        learningRate: Hyperparameter = 1e-3, weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all,
        options: AdamOptions = AdamOptions()
    ) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.decayMask = decayMask
        self.options = options
    }

    /// Zero moments and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AdamState {
        AdamState(for: parameters, amsgrad: options.amsgrad)
    }

    /// One step of Adam.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: the state.
    ///   - parameters: the parameters.
    /// - Returns: updates to add, and the next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: AdamState, parameters: ParameterList
    ) -> (updates: ParameterList, state: AdamState) {
        let rate = learningRate.factor(at: state.step) * -1
        let decay = weightDecay.factor(at: state.step)
        let decayed = addingDecay(decay, of: parameters, where: decayMask, to: gradients)
        var next = state
        let (ratios, correction) = next.direction(for: decayed, options)
        return (ratios.map { $0 * (rate * correction) }, next)
    }
}
