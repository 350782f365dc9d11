private struct Collector: TensorVisitor {
    var tensors: [Tensor] = []

    mutating func visit(_ name: String, _ tensor: inout Tensor) { tensors.append(tensor) }
}

private struct PathCollector: TensorVisitor {
    var found: [(path: String, tensor: Tensor)] = []
    var prefix = ""

    func path(_ name: String) -> String {
        if name.isEmpty { return prefix }
        return prefix.isEmpty ? name : prefix + "." + name
    }

    mutating func visit(_ name: String, _ tensor: inout Tensor) { found.append((path(name), tensor)) }

    mutating func visit<T: TensorTree>(_ name: String, _ tree: inout T) {
        let outer = prefix
        prefix = path(name)
        tree.visitTensors(&self)
        prefix = outer
    }
}

private struct Replacer: TensorVisitor {
    let replacements: [Tensor]
    var next = 0

    mutating func visit(_ name: String, _ tensor: inout Tensor) {
        precondition(next < replacements.count, "Tensors: a tree has more than the \(replacements.count) tensors given")
        tensor = replacements[next]
        next += 1
    }
}

extension TensorTree {
    /// All tensors in visiting order.
    public var tensors: [Tensor] {
        var copy = self
        var collector = Collector()
        copy.visitTensors(&collector)
        return collector.tensors
    }

    /// All tensors with their paths, such as `layers.0.weight`, in visiting order.
    public func flattened() -> [(path: String, tensor: Tensor)] {
        var copy = self
        var collector = PathCollector()
        copy.visitTensors(&collector)
        return collector.found
    }

    /// The same tree with other tensors, given in visiting order.
    ///
    /// - Precondition: as many tensors as the tree has; another number traps.
    public func replacingTensors(with tensors: [Tensor]) -> Self {
        var copy = self
        var replacer = Replacer(replacements: tensors)
        copy.visitTensors(&replacer)
        precondition(
            replacer.next == tensors.count, "Tensors: \(tensors.count) tensors given for a tree of \(replacer.next)")
        return copy
    }

    /// The same tree with a function applied to each tensor.
    public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> Self {
        try replacingTensors(with: tensors.map(transform))
    }

    /// The same tree with a function applied to each tensor and its path.
    public func mapTensorsWithPaths(_ transform: (String, Tensor) throws -> Tensor) rethrows -> Self {
        try replacingTensors(with: flattened().map { try transform($0.path, $0.tensor) })
    }

    /// The same tree with a function applied to each tensor and the one that another tree holds in its place.
    ///
    /// - Precondition: both trees hold as many tensors; otherwise it traps.
    public func zipTensors(_ other: Self, _ transform: (Tensor, Tensor) throws -> Tensor) rethrows -> Self {
        let mine = tensors
        let others = other.tensors
        precondition(
            mine.count == others.count, "Tensors: zipTensors of trees with \(mine.count) and \(others.count) tensors")
        return try replacingTensors(with: zip(mine, others).map(transform))
    }

    /// How many numbers the tree holds in all.
    public var parameterCount: Int { tensors.reduce(0) { $0 + $1.elementCount } }

    /// The same tree in another floating-point type; integer and bool tensors stay as they are.
    public func converted(to dtype: DType) -> Self {
        mapTensors { $0.dtype.isFloatingPoint ? $0.to(dtype) : $0 }
    }

    /// The same tree on another device.
    public func moved(to device: Device) -> Self { mapTensors { $0.to(device) } }
}

/// A function of the corresponding tensors of three trees, in a tree like the first.
///
/// - Precondition: all hold as many tensors; otherwise it traps.
public func zipTensors<Tree: TensorTree>(
    _ a: Tree, _ b: Tree, _ c: Tree, _ transform: (Tensor, Tensor, Tensor) throws -> Tensor
) rethrows -> Tree {
    let (first, second, third) = (a.tensors, b.tensors, c.tensors)
    precondition(
        first.count == second.count && first.count == third.count,
        "Tensors: zipTensors of trees with \(first.count), \(second.count) and \(third.count) tensors")
    return try a.replacingTensors(with: first.indices.map { try transform(first[$0], second[$0], third[$0]) })
}
