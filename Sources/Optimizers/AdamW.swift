import Tensors

/// Adam with decoupled weight decay, as `torch.optim.AdamW`.
///
/// update = −η(direction + λp), direction as in `AdamOptions`.
/// Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2 with schedule multiplier inside η.
public struct AdamW: GradientTransform {
    /// Learning rate η.
    public var learningRate: Hyperparameter

    /// Decoupled weight decay λ, multiplied by the learning rate.
    public var weightDecay: Hyperparameter

    /// The parameters that decay.
    public var decayMask: ParameterMask

    /// Moment estimates.
    public var options: AdamOptions

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ, multiplied by the learning rate.
    ///   - decayMask: the parameters that decay; `.matrices` spares biases and gains of norms.
    ///   - options: moment estimates.
    public init(
        learningRate: Hyperparameter = 1e-3, weightDecay: Hyperparameter = 1e-2, decayMask: ParameterMask = .all,
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

    /// One step of AdamW.
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
        var next = state
        let direction = next.direction(for: gradients, options)
        let decayed = addingDecay(decay, of: parameters, where: decayMask, to: direction)
        return (decayed.map { $0 * rate }, next)
    }
}
