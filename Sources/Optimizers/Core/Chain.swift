public import Tensors

/// Two transforms, the second working on the first's updates, as `chain { }` makes it.
public struct Chain<First: GradientTransform, Second: GradientTransform>: GradientTransform {
    /// Works on the gradients.
    public var first: First

    /// Works on the first's updates.
    public var second: Second

    /// Creates a chain of two.
    ///
    /// - Parameters:
    ///   - first: works on the gradients.
    ///   - second: works on the first's updates.
    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    /// Both initial states.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> ChainState<First.State, Second.State> {
        ChainState(
            first: first.initialState(for: parameters), second: second.initialState(for: parameters))
    }

    /// The second's update of the first's update.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: both states.
    ///   - parameters: the parameters.
    /// - Returns: updates to add, and the next states.
    public func update(
        _ gradients: ParameterList, state: ChainState<First.State, Second.State>, parameters: ParameterList
    ) -> (updates: ParameterList, state: ChainState<First.State, Second.State>) {
        let (between, firstNext) = first.update(gradients, state: state.first, parameters: parameters)
        let (updates, secondNext) = second.update(between, state: state.second, parameters: parameters)
        return (updates, ChainState(first: firstNext, second: secondNext))
    }
}

/// The states of two chained transforms.
public struct ChainState<First: OptimizerState, Second: OptimizerState>: OptimizerState {
    /// State of the first transform.
    public var first: First

    /// State of the second transform.
    public var second: Second

    /// Creates the state of a chain.
    ///
    /// - Parameters:
    ///   - first: state of the first transform.
    ///   - second: state of the second transform.
    public init(first: First, second: Second) {
        self.first = first
        self.second = second
    }

    /// Shows both states under `0` and `1`.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("0", &first)
        visitor.visit("1", &second)
    }

    /// Shows both states' counters under `0.` and `1.`.
    ///
    /// - Parameter body: takes each counter.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        first.visitCounters { body("0." + $0, &$1) }
        second.visitCounters { body("1." + $0, &$1) }
    }
}

/// Chains transforms: each works on the updates of the one before.
///
///     let optimizer = chain {
///         ClipByGlobalNorm(1)
///         AdamW(learningRate: 3e-4)
///     }
///
/// - Parameter transforms: one transform or more, the first of which sees the gradients.
/// - Returns: the chain, itself a transform.
public func chain<Transform: GradientTransform>(@ChainBuilder _ transforms: () -> Transform) -> Transform {
    transforms()
}

/// Builds the value of `chain { }`.
@resultBuilder
public enum ChainBuilder {
    /// The first transform by itself.
    ///
    /// - Parameter first: the first transform.
    /// - Returns: the same.
    public static func buildPartialBlock<First: GradientTransform>(first: First) -> First {
        first
    }

    /// The transforms so far with one more after them.
    ///
    /// - Parameters:
    ///   - accumulated: the transforms so far.
    ///   - next: works on their updates.
    /// - Returns: the chain.
    public static func buildPartialBlock<Accumulated: GradientTransform, Next: GradientTransform>(
        accumulated: Accumulated, next: Next
    ) -> Chain<Accumulated, Next> {
        Chain(accumulated, next)
    }
}
