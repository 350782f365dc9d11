import Tensors

/// What the forward pass of an inner loop keeps for the backward pass.
struct UnrollTape<Parameters: TensorTree, State: OptimizerState> {
    /// The start of one step.
    struct Entry {
        let step: Int
        let point: Unrolled<Parameters, State>
        /// The inner gradient there; nil where the backward pass makes it anyway.
        let gradient: Parameters?
    }

    /// In ascending order of steps.
    var entries: [Entry] = []
}

/// Weights that travel backwards through the steps: derivatives of the outer loss.
struct UnrollAdjoint<Parameters: TensorTree, Meta: TensorTree, State: OptimizerState> {
    var point: Unrolled<Parameters, State>
    var meta: Meta
}

/// The arguments of one update.
private struct UpdateArguments<State: OptimizerState, Meta: TensorTree>: TensorTree {
    var gradients: ParameterList
    var parameters: ParameterList
    var state: State
    var meta: Meta

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("gradients", &gradients)
        visitor.visit("parameters", &parameters)
        visitor.visit("state", &state)
        visitor.visit("meta", &meta)
    }
}

extension InnerLoop {
    typealias Point = Unrolled<Parameters, Transform.State>
    typealias Tape = UnrollTape<Parameters, Transform.State>
    typealias Adjoint = UnrollAdjoint<Parameters, Meta, Transform.State>

    /// Whether the inner gradients are kept, since the backward pass does not make them itself.
    private var keepsGradients: Bool {
        objective.customProduct != nil || secondDerivatives == .forwardOverReverse
    }

    /// Runs all steps without a graph, and keeps what the backward pass needs.
    func taped(from start: Point, meta: Meta) -> (end: Point, tape: Tape) {
        let interval = memory.interval(steps: steps)
        let keepsGradients = keepsGradients && interval == 1
        var tape = Tape()
        let end = unrecorded(0..<steps, from: start, meta: meta) { step, point, gradient in
            guard step % interval == 0 else { return }
            tape.entries.append(.init(step: step, point: point, gradient: keepsGradients ? gradient : nil))
        }
        return (end, tape)
    }

    /// Pulls weights of the end back to start and meta-parameters.
    func pulledBack(_ tape: Tape, meta: Meta, weights: Point) -> Adjoint {
        var adjoint = Adjoint(point: weights, meta: meta.zeros())
        for (index, entry) in tape.entries.enumerated().reversed() {
            let end = index + 1 < tape.entries.count ? tape.entries[index + 1].step : steps
            for inner in segment(from: entry, to: end, meta: meta).reversed() {
                pullBack(&adjoint, through: inner, meta: meta)
            }
        }
        return adjoint
    }

    /// The starts of the steps from a checkpoint on, computed again.
    private func segment(from entry: Tape.Entry, to end: Int, meta: Meta) -> [Tape.Entry] {
        if end == entry.step + 1 { return [entry] }
        var entries: [Tape.Entry] = []
        // The last step's start is enough: its own update is not needed.
        let last = unrecorded(entry.step..<(end - 1), from: entry.point, meta: meta) { step, point, gradient in
            entries.append(.init(step: step, point: point, gradient: keepsGradients ? gradient : nil))
        }
        entries.append(.init(step: end - 1, point: last, gradient: nil))
        return entries
    }

    /// Pulls the adjoint back through one step.
    private func pullBack(_ adjoint: inout Adjoint, through entry: Tape.Entry, meta: Meta) {
        let parameters = entry.point.parameters
        if let product = kept(entry, meta) {
            let (gradient, pullback) = product
            let weights = pullUpdateBack(&adjoint, entry, gradient, meta)
            add(pullback(weights), to: &adjoint)
            return
        }
        // The graph of the gradient serves both: its value for the update, and the product with the weights.
        let loss = objective.requireLoss()
        let (gradient, pullback) = vjp(at: Pair(parameters, meta)) { pair in
            grad(at: pair.first, createGraph: true) { loss($0, pair.second, entry.step) }
        }
        let weights = pullUpdateBack(&adjoint, entry, gradient, meta)
        let product = pullback(weights)
        add((product.first, product.second), to: &adjoint)
    }

    /// The gradient at a step's start and the products of its derivatives, when they are not made in reverse mode.
    private func kept(
        _ entry: Tape.Entry, _ meta: Meta
    ) -> (gradient: Parameters, pullback: (Parameters) -> (parameters: Parameters, meta: Meta))? {
        let (parameters, step) = (entry.point.parameters, entry.step)
        guard keepsGradients else { return nil }
        let gradient = entry.gradient ?? objective.gradient(at: parameters, meta, step)
        if let product = objective.customProduct {
            return (gradient, { weights in withoutGradients { product(parameters, meta, step, weights) } })
        }
        let loss = objective.requireLoss()
        // A tangent takes its primal's layout, which must not repeat elements as the start of several tasks does.
        let origin = parameters.mapTensors { $0.contiguous() }
        return (
            gradient,
            { weights in
                let derivative = jvp(at: origin, along: weights) { point in
                    grad(at: Pair(point, meta)) { loss($0.first, $0.second, step) }
                }.derivative
                return (derivative.first.detached(), derivative.second.detached())
            }
        )
    }

    /// Pulls the adjoint back through the update alone; returns the weights of the inner gradient.
    private func pullUpdateBack(
        _ adjoint: inout Adjoint, _ entry: Tape.Entry, _ gradient: Parameters, _ meta: Meta
    ) -> Parameters {
        let arguments = UpdateArguments(
            gradients: ParameterList(of: gradient), parameters: ParameterList(of: entry.point.parameters),
            state: entry.point.state, meta: meta)
        let (_, pullback) = vjp(at: arguments) { arguments in
            let (updates, state) = optimizer(arguments.meta).update(
                arguments.gradients, state: arguments.state, parameters: arguments.parameters)
            return Pair(updates, state)
        }
        let weights = ParameterList(of: adjoint.point.parameters)
        let result = pullback(Pair(weights, adjoint.point.state))
        let carried = weights.map(with: result.parameters) { $0 + $1 }
        adjoint.point.parameters = adjoint.point.parameters.replacingParameters(with: carried)
        adjoint.point.state = result.state
        adjoint.meta = adjoint.meta.applying(result.meta)
        return gradient.replacingParameters(with: result.gradients)
    }

    private func add(_ product: (parameters: Parameters, meta: Meta), to adjoint: inout Adjoint) {
        adjoint.point.parameters = adjoint.point.parameters.applying(product.parameters)
        adjoint.meta = adjoint.meta.applying(product.meta)
    }
}
