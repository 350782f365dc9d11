public import Tensors

/// Leaves out steps whose gradients are not all finite, as `optax.apply_if_finite`.
///
/// Such a step's updates are zero and the inner state stays as it was. After more than `maximumErrors` in a row the
/// updates go through all the same, so that an error that stays is seen. The state counts errors in a row
/// (`errors`) and in all (`totalErrors`).
///
/// The decision reads a number, so it is not made inside `vmap`, and gradients go through the steps that were made.
public struct ApplyIfFinite<Inner: GradientTransform>: GradientTransform {
    /// Makes the updates.
    public var inner: Inner

    /// Number of errors in a row that are left out, ≥ 0.
    public var maximumErrors: Int

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - inner: makes the updates.
    ///   - maximumErrors: number of errors in a row that are left out, ≥ 0.
    /// - Precondition: `maximumErrors ≥ 0`; violations trap.
    public init(_ inner: Inner, maximumErrors: Int) {
        precondition(maximumErrors >= 0, "ApplyIfFinite: maximumErrors is \(maximumErrors), must not be negative")
        self.inner = inner
        self.maximumErrors = maximumErrors
    }

    /// No errors, and the inner state.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> FiniteState<Inner.State> {
        FiniteState(inner: inner.initialState(for: parameters))
    }

    /// The inner transform's updates, or zeros.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: the inner state, and the errors so far.
    ///   - parameters: the parameters.
    /// - Returns: updates to add, and the next state.
    public func update(
        _ gradients: ParameterList, state: FiniteState<Inner.State>, parameters: ParameterList
    ) -> (updates: ParameterList, state: FiniteState<Inner.State>) {
        var next = state
        let flags = gradients.tensors.map { $0.detached().isFinite().all() }
        let isFinite = flags.isEmpty || Tensor.stacked(flags).all().to(.int64).integerItem() != 0
        next.errors = isFinite ? 0 : state.errors + 1
        next.totalErrors += isFinite ? 0 : 1
        guard isFinite || next.errors > maximumErrors else {
            return (gradients.map { Tensor.zeros(like: $0) }, next)
        }
        let (updates, innerState) = inner.update(gradients, state: state.inner, parameters: parameters)
        next.inner = innerState
        return (updates, next)
    }
}

/// The state of `ApplyIfFinite`.
public struct FiniteState<Inner: OptimizerState>: OptimizerState {
    /// Errors in a row up to now.
    public var errors = 0

    /// Errors in all.
    public var totalErrors = 0

    /// The inner transform's state.
    public var inner: Inner

    /// Creates a state without errors.
    ///
    /// - Parameter inner: the inner transform's state.
    public init(inner: Inner) {
        self.inner = inner
    }

    /// Shows the inner state under `inner`.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("inner", &inner)
    }

    /// Shows `errors`, `totalErrors`, and the inner state's counters under `inner.`.
    ///
    /// - Parameter body: takes each counter.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        body("errors", &errors)
        body("totalErrors", &totalErrors)
        inner.visitCounters { body("inner." + $0, &$1) }
    }
}

/// Replaces elements that are not finite, as `torch.nan_to_num`; their derivatives become 0.
public struct ReplaceNonFinite: GradientTransform {
    /// In place of what is not a number.
    public var notANumber: Double

    /// In place of ∞; nil: the type's largest number.
    public var positiveInfinity: Double?

    /// In place of −∞; nil: the type's least number.
    public var negativeInfinity: Double?

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - notANumber: in place of what is not a number.
    ///   - positiveInfinity: in place of ∞; nil: the type's largest number.
    ///   - negativeInfinity: in place of −∞; nil: the type's least number.
    public init(notANumber: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil) {
        self.notANumber = notANumber
        self.positiveInfinity = positiveInfinity
        self.negativeInfinity = negativeInfinity
    }

    /// Nothing is remembered.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the empty state.
    public func initialState(for parameters: ParameterList) -> EmptyState { EmptyState() }

    /// The gradients with their elements that are not finite replaced.
    ///
    /// - Parameters:
    ///   - gradients: gradients or updates.
    ///   - state: the empty state.
    ///   - parameters: not used.
    /// - Returns: gradients without such elements, and the empty state.
    public func update(
        _ gradients: ParameterList, state: EmptyState, parameters: ParameterList
    ) -> (updates: ParameterList, state: EmptyState) {
        let replaced = gradients.map { gradient in
            let largest = gradient.dtype.largestFiniteNumber
            return
                gradient
                .maskedFill(where: gradient .== .infinity, with: positiveInfinity ?? largest)
                .maskedFill(where: gradient .== -.infinity, with: negativeInfinity ?? -largest)
                .maskedFill(where: gradient.isNaN(), with: notANumber)
        }
        return (replaced, state)
    }
}

extension DType {
    /// The largest finite number of a floating-point type.
    fileprivate var largestFiniteNumber: Double {
        switch self {
        case .float64: Double.greatestFiniteMagnitude
        case .float16: 65504
        // bfloat16 has 8 bits: (2 − 2⁻⁷)·2¹²⁷.
        case .bfloat16: 0x1.FEp127
        default: Double(Float.greatestFiniteMagnitude)
        }
    }
}
