public import Tensors

/// An inner loop of gradient steps that can be differentiated: how inner problem and optimiser are put together, how
/// many steps are made, and what is kept for the gradient.
///
///     let loop = InnerLoop(
///         steps: 5, memory: .checkpoints(), optimizer: { SGD(learningRate: .tensor($0.rate)) },
///         objective: InnerObjective { parameters, meta, step in loss(parameters, meta) })
///     let result = loop.valueAndGradient(from: start, meta: meta) { adapted, meta in validation(adapted) }
///
/// Gradients flow into the initial parameters, the meta-parameters (whatever optimiser and loss make of them: learning
/// rates, weights of losses, targets, ...) and the optimiser's initial state. Tasks lie along a leading dimension of every
/// leaf; their losses are summed.
/// Sources: Maclaurin et al. 2015, arXiv:1502.03492; Finn et al. 2017, arXiv:1703.03400; Franceschi et al. 2017,
/// arXiv:1703.01785.
public struct InnerLoop<Parameters: TensorTree, Meta: TensorTree, Transform: GradientTransform> {
    /// How many updates are made, ≥ 0.
    public var steps: Int

    /// What is kept for the gradient.
    public var memory: UnrollMemory

    /// How second derivatives are taken, with `iterates` and `checkpoints`.
    public var secondDerivatives: SecondDerivatives

    /// Makes the optimiser out of the meta-parameters.
    public var optimizer: (Meta) -> Transform

    /// What is minimised.
    public var objective: InnerObjective<Parameters, Meta>

    /// Creates an inner loop.
    ///
    /// - Parameters:
    ///   - steps: how many updates are made, ≥ 0.
    ///   - memory: what is kept for the gradient.
    ///   - secondDerivatives: how second derivatives are taken, with `iterates` and `checkpoints`.
    ///   - optimizer: makes the optimiser out of the meta-parameters. What it captures counts as constant.
    ///   - objective: what is minimised.
    /// - Precondition: `steps ≥ 0`; violations trap.
    public init(
        steps: Int, memory: UnrollMemory = .full, secondDerivatives: SecondDerivatives = .reverseOverReverse,
        optimizer: @escaping (Meta) -> Transform, objective: InnerObjective<Parameters, Meta>
    ) {
        precondition(steps >= 0, "InnerLoop: \(steps) steps, must be at least 0")
        self.steps = steps
        self.memory = memory
        self.secondDerivatives = secondDerivatives
        self.optimizer = optimizer
        self.objective = objective
    }

    /// Where one step leads, recorded for an enclosing differentiation.
    func recordedStep(
        _ point: Unrolled<Parameters, Transform.State>, _ meta: Meta, _ transform: Transform, step: Int
    ) -> Unrolled<Parameters, Transform.State> {
        let gradients = objective.recordedGradient(at: point.parameters, meta, step)
        var next = point
        transform.step(&next.parameters, gradients: gradients, state: &next.state)
        return next
    }

    /// Where a range of steps leads, recorded.
    func recorded(
        _ range: Range<Int>, from start: Unrolled<Parameters, Transform.State>, meta: Meta
    ) -> Unrolled<Parameters, Transform.State> {
        let transform = optimizer(meta)
        var point = start
        for step in range { point = recordedStep(point, meta, transform, step: step) }
        return point
    }

    /// The loop with the graph of its last steps only.
    func truncated(
        last: Int, from start: Unrolled<Parameters, Transform.State>, meta: Meta
    ) -> Unrolled<Parameters, Transform.State> {
        precondition(last >= 0, "UnrollMemory: truncated to the last \(last) steps, must be at least 0")
        let first = max(steps - last, 0)
        if first == 0 { return recorded(0..<steps, from: start, meta: meta) }
        var middle = unrecorded(0..<first, from: start.detached(), meta: meta.detached())
        middle.parameters = start.parameters.zipTensors(middle.parameters) { begin, end in
            begin.dtype.isFloatingPoint ? begin + (end - begin.detached()) : end
        }
        return recorded(first..<steps, from: middle, meta: meta)
    }

    /// Where a range of steps leads, without a graph; shows what each step starts from, and its gradient, to `body`.
    func unrecorded(
        _ range: Range<Int>, from start: Unrolled<Parameters, Transform.State>, meta: Meta,
        _ body: (Int, Unrolled<Parameters, Transform.State>, Parameters) -> Void = { _, _, _ in }
    ) -> Unrolled<Parameters, Transform.State> {
        withoutGradients {
            let transform = optimizer(meta)
            var point = start
            for step in range {
                let gradients = objective.gradient(at: point.parameters, meta, step)
                body(step, point, gradients)
                transform.step(&point.parameters, gradients: gradients, state: &point.state)
            }
            return point
        }
    }
}
