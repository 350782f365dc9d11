import Tensors

/// Collects the gradients of several steps for one step of another transform, as `optax.MultiSteps`.
///
/// All updates but each k-th are zero.
public struct AccumulateSteps<Inner: GradientTransform>: GradientTransform {
    /// Makes each k-th update.
    public var inner: Inner

    /// Number k ≥ 1 of gradients for one step.
    public var count: Int

    /// Whether the inner transform sees the mean of the gradients, rather than their sum.
    public var takesMean: Bool

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - inner: makes each k-th update.
    ///   - count: k ≥ 1.
    ///   - takesMean: whether it sees the mean of the gradients, rather than their sum.
    /// - Precondition: `count ≥ 1`; violations trap.
    public init(_ inner: Inner, count: Int, takesMean: Bool = true) {
        precondition(count >= 1, "AccumulateSteps: count is \(count), must be at least 1")
        self.inner = inner
        self.count = count
        self.takesMean = takesMean
    }

    /// Zero `means` in `second`, the inner state in `first`.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> ChainState<Inner.State, AccumulatorState> {
        ChainState(first: inner.initialState(for: parameters), second: AccumulatorState([.means], for: parameters))
    }

    /// Zeros, or at each k-th step the inner transform's updates.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: the inner state, and the gradients so far.
    ///   - parameters: the parameters.
    /// - Returns: updates to add, and the next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: ChainState<Inner.State, AccumulatorState>, parameters: ParameterList
    ) -> (updates: ParameterList, state: ChainState<Inner.State, AccumulatorState>) {
        gradients.requireSameNames(as: parameters)
        var next = state
        let place = state.second.step % count
        next.second.step += 1
        let collected = next.second.advance(.means, with: gradients) { sum, gradient in
            takesMean ? sum.adding(gradient - sum, scale: 1 / Double(place + 1)) : sum + gradient
        }
        let zeros = gradients.map { Tensor.zeros(like: $0) }
        guard place == count - 1 else { return (zeros, next) }
        next.second[.means] = zeros
        let (updates, innerState) = inner.update(collected, state: state.first, parameters: parameters)
        next.first = innerState
        return (updates, next)
    }
}
