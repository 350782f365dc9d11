import Tensors

/// A transform that sees only the parameters of a mask; other updates pass through as they came, or as zeros.
///
/// The inner transform's state holds the chosen parameters only.
public struct Masked<Inner: GradientTransform>: GradientTransform {
    /// What happens to the parameters that are left out.
    public enum Others: Sendable {
        /// Their updates pass through unchanged.
        case passThrough

        /// Their updates become zero: the parameters are frozen.
        case freeze
    }

    /// Works on the chosen parameters.
    public var inner: Inner

    /// The choice.
    public var mask: ParameterMask

    /// What happens to the rest.
    public var others: Others

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - inner: works on the chosen parameters.
    ///   - mask: the choice.
    ///   - others: what happens to the rest.
    public init(_ inner: Inner, where mask: ParameterMask, others: Others = .passThrough) {
        self.inner = inner
        self.mask = mask
        self.others = others
    }

    /// The inner transform's state for the chosen parameters.
    ///
    /// - Parameter parameters: all parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> Inner.State {
        inner.initialState(for: parameters.chosen(at: mask.indices(of: parameters)))
    }

    /// The inner transform's updates for the chosen parameters.
    ///
    /// - Parameters:
    ///   - gradients: gradients of all parameters.
    ///   - state: the inner transform's state.
    ///   - parameters: all parameters.
    /// - Returns: updates of all parameters, and the inner transform's next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: Inner.State, parameters: ParameterList
    ) -> (updates: ParameterList, state: Inner.State) {
        gradients.requireSameNames(as: parameters)
        let indices = mask.indices(of: parameters)
        let (inside, next) = inner.update(
            gradients.chosen(at: indices), state: state, parameters: parameters.chosen(at: indices))
        var updates =
            switch others {
            case .passThrough: gradients
            case .freeze: gradients.map { Tensor.zeros(like: $0) }
            }
        for (index, update) in zip(indices, inside.tensors) {
            updates.tensors[index] = update
        }
        return (updates, next)
    }
}
