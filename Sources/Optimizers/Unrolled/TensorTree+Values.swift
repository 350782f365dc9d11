public import Tensors

// A tree is a value: keeping a copy of one is a snapshot, assigning the copy is a restore. These are the operations
// that one needs beside.
extension TensorTree {
    /// The same numbers, cut off from every graph: gradients stop here.
    ///
    /// The original goes on being differentiable.
    ///
    /// - Returns: the tree of detached tensors; they share memory with the original.
    public func detached() -> Self { mapTensors { $0.detached() } }

    /// Zeros of the tree's shapes and types.
    ///
    /// - Returns: a tree of constants.
    public func zeros() -> Self { mapTensors { Tensor.zeros(like: $0.detached()) } }

    /// The tree repeated along a new leading dimension of every leaf: one copy a task.
    ///
    /// Nothing is copied in memory until a task's copy changes. Differentiable: the gradient is the sum over tasks.
    ///
    /// - Parameter count: number of tasks, ≥ 1.
    /// - Returns: leaves `[count, ...]`.
    public func repeated(forTasks count: Int) -> Self {
        precondition(count >= 1, "repeated: \(count) tasks, must be at least 1")
        return mapTensors { $0.unsqueezed(0).expanded([count] + $0.shape) }
    }

    /// The part of one task out of a tree with a leading task dimension.
    ///
    /// - Parameter index: from 0.
    /// - Returns: leaves without the leading dimension.
    public func task(_ index: Int) -> Self { mapTensors { $0.select(dimension: 0, index: index) } }

    /// The sum over the leading task dimension of every leaf.
    ///
    /// - Returns: leaves without the leading dimension.
    public func summedOverTasks() -> Self { mapTensors { $0.sum(dimensions: [0]) } }
}
