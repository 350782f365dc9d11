import Tensors

/// How the floating-point leaves of a tree lie one after the other in one vector, or in one row a task.
///
/// `n` numbers in all, or `n` a task and `T` tasks: a vector has the shape `[n]`, or `[T, n]` with a task axis. Then
/// every leaf has the size `T` in its first dimension. Scalars count as one number.
struct FlatLayout<Tree: TensorTree> {
    private let pattern: Tree
    private let shapes: [[Int]]
    private let counts: [Int]
    /// Number of tasks, nil without a task axis.
    let taskCount: Int?
    /// n.
    let count: Int
    let dtype: DType

    init(of tree: Tree, isBatched: Bool) {
        pattern = tree
        let leaves = tree.tensors.filter(\.dtype.isFloatingPoint)
        shapes = leaves.map(\.shape)
        guard let first = leaves.first else { preconditionFailure("Optimizers: an unknown without a number in it") }
        dtype = first.dtype
        precondition(
            leaves.allSatisfy { $0.dtype == first.dtype },
            "Optimizers: the tensors of an unknown must be of one type; these are \(leaves.map(\.dtype))")
        taskCount = isBatched ? first.shape.first : nil
        if isBatched {
            let sizes = Set(shapes.map { $0.first ?? -1 })
            precondition(
                sizes.count == 1 && !sizes.contains(-1),
                "Optimizers: with a task axis every tensor starts with the same size; these have the shapes \(shapes)")
        }
        let tasks = taskCount ?? 1
        counts = leaves.map { tasks == 0 ? 0 : $0.elementCount / tasks }
        count = counts.reduce(0, +)
    }

    /// The leaves as one vector.
    func flatten(_ tree: Tree) -> Tensor {
        flatten(tree.tensors)
    }

    /// The floating-point ones of a tree's tensors as one vector.
    func flatten(_ tensors: [Tensor]) -> Tensor {
        let leaves = tensors.filter(\.dtype.isFloatingPoint)
        precondition(
            leaves.count == shapes.count, "Optimizers: \(leaves.count) tensors meet an unknown of \(shapes.count)")
        let rows = leaves.enumerated().map { place, leaf in
            let leaf = leaf.dtype == dtype ? leaf : leaf.to(dtype)
            let shape = taskCount.map { [$0, counts[place]] } ?? [counts[place]]
            return leaf.shape == shape ? leaf : leaf.expanded(shapes[place]).reshaped(shape)
        }
        return rows.count == 1 ? rows[0] : Tensor.concatenated(rows, dimension: -1)
    }

    /// A vector as a tree.
    func tree(_ vector: Tensor) -> Tree {
        pattern.replacingTensors(with: tensors(vector))
    }

    /// A vector as all tensors of the tree; those that aren't floating-point are the pattern's.
    func tensors(_ vector: Tensor) -> [Tensor] {
        let parts = counts.count == 1 ? [vector] : vector.split(counts, dimension: -1)
        var next = 0
        return pattern.tensors.map { leaf in
            guard leaf.dtype.isFloatingPoint else { return leaf }
            defer { next += 1 }
            return parts[next].reshaped(shapes[next])
        }
    }
}

/// Inner product of two vectors, or of each task's: a scalar, or `[T, 1]`.
func inner(_ a: Tensor, _ b: Tensor) -> Tensor {
    a.rank == 1 ? a.dot(b) : (a * b).sum(dimension: -1, keepDimension: true)
}
