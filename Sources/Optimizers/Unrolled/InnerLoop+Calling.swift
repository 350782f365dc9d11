public import Tensors

extension InnerLoop {
    /// Runs the loop as part of whatever graph is being recorded.
    ///
    /// Inside `valueAndGrad` and its like, gradients flow from the result into parameters, meta-parameters and state.
    /// Where nothing is being differentiated, call it inside `withoutGradients`: `full` otherwise records a graph
    /// that nobody asks for.
    ///
    /// - Parameters:
    ///   - parameters: where the loop starts.
    ///   - meta: the meta-parameters.
    ///   - state: what the optimiser starts from; nil means its initial state.
    /// - Returns: parameters and state after the last step.
    public func callAsFunction(
        from parameters: Parameters, meta: Meta, state: Transform.State? = nil
    ) -> Unrolled<Parameters, Transform.State> {
        let state = state ?? optimizer(meta.detached()).initialState(for: parameters.detached())
        let start = Unrolled(parameters: parameters, state: state)
        switch memory {
        case .full, .truncated: return recordedEnd(from: start, meta: meta)
        case .iterates, .checkpoints: return withStoredSteps(from: start, meta: meta)
        }
    }

    /// Every point that the loop comes through, recorded in full whatever the memory mode: for pictures of its graph, and
    /// for losses along the way.
    ///
    /// - Parameters:
    ///   - parameters: where the loop starts.
    ///   - meta: the meta-parameters.
    ///   - state: what the optimiser starts from; nil means its initial state.
    /// - Returns: the start and the points after each step: `steps + 1` of them.
    public func trajectory(
        from parameters: Parameters, meta: Meta, state: Transform.State? = nil
    ) -> [Unrolled<Parameters, Transform.State>] {
        let state = state ?? optimizer(meta.detached()).initialState(for: parameters.detached())
        let transform = optimizer(meta)
        var points = [Unrolled(parameters: parameters, state: state)]
        for step in 0..<steps {
            points.append(recordedStep(points[step], meta, transform, step: step))
        }
        return points
    }

    /// The loop as one operation whose backward pass is the adjoint recursion.
    private func withStoredSteps(
        from start: Unrolled<Parameters, Transform.State>, meta: Meta
    ) -> Unrolled<Parameters, Transform.State> {
        let kept = KeptTape<Tape>()
        return withCustomGradient(at: Pair(start, meta)) { argument in
            let (end, tape) = taped(from: argument.first, meta: argument.second)
            kept.tape = tape
            return end
        } pullback: { argument, _, weights in
            // Whoever differentiates the gradient once more gets it from the full graph.
            if argument.tensors.contains(where: isRecorded) || weights.tensors.contains(where: isRecorded) {
                return vjp(at: argument, createGraph: true) { recorded(0..<steps, from: $0.first, meta: $0.second) }
                    .pullback(weights)
            }
            let meta = argument.second
            let adjoint = pulledBack(kept.tape ?? Tape(), meta: meta, weights: weights)
            return Pair(adjoint.point, adjoint.meta)
        }
    }
}

extension InnerLoop where Meta == EmptyTree {
    /// Runs the loop as part of whatever graph is being recorded.
    ///
    /// - Parameters:
    ///   - parameters: where the loop starts.
    ///   - state: what the optimiser starts from; nil means its initial state.
    /// - Returns: parameters and state after the last step.
    public func callAsFunction(
        from parameters: Parameters, state: Transform.State? = nil
    ) -> Unrolled<Parameters, Transform.State> {
        self(from: parameters, meta: EmptyTree(), state: state)
    }

    /// Every point that the loop comes through, recorded in full whatever the memory mode.
    ///
    /// - Parameters:
    ///   - parameters: where the loop starts.
    ///   - state: what the optimiser starts from; nil means its initial state.
    /// - Returns: the start and the points after each step: `steps + 1` of them.
    public func trajectory(
        from parameters: Parameters, state: Transform.State? = nil
    ) -> [Unrolled<Parameters, Transform.State>] {
        trajectory(from: parameters, meta: EmptyTree(), state: state)
    }
}

/// Carries what the forward pass kept to the backward pass.
private final class KeptTape<Tape> {
    var tape: Tape?
}

/// Whether operations on a tensor are being recorded here: it is part of a graph, and recording is on.
private func isRecorded(_ tensor: Tensor) -> Bool {
    tensor.requiresGradient && (tensor * 1).requiresGradient
}

/// Parameters after some steps of an optimiser, as part of whatever graph is being recorded.
///
///     let (loss, gradient) = valueAndGrad(at: model) { model in
///         let adapted = unroll(steps: 5, using: SGD(learningRate: 0.01), from: model.repeated(forTasks: 16)) {
///             parameters, step in trainingLoss(parameters)
///         }
///         return validationLoss(adapted)
///     }
///
/// `InnerLoop` is the longer form: with meta-parameters, initial states, and the state at the end.
///
/// - Parameters:
///   - steps: how many updates are made, ≥ 0.
///   - optimizer: the optimiser, from its initial state.
///   - parameters: where the loop starts; gradients flow into it.
///   - memory: what is kept for the gradient.
///   - loss: the inner loss of parameters and step; what it captures counts as constant, except with `full`.
/// - Returns: the parameters after the last step.
/// - Precondition: `steps ≥ 0`; violations trap.
public func unroll<Parameters: TensorTree, Transform: GradientTransform>(
    steps: Int, using optimizer: Transform, from parameters: Parameters, memory: UnrollMemory = .full,
    loss: @escaping (_ parameters: Parameters, _ step: Int) -> Tensor
) -> Parameters {
    InnerLoop(steps: steps, using: optimizer, memory: memory, loss: loss)(from: parameters).parameters
}

/// Parameters after some steps of an optimiser, with meta-parameters that optimiser and loss are made of.
///
/// - Parameters:
///   - steps: how many updates are made, ≥ 0.
///   - optimizer: makes the optimiser out of the meta-parameters.
///   - parameters: where the loop starts; gradients flow into it.
///   - meta: meta-parameters; gradients flow into them.
///   - memory: what is kept for the gradient.
///   - loss: the inner loss of parameters, meta-parameters and step.
/// - Returns: the parameters after the last step.
/// - Precondition: `steps ≥ 0`; violations trap.
public func unroll<Parameters: TensorTree, Meta: TensorTree, Transform: GradientTransform>(
    steps: Int, using optimizer: @escaping (Meta) -> Transform, from parameters: Parameters, meta: Meta,
    memory: UnrollMemory = .full,
    loss: @escaping (_ parameters: Parameters, _ meta: Meta, _ step: Int) -> Tensor
) -> Parameters {
    InnerLoop(steps: steps, memory: memory, optimizer: optimizer, objective: InnerObjective(loss))(
        from: parameters, meta: meta
    ).parameters
}
