public import Tensors

/// The leaves of a parameter tree in visiting order, with their paths.
///
/// Every transform works on this flat form; `GradientTransform`'s generic methods take any `TensorTree` apart and
/// put it together again. It is itself a `TensorTree`, so that optimiser states can be differentiated and saved.
public struct ParameterList: TensorTree, Sendable {
    /// Path of each leaf, for example `layers.0.attention.query.weight`; unique.
    public var names: [String]

    /// The leaves, in the order of `names`; any shapes.
    public var tensors: [Tensor]

    /// Creates a list from names and leaves of equal number.
    ///
    /// - Parameters:
    ///   - names: unique path of each leaf.
    ///   - tensors: the leaves in the same order.
    /// - Precondition: as many names as tensors; violations trap.
    public init(names: [String], tensors: [Tensor]) {
        precondition(
            names.count == tensors.count,
            "ParameterList: \(names.count) names for \(tensors.count) tensors")
        self.names = names
        self.tensors = tensors
    }

    /// Creates the list of the floating-point leaves of a tree; others are no parameters.
    ///
    /// - Parameter tree: a model, a gradient, or any other tree of tensors.
    public init<Tree: TensorTree>(of tree: Tree) {
        let leaves = tree.flattened().filter { $0.tensor.dtype.isFloatingPoint }
        self.init(names: leaves.map(\.path), tensors: leaves.map(\.tensor))
    }

    /// Number of leaves.
    public var count: Int { tensors.count }

    /// Shows each leaf under its own path.
    ///
    /// - Parameter visitor: sees and may replace every leaf.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        for index in tensors.indices {
            visitor.visit(names[index], &tensors[index])
        }
    }

    /// The list with each leaf replaced by a function of it; names stay.
    ///
    /// - Parameter transform: new leaf from old.
    /// - Returns: a list with the same names.
    public func map(_ transform: (Tensor) -> Tensor) -> ParameterList {
        ParameterList(names: names, tensors: tensors.map(transform))
    }

    /// The list whose leaves are a function of this list's and another's leaves.
    ///
    /// - Parameters:
    ///   - other: a list with the same names in the same order.
    ///   - combine: new leaf from this list's and the other's.
    /// - Returns: a list with the same names.
    /// - Precondition: the names agree; violations trap with the first difference.
    public func map(with other: ParameterList, _ combine: (Tensor, Tensor) -> Tensor) -> ParameterList {
        requireSameNames(as: other)
        return ParameterList(names: names, tensors: zip(tensors, other.tensors).map(combine))
    }

    /// The list times a number.
    func scaled(by scale: Double) -> ParameterList {
        scale == 1 ? self : map { $0 * scale }
    }

    /// The part of the list at some indices.
    func chosen(at indices: [Int]) -> ParameterList {
        ParameterList(names: indices.map { names[$0] }, tensors: indices.map { tensors[$0] })
    }

    /// Traps unless another list has the same names in the same order.
    func requireSameNames(as other: ParameterList) {
        guard names != other.names else { return }
        let difference = zip(names, other.names).first { $0 != $1 }
        if let difference {
            preconditionFailure("ParameterList: trees differ: \(difference.0) meets \(difference.1)")
        }
        preconditionFailure("ParameterList: trees differ: \(names.count) leaves meet \(other.names.count)")
    }
}

extension TensorTree {
    /// The tree with its floating-point leaves replaced by those of a list.
    func replacingParameters(with list: ParameterList) -> Self {
        var next = list.tensors.makeIterator()
        return mapTensors { leaf in
            guard leaf.dtype.isFloatingPoint else { return leaf }
            return next.next() ?? leaf
        }
    }
}
