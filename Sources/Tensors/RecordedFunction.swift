import CTorch

/// A function of two groups of tensors that was evaluated once, for many pullbacks to one group or the other.
package struct RecordedFunction {
    private let first: [Tensor]
    private let second: [Tensor]
    /// The results, in the graph.
    package let outputs: [Tensor]

    /// Evaluates a function.
    ///
    /// - Parameters:
    ///   - first: one group of arguments.
    ///   - second: the other.
    ///   - inherits: whether the arguments stay connected to an enclosing differentiation.
    ///   - body: the function.
    package init(
        _ first: [Tensor], _ second: [Tensor], inherits: Bool, _ body: ([Tensor], [Tensor]) throws -> [Tensor]
    ) rethrows {
        let former = ct_grad_mode_set(true)
        defer { _ = ct_grad_mode_set(former) }
        self.first = first.map { differentiable($0, inheriting: inherits) }
        self.second = second.map { differentiable($0, inheriting: inherits) }
        outputs = try body(self.first, self.second)
    }

    /// Weights of the results pulled back to the first group; the graph stays for more.
    package func pullToFirst(_ weights: [Tensor], createGraph: Bool = false) -> [Tensor] {
        pull(weights, to: first, createGraph)
    }

    /// Weights of the results pulled back to the second group.
    package func pullToSecond(_ weights: [Tensor], createGraph: Bool = false) -> [Tensor] {
        pull(weights, to: second, createGraph)
    }

    /// Weights of the results pulled back to both groups, one after the other.
    package func pullToBoth(_ weights: [Tensor], createGraph: Bool = false) -> (first: [Tensor], second: [Tensor]) {
        let all = pull(weights, to: first + second, createGraph)
        return (Array(all.prefix(first.count)), Array(all.dropFirst(first.count)))
    }

    private func pull(_ weights: [Tensor], to variables: [Tensor], _ createGraph: Bool) -> [Tensor] {
        let former = ct_grad_mode_set(true)
        defer { _ = ct_grad_mode_set(former) }
        let places = outputs.indices.filter { outputs[$0].requiresGradient }
        return gradients(
            of: places.map { outputs[$0] }, weights: places.map { weights[$0] }, at: variables, retainGraph: true,
            createGraph: createGraph)
    }
}

/// Whether operations of this thread record a graph.
package var isRecordingGraph: Bool { ct_grad_mode() }
