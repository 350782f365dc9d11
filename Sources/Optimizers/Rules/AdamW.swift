import Tensors

/// Adam with decoupled weight decay, as `torch.optim.AdamW`.
///
/// update = −η(direction + λp), direction as in `AdamOptions`.
/// Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2 with schedule multiplier inside η.
public struct AdamW: DescentRule {
    /// Learning rate η, decoupled weight decay λ (multiplied by η), and whether to go up.
    public var descent: DescentOptions

    /// Moment estimates.
    public var options: AdamOptions

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ, multiplied by the learning rate.
    ///   - decayMask: the parameters that decay; `.matrices` spares biases and gains of norms.
    ///   - maximizes: whether steps go up; the decay shrinks parameters all the same.
    ///   - options: moment estimates.
    public init(
        learningRate: Hyperparameter = 1e-3, weightDecay: Hyperparameter = 1e-2, decayMask: ParameterMask = .all,
        maximizes: Bool = false, options: AdamOptions = AdamOptions()
    ) {
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, isDecayDecoupled: true,
            maximizes: maximizes)
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
    ///   - gradients: gradients, sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its moments take the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(for gradients: ParameterList, scale: Double, state: inout AdamState) -> ParameterList {
        state.directions(for: gradients, scale: scale, options)
    }
}
