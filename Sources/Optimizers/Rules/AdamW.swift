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
        let (ratios, correction) = next.direction(for: gradients, options)
        var updates = ratios.map { $0 * (rate * correction) }
        let shrinkage = rate * decay
        guard !shrinkage.isZero else { return (updates, next) }
        for index in updates.tensors.indices {
            let parameter = parameters.tensors[index]
            guard decayMask(parameters.names[index], shape: parameter.shape) else { continue }
            updates.tensors[index] = updates.tensors[index].adding(
                parameter, times: shrinkage.asRoundedRetention(for: parameter.dtype))
        }
        return (updates, next)
    }
}

extension Factor {
    /// −ηλ as it acts when a parameter is multiplied by 1 − ηλ in its own arithmetic.
    ///
    /// torch's AdamW, its fused kernel included, rounds 1 − ηλ to float32 unless parameters are float64. With ηλ of
    /// 1e-4 that shifts a parameter by up to 3e-8 of itself a step, always the same way; all paths agree on it.
    fileprivate func asRoundedRetention(for dtype: DType) -> Factor {
        guard case .number(let value) = self, dtype != .float64 else { return self }
        return .number(Double(Float(1 + value)) - 1)
    }
}
