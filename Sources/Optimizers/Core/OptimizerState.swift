public import Tensors

/// What a transform remembers between steps: tensors (as a tree, so that one can differentiate through them) and
/// whole-number counters.
///
/// A state is a value: keeping a copy is a snapshot, assigning it is a restore.
public protocol OptimizerState: TensorTree, Sendable {
    /// Shows every counter under its name to `body`, which may change it.
    ///
    /// - Parameter body: takes the counter's path, such as `step`, and the counter.
    mutating func visitCounters(_ body: (String, inout Int) -> Void)
}

extension OptimizerState {
    /// The whole state as named tensors, for a checkpoint; counters are `int64` tensors without dimensions.
    ///
    /// - Parameter prefix: put before every name, so that a model can live in the same file; for example `optimizer.`.
    /// - Returns: tensors by name. They share memory with the state: write them before the next in-place step.
    public func namedTensors(prefix: String = "") -> [String: Tensor] {
        var result: [String: Tensor] = [:]
        for leaf in flattened() {
            result[prefix + leaf.path] = leaf.tensor
        }
        var copy = self
        copy.visitCounters { name, counter in
            result[prefix + name] = Tensor(counter)
        }
        return result
    }

    /// A state of this one's structure with the contents of a checkpoint.
    ///
    /// Call it on the state that `initialState(for:)` gives for the same model and options.
    ///
    /// - Parameters:
    ///   - named: tensors by name, as `namedTensors(prefix:)` made them; names without the prefix are passed over.
    ///   - prefix: the prefix that was used for writing.
    /// - Returns: the restored state, on this state's device.
    /// - Throws: `OptimizersError` when a tensor is missing, unknown, or of another shape or type.
    public func restored(from named: [String: Tensor], prefix: String = "") throws(OptimizersError) -> Self {
        var unused = named.filter { $0.key.hasPrefix(prefix) }
        var tensors: [Tensor] = []
        for leaf in flattened() {
            let name = prefix + leaf.path
            tensors.append(try takeTensor(name, like: leaf.tensor, from: &unused))
        }
        var result = replacingTensors(with: tensors)
        var counters: [String: Int] = [:]
        var names: [String] = []
        result.visitCounters { name, _ in names.append(name) }
        let pattern = Tensor(0)
        for name in names {
            let tensor = try takeTensor(prefix + name, like: pattern, from: &unused)
            counters[name] = tensor.integerItem()
        }
        result.visitCounters { name, counter in counter = counters[name] ?? counter }
        if let stranger = unused.keys.min() {
            throw .unknownTensor(name: stranger)
        }
        return result
    }
}

/// The tensor of a name, taken out of `named`, when its shape and type are those of `pattern`.
private func takeTensor(
    _ name: String, like pattern: Tensor, from named: inout [String: Tensor]
) throws(OptimizersError) -> Tensor {
    guard let found = named.removeValue(forKey: name) else {
        throw .missingTensor(name: name)
    }
    guard found.shape == pattern.shape, found.dtype == pattern.dtype else {
        throw .differentTensor(
            name: name, expected: "\(pattern.dtype) \(pattern.shape)", found: "\(found.dtype) \(found.shape)")
    }
    return found.to(pattern.device)
}

/// The state of a transform that remembers nothing.
public struct EmptyState: OptimizerState {
    /// Creates the empty state.
    public init() {}

    /// Shows nothing: there are no tensors.
    ///
    /// - Parameter visitor: left as it is.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {}

    /// Shows nothing: there are no counters.
    ///
    /// - Parameter body: never called.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {}
}

/// The state of a transform that counts its steps and remembers nothing else.
public struct StepState: OptimizerState {
    /// Number of updates made so far.
    public var step: Int

    /// Creates the state.
    ///
    /// - Parameter step: number of updates made so far.
    public init(step: Int = 0) {
        self.step = step
    }

    /// Shows nothing: there are no tensors.
    ///
    /// - Parameter visitor: left as it is.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {}

    /// Shows the counter `step`.
    ///
    /// - Parameter body: takes `step`.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        body("step", &step)
    }
}
