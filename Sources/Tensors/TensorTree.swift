/// A value that holds tensors: a model, its gradients, an optimiser's state, a batch.
///
/// A struct conforms by passing each property that holds tensors to the visitor, always in one order:
///
///     struct Linear: TensorTree {
///         var weight: Tensor
///         var bias: Tensor?
///         mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
///             visitor.visit("weight", &weight)
///             visitor.visit("bias", &bias)
///         }
///     }
///
/// Everything else in the struct (sizes, rates) is left as it is.
public protocol TensorTree {
    /// Lets a visitor see, and perhaps replace, every tensor, in an order that does not change.
    mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V)
}

/// Walks over the tensors of a tree.
public protocol TensorVisitor {
    /// Called for each tensor with its name in the struct that holds it; an empty name adds nothing to the path.
    mutating func visit(_ name: String, _ tensor: inout Tensor)
    /// Called for each part that is a tree itself; walks into it.
    mutating func visit<T: TensorTree>(_ name: String, _ tree: inout T)
}

extension TensorVisitor {
    /// Walks into the part without taking note of its name.
    public mutating func visit<T: TensorTree>(_ name: String, _ tree: inout T) { tree.visitTensors(&self) }
}

extension Tensor: TensorTree {
    /// The tree of one tensor, without a name.
    public mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) { visitor.visit("", &self) }
}

extension Array: TensorTree where Element: TensorTree {
    /// Elements in order, named "0", "1", ...
    public mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
        for index in indices { visitor.visit(String(index), &self[index]) }
    }
}

extension Optional: TensorTree where Wrapped: TensorTree {
    /// The wrapped tree, if there is one, under no name of its own.
    public mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
        guard var wrapped = self else { return }
        visitor.visit("", &wrapped)
        self = wrapped
    }
}

extension Dictionary: TensorTree where Key == String, Value: TensorTree {
    /// Values in ascending order of their keys, which are their names.
    public mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
        for key in keys.sorted() {
            guard var value = self[key] else { continue }
            visitor.visit(key, &value)
            self[key] = value
        }
    }
}

/// Two trees together.
public struct Pair<First: TensorTree, Second: TensorTree>: TensorTree {
    /// The one tree.
    public var first: First
    /// The other tree.
    public var second: Second

    /// Puts two trees together.
    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    /// The tensors of `first`, then those of `second`.
    public mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
        visitor.visit("first", &first)
        visitor.visit("second", &second)
    }
}

extension Pair: Sendable where First: Sendable, Second: Sendable {}

/// The tree without a tensor.
public struct EmptyTree: TensorTree, Sendable {
    /// The only value.
    public init() {}

    /// Nothing to visit.
    public mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {}
}
