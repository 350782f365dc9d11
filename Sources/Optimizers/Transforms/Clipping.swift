import Tensors

/// Scales all gradients together so that their norm does not exceed a maximum.
///
/// As `torch.nn.utils.clip_grad_norm_`; differentiable, the norm included.
/// Source: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1.
public struct ClipByGlobalNorm: GradientTransform {
    /// Largest norm allowed, > 0.
    public var maximum: Double

    /// p ≥ 1 of the p-norm, or `.infinity`.
    public var order: Double

    /// Added to the norm, ≥ 0: 10⁻⁶ in torch, 0 in optax.
    public var epsilon: Double

    /// Whether the first dimension of every leaf is a task, and each task is scaled by itself.
    public var perTask: Bool

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - maximum: largest norm allowed, > 0.
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    ///   - epsilon: added to the norm, ≥ 0.
    ///   - perTask: whether the first dimension of every leaf is a task, and each task is scaled by itself.
    /// - Precondition: `maximum > 0` and `epsilon ≥ 0`; violations trap.
    public init(_ maximum: Double, order: Double = 2, epsilon: Double = 1e-6, perTask: Bool = false) {
        precondition(
            maximum > 0 && epsilon >= 0,
            "ClipByGlobalNorm: maximum is \(maximum), must be positive; epsilon \(epsilon), must not be negative")
        self.maximum = maximum
        self.order = order
        self.epsilon = epsilon
        self.perTask = perTask
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The gradients, scaled together.
    ///
    /// - Parameters:
    ///   - gradients: gradients.
    ///   - state: the empty state.
    ///   - parameters: not used.
    /// - Returns: scaled gradients, and the empty state.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        (
            NormLimit(maximum: maximum, order: order, epsilon: epsilon, perTask: perTask).applied(to: gradients)
                .clipped,
            state
        )
    }
}

/// Scales each gradient by itself so that its norm does not exceed a maximum.
public struct ClipByNorm: GradientTransform {
    /// Largest norm of one parameter's gradient, > 0.
    public var maximum: Double

    /// p ≥ 1 of the p-norm, or `.infinity`.
    public var order: Double

    /// Whether the first dimension of every leaf is a task, and each task is scaled by itself.
    public var perTask: Bool

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - maximum: largest norm of one parameter's gradient, > 0.
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    ///   - perTask: whether the first dimension of every leaf is a task, and each task is scaled by itself.
    /// - Precondition: `maximum > 0`; violations trap.
    public init(_ maximum: Double, order: Double = 2, perTask: Bool = false) {
        precondition(maximum > 0, "ClipByNorm: maximum is \(maximum), must be positive")
        self.maximum = maximum
        self.order = order
        self.perTask = perTask
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The gradients, each scaled by min(1, maximum / (its norm + 10⁻⁶)).
    ///
    /// - Parameters:
    ///   - gradients: gradients.
    ///   - state: the empty state.
    ///   - parameters: not used.
    /// - Returns: scaled gradients, and the empty state.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        let limit = NormLimit(maximum: maximum, order: order, perTask: perTask)
        return (gradients.map { limit.applied(to: $0) }, state)
    }
}

/// Limits every element of the gradients to `[−maximum, maximum]`, as `torch.nn.utils.clip_grad_value_`.
public struct ClipByValue: GradientTransform {
    /// Largest magnitude allowed, > 0.
    public var maximum: Double

    /// Creates the transform.
    ///
    /// - Parameter maximum: largest magnitude allowed, > 0.
    /// - Precondition: `maximum > 0`; violations trap.
    public init(_ maximum: Double) {
        precondition(maximum > 0, "ClipByValue: maximum is \(maximum), must be positive")
        self.maximum = maximum
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The gradients with every element limited.
    ///
    /// - Parameters:
    ///   - gradients: gradients.
    ///   - state: the empty state.
    ///   - parameters: not used.
    /// - Returns: limited gradients, and the empty state.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        (gradients.map { $0.clamped(low: -maximum, high: maximum) }, state)
    }
}
