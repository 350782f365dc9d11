import Tensors

/// Adam's directions with decay, scaled in each parameter by the ratio of norms, as `optax.lamb`.
///
/// u = direction + λp, update = −η·|p| / |u|·u, with the ratio 1 where either norm is 0.
/// Source: You et al. 2020, arXiv:1904.00962, algorithm 2 with φ the identity.
public struct LAMB: GradientTransform {
    /// Learning rate η, weight decay λ, and whether to go up.
    public var descent: DescentOptions

    /// Moment estimates.
    public var options: AdamOptions

    /// Whether each task, along the first dimension of every parameter, has a ratio of its own.
    public var perTask: Bool

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ, added to the direction.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    ///   - perTask: whether each task, along the first dimension of every parameter, has a ratio of its own.
    ///   - options: moment estimates.
    public init(
        learningRate: Hyperparameter, weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all,
        maximizes: Bool = false, perTask: Bool = false, options: AdamOptions = AdamOptions(epsilon: 1e-6)
    ) {
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, isDecayDecoupled: true,
            maximizes: maximizes)
        self.options = options
        self.perTask = perTask
    }

    /// Zero moments and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AdamState {
        AdamState(for: parameters, amsgrad: options.amsgrad)
    }

    /// One step of LAMB.
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
        var next = state
        let directions = next.directions(for: descent.uphill(gradients), scale: 1, options)
        next.step += 1
        let decay = descent.weightDecay.factor(at: state.step)
        let decayed = addingDecay(decay, of: parameters, where: descent.decayMask, to: directions)
        let scaled = decayed.map(with: parameters) { $0.scaledByTrustRatio(to: $1, perTask: perTask) }
        return (descent.learningRate.factor(at: state.step).descend { scaled.scaled(by: $0) }, next)
    }
}

/// Scales each update by the ratio of its parameter's norm to its own, as `optax.scale_by_trust_ratio`.
public struct ScaleByTrustRatio: GradientTransform {
    /// Whether each task, along the first dimension of every parameter, has a ratio of its own.
    public var perTask: Bool

    /// Creates the transform.
    ///
    /// - Parameter perTask: whether each task has a ratio of its own.
    public init(perTask: Bool = false) {
        self.perTask = perTask
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The updates times |p| / |u|, or times 1 where either is 0.
    ///
    /// - Parameters:
    ///   - gradients: updates u.
    ///   - state: the empty state.
    ///   - parameters: the parameters p.
    /// - Returns: scaled updates, and the empty state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        (gradients.map(with: parameters) { $0.scaledByTrustRatio(to: $1, perTask: perTask) }, state)
    }
}

extension Tensor {
    /// self · |parameter| / |self|, the ratio taken as 1 where either norm is 0.
    fileprivate func scaledByTrustRatio(to parameter: Tensor, perTask: Bool) -> Tensor {
        let (numerator, norm) = (parameter.leafNorm(perTask: perTask), leafNorm(perTask: perTask))
        let isZero = (numerator .== 0) .| (norm .== 0)
        let ones = Tensor.ones(like: norm)
        let ratio = Tensor.where(isZero, ones, numerator / Tensor.where(isZero, ones, norm))
        return self * (perTask ? ratio.aligned(with: self) : ratio)
    }
}
