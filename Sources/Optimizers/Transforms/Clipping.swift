public import Tensors

extension TensorTree {
    /// The norm of all leaves taken as one vector.
    ///
    /// - Parameter order: p ≥ 1 of the p-norm, or `.infinity`.
    /// - Returns: a tensor without dimensions; 0 for a tree without leaves.
    public func globalNorm(order: Double = 2) -> Tensor {
        ParameterList(of: self).norm(order: order)
    }

    /// The tree scaled so that its norm does not exceed a maximum, as `torch.nn.utils.clip_grad_norm_`.
    ///
    /// Every leaf is multiplied by min(1, maximum / (norm + 10⁻⁶)).
    ///
    /// - Parameters:
    ///   - maximum: largest norm allowed, > 0.
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    /// - Returns: the scaled tree, and the norm before scaling (a tensor without dimensions).
    ///   A norm that is not a number makes every leaf not a number.
    public func clippedByGlobalNorm(_ maximum: Double, order: Double = 2) -> (clipped: Self, norm: Tensor) {
        let (list, norm) = ParameterList(of: self).clipped(toNorm: maximum, order: order)
        return (replacingParameters(with: list), norm)
    }
}

extension ParameterList {
    /// The p-norm of all leaves taken as one vector.
    func norm(order: Double) -> Tensor {
        precondition(order >= 1, "globalNorm: order is \(order), must be at least 1")
        guard let first = tensors.first else { return Tensor(0.0) }
        if tensors.count == 1 { return first.norm(order: order) }
        let isRecorded = tensors.contains { $0.requiresGradient }
        let norms = isRecorded ? tensors.map { $0.norm(order: order) } : Tensor.norms(tensors, order: order)
        return Tensor.stacked(norms).norm(order: order)
    }

    /// The list scaled to a norm of at most `maximum`, and the norm before.
    func clipped(toNorm maximum: Double, order: Double) -> (clipped: ParameterList, norm: Tensor) {
        let norm = norm(order: order)
        let coefficient = (maximum / (norm + 1e-6)).clamped(high: 1)
        return (map { $0 * coefficient.to($0.dtype) }, norm)
    }
}

/// Scales all gradients together so that their norm does not exceed a maximum.
///
/// As `torch.nn.utils.clip_grad_norm_`; differentiable, the norm included.
/// Source: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1.
public struct ClipByGlobalNorm: GradientTransform {
    /// Largest norm allowed, > 0.
    public var maximum: Double

    /// p ≥ 1 of the p-norm, or `.infinity`.
    public var order: Double

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - maximum: largest norm allowed, > 0.
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    /// - Precondition: `maximum > 0`; violations trap.
    public init(_ maximum: Double, order: Double = 2) {
        precondition(maximum > 0, "ClipByGlobalNorm: maximum is \(maximum), must be positive")
        self.maximum = maximum
        self.order = order
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
        (gradients.clipped(toNorm: maximum, order: order).clipped, state)
    }
}

/// Scales each gradient by itself so that its norm does not exceed a maximum.
public struct ClipByNorm: GradientTransform {
    /// Largest norm of one parameter's gradient, > 0.
    public var maximum: Double

    /// p ≥ 1 of the p-norm, or `.infinity`.
    public var order: Double

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - maximum: largest norm of one parameter's gradient, > 0.
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    /// - Precondition: `maximum > 0`; violations trap.
    public init(_ maximum: Double, order: Double = 2) {
        precondition(maximum > 0, "ClipByNorm: maximum is \(maximum), must be positive")
        self.maximum = maximum
        self.order = order
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
        let clipped = gradients.map { gradient in
            gradient * (maximum / (gradient.norm(order: order) + 1e-6)).clamped(high: 1)
        }
        return (clipped, state)
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
