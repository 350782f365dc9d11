public import Tensors

/// Where an inner loop ended: parameters and what the optimiser remembers.
///
/// A value: keep a copy to go on from here later.
public struct Unrolled<Parameters: TensorTree, State: OptimizerState>: TensorTree {
    /// The parameters after the last step.
    public var parameters: Parameters

    /// The optimiser's state after the last step.
    public var state: State

    /// Puts parameters and state together.
    ///
    /// - Parameters:
    ///   - parameters: the parameters.
    ///   - state: the optimiser's state.
    public init(parameters: Parameters, state: State) {
        self.parameters = parameters
        self.state = state
    }

    /// Shows `parameters`, then `state`.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("parameters", &parameters)
        visitor.visit("state", &state)
    }
}

extension Unrolled: Sendable where Parameters: Sendable {}

/// The value of an outer loss after an inner loop, and its gradients.
public struct MetaGradient<Parameters: TensorTree, Meta: TensorTree, State: OptimizerState> {
    /// The outer loss.
    public var value: Tensor

    /// Gradient with respect to the initial parameters.
    public var parameters: Parameters

    /// Gradient with respect to the meta-parameters.
    public var meta: Meta

    /// Gradient with respect to the optimiser's initial state, such as moments; its counters are the state's.
    public var state: State
}

extension MetaGradient: Sendable where Parameters: Sendable, Meta: Sendable {}
