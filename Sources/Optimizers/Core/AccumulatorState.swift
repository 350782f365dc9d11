public import Tensors

/// What a rule can keep for each parameter.
public enum Accumulator: String, Sendable, CaseIterable {
    /// A decaying sum or mean of gradients or directions.
    case momentum

    /// A sum or mean of squared gradients.
    case squares

    /// A mean of gradients, for centred squares.
    case means

    /// A mean of squared updates.
    case changes

    /// A decaying largest magnitude of gradients.
    case magnitudes

    /// Parameters that follow slowly.
    case slow
}

/// What the rules beside `SGD` and `Adam` remember: some accumulators, one tensor a parameter each.
///
/// Each accumulator may be read, replaced and differentiated, for example to learn where it starts.
public struct AccumulatorState: SteppedState {
    /// Number of updates made so far.
    public var step: Int

    private var lists: [String: ParameterList]

    /// Creates a state before the first step.
    ///
    /// - Parameters:
    ///   - kinds: the accumulators to keep.
    ///   - parameters: the parameters; shapes, types, devices and names are used.
    ///   - value: what every element starts from.
    public init(_ kinds: [Accumulator], for parameters: ParameterList, value: Double = 0) {
        step = 0
        lists = [:]
        for kind in kinds {
            lists[kind.rawValue] = parameters.map { Tensor.zeros(like: $0) + value }
        }
    }

    /// The tensors of one accumulator.
    ///
    /// - Parameter kind: which one.
    /// - Precondition: the state keeps it; a state of another rule traps.
    public subscript(kind: Accumulator) -> ParameterList {
        get {
            guard let list = lists[kind.rawValue] else {
                preconditionFailure(
                    "AccumulatorState: no \(kind) here, but \(lists.keys.sorted()): the state is another rule's")
            }
            return list
        }
        set { lists[kind.rawValue] = newValue }
    }

    /// Shows each accumulator under its name.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        lists.visitTensors(&visitor)
    }
}

extension AccumulatorState {
    /// Replaces one accumulator by a function of it and of the gradients; returns the new one.
    mutating func advance(
        _ kind: Accumulator, with gradients: ParameterList, _ function: (Tensor, Tensor) -> Tensor
    ) -> ParameterList {
        let list = self[kind].map(with: gradients, function)
        self[kind] = list
        return list
    }

    /// a ← βa + (1 − β)g², for the accumulator `squares`.
    mutating func advanceSquares(with gradients: ParameterList, decay: Double) -> ParameterList {
        advance(.squares, with: gradients) { ($0 * decay).addingProduct($1, $1, scale: 1 - decay) }
    }

    /// a ← a + (1 − β)(g − a), as `torch.lerp` computes it.
    mutating func advanceMean(_ kind: Accumulator, with gradients: ParameterList, decay: Double) -> ParameterList {
        advance(kind, with: gradients) { $0.interpolated(to: $1, weight: 1 - decay) }
    }
}
