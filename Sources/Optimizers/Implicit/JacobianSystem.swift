import Tensors

/// The linear systems with the Jacobian A = ∂F/∂x of a function F(x, θ), and derivatives through their solutions.
struct JacobianSystem<Unknown: TensorTree, Parameters: TensorTree> {
    let residual: (Unknown, Parameters) -> Unknown
    let options: ImplicitOptions<Unknown>

    /// F evaluated once, for many products.
    private func record(_ unknown: Unknown, _ parameters: Parameters, inherits: Bool) -> RecordedFunction {
        RecordedFunction(unknown.tensors, parameters.tensors, inherits: inherits) { x, theta in
            residual(unknown.replacingTensors(with: x), parameters.replacingTensors(with: theta)).tensors
        }
    }

    /// −wᵀ A⁻¹ ∂F/∂θ: weights of a solution pulled back to the parameters.
    func pullBack(_ weights: Unknown, from unknown: Unknown, to parameters: Parameters) -> Parameters {
        let isRecording = isRecordingGraph
        if isVectorizing && !isRecording { return pullBackSlices(weights, from: unknown, to: parameters) }
        let all = unknown.tensors + parameters.tensors + weights.tensors
        if !isRecording && !all.contains(where: \.hasTangent) {
            let recorded = record(unknown, parameters, inherits: false)
            let adjoint = numericSolution(recorded, of: unknown, transposed: true, right: weights)
            return parameters.replacingTensors(with: recorded.pullToSecond(adjoint.tensors)).negated()
        }
        let adjoint = solution(of: unknown, parameters, transposed: true, right: weights)
        let recorded = record(unknown, parameters, inherits: isRecording)
        let pulled = recorded.pullToSecond(adjoint.tensors, createGraph: isRecording)
        return parameters.replacingTensors(with: pulled).negated()
    }

    /// The same for a `vmap` over weights alone, as for a whole Jacobian: numbers can't be read out, so A is inverted.
    private func pullBackSlices(
        _ weights: Unknown, from unknown: Unknown, to parameters: Parameters
    ) -> Parameters {
        let recorded = record(unknown, parameters, inherits: false)
        let layout = FlatLayout(of: unknown.mapTensors { $0.detached() }, isBatched: false)
        let adjoint = layout.flatten(weights).matmul(inverseJacobian(at: unknown, parameters))
        return parameters.replacingTensors(with: recorded.pullToSecond(layout.tensors(adjoint))).negated()
    }

    /// u with A u = b, or Aᵀ u = b, differentiable in x, θ and b to any order.
    ///
    /// With q the solution of the transposed system for weights ū: b̄ = q, and x̄, θ̄ are the gradient of −qᵀ A u with
    /// u and q held.
    func solution(
        of unknown: Unknown, _ parameters: Parameters, transposed: Bool, right: Unknown
    ) -> Unknown {
        withCustomGradient(at: Pair(Pair(unknown, parameters), right)) { given in
            let recorded = record(given.first.first, given.first.second, inherits: false)
            return numericSolution(recorded, of: given.first.first, transposed: transposed, right: given.second)
        } pullback: { given, solved, weights in
            let point = given.first
            let other = solution(of: point.first, point.second, transposed: !transposed, right: weights)
            let product = transposed ? (solved, other) : (other, solved)
            let isRecording = isRecordingGraph
            let form = RecordedFunction(point.first.tensors, point.second.tensors, inherits: isRecording) { x, theta in
                [bilinearForm(point.replacingTensors(with: x + theta), left: product.0, right: product.1)]
            }
            let ones = [Tensor.ones(like: form.outputs[0].detached())]
            let pulled = form.pullToBoth(ones, createGraph: isRecording)
            return Pair(point.replacingTensors(with: pulled.first + pulled.second).negated(), other)
        }
    }

    /// leftᵀ A right as a function of where A is taken.
    private func bilinearForm(_ point: Pair<Unknown, Parameters>, left: Unknown, right: Unknown) -> Tensor {
        let recorded = record(point.first, point.second, inherits: true)
        let pulled = recorded.pullToFirst(left.tensors, createGraph: true)
        let terms = zip(pulled, right.tensors).filter { $0.0.dtype.isFloatingPoint }.map { ($0 * $1).sum() }
        return terms.dropFirst().reduce(terms[0], +)
    }

    /// The solution as numbers; notes how it went.
    private func numericSolution(
        _ recorded: RecordedFunction, of unknown: Unknown, transposed: Bool, right: Unknown
    ) -> Unknown {
        let pattern = unknown.mapTensors { $0.detached() }
        let kind = options.linearSolver?.isBatched ?? false
        let layout = FlatLayout(of: pattern, isBatched: kind)
        let solver = options.solver(count: layout.count)
        let back = { (vector: Tensor) in layout.flatten(recorded.pullToFirst(layout.tensors(vector))) }
        let forth = options.isSymmetric ? back : forwardProduct(recorded, layout)
        let usesPreconditioner = transposed || options.isSymmetric
        let outcome = withoutGradients {
            let vector = layout.flatten(right).detached()
            let outcome = solver.solveFlat(
                vector, from: options.memory?.start(transposed: transposed, like: vector),
                preconditioner: usesPreconditioner
                    ? options.preconditioner.map { map in { layout.flatten(map(layout.tree($0))) } } : nil,
                transposed: transposed ? forth : back, product: transposed ? back : forth)
            return outcome
        }
        options.report?.note(outcome)
        if outcome.failure == nil { options.memory?.keep(outcome.x, transposed: transposed) }
        if outcome.failure != nil, options.failurePolicy == .notANumber {
            return layout.tree(Tensor.full(like: outcome.x, .nan))
        }
        return layout.tree(outcome.x)
    }

    /// v ↦ A v as the derivative of w ↦ wᵀ A, recorded when it is first asked for.
    private func forwardProduct(
        _ recorded: RecordedFunction, _ layout: FlatLayout<Unknown>
    ) -> (Tensor) -> Tensor {
        var transposition: RecordedFunction?
        return { vector in
            let pulled: RecordedFunction
            if let transposition {
                pulled = transposition
            } else {
                let zeros = layout.tensors(Tensor.zeros(like: vector))
                pulled = RecordedFunction(zeros, [], inherits: false) { weights, _ in
                    recorded.pullToFirst(weights, createGraph: true)
                }
                transposition = pulled
            }
            return layout.flatten(pulled.pullToFirst(layout.tensors(vector)))
        }
    }

    /// A written out at a point, `[n, n]`, by rows.
    func denseJacobian(at unknown: Unknown, _ parameters: Parameters) -> Tensor {
        let layout = FlatLayout(of: unknown, isBatched: false)
        let recorded = record(unknown, parameters, inherits: false)
        let vector = layout.flatten(unknown)
        return denseMatrix(like: vector) { layout.flatten(recorded.pullToFirst(layout.tensors($0))) }.transposed()
    }
}

extension TensorTree {
    /// The tree with the sign of each floating-point tensor turned.
    func negated() -> Self {
        mapTensors { $0.dtype.isFloatingPoint ? $0 * -1.0 : $0 }
    }
}
