public import Tensors

extension InnerLoop {
    /// The value of an outer loss after the loop, and its gradients.
    ///
    /// The quickest way to a meta-gradient that is not part of a larger graph: results are constants.
    ///
    /// - Parameters:
    ///   - parameters: where the loop starts.
    ///   - meta: the meta-parameters.
    ///   - state: what the optimiser starts from; nil means its initial state, to which the gradient is returned too.
    ///   - outer: the outer loss of adapted parameters and meta-parameters; must return a scalar.
    /// - Returns: the outer loss, and its gradients with respect to parameters, meta-parameters and state.
    public func valueAndGradient(
        from parameters: Parameters, meta: Meta, state: Transform.State? = nil,
        outer: (_ adapted: Parameters, _ meta: Meta) throws -> Tensor
    ) rethrows -> MetaGradient<Parameters, Meta, Transform.State> {
        let meta = meta.detached()
        let start = Unrolled(
            parameters: parameters.detached(),
            state: state?.detached() ?? optimizer(meta).initialState(for: parameters.detached()))
        switch memory {
        case .full, .truncated:
            let (value, gradient) = try valueAndGrad(at: Pair(start, meta)) { pair in
                try outer(recordedEnd(from: pair.first, meta: pair.second).parameters, pair.second)
            }
            return MetaGradient(
                value: value, parameters: gradient.first.parameters, meta: gradient.second, state: gradient.first.state)
        case .iterates, .checkpoints:
            let (end, tape) = taped(from: start, meta: meta)
            let (value, direct) = try valueAndGrad(at: Pair(end.parameters, meta)) { try outer($0.first, $0.second) }
            let weights = Unrolled(parameters: direct.first, state: end.state.zeros())
            let adjoint = pulledBack(tape, meta: meta, weights: weights)
            return MetaGradient(
                value: value, parameters: adjoint.point.parameters, meta: adjoint.meta.applying(direct.second),
                state: adjoint.point.state)
        }
    }

    /// Where the loop ends, with the graph of all or the last steps.
    func recordedEnd(
        from start: Unrolled<Parameters, Transform.State>, meta: Meta
    ) -> Unrolled<Parameters, Transform.State> {
        if case .truncated(let last) = memory { return truncated(last: last, from: start, meta: meta) }
        return recorded(0..<steps, from: start, meta: meta)
    }
}

extension InnerLoop where Meta == EmptyTree {
    /// Creates an inner loop without meta-parameters: gradients flow to initial parameters and state only.
    ///
    /// - Parameters:
    ///   - steps: how many updates are made, ≥ 0.
    ///   - optimizer: the optimiser.
    ///   - memory: what is kept for the gradient.
    ///   - secondDerivatives: how second derivatives are taken, with `iterates` and `checkpoints`.
    ///   - loss: the inner loss of parameters and step; what it captures counts as constant, except with `full`.
    /// - Precondition: `steps ≥ 0`; violations trap.
    public init(
        steps: Int, using optimizer: Transform, memory: UnrollMemory = .full,
        secondDerivatives: SecondDerivatives = .reverseOverReverse,
        loss: @escaping (_ parameters: Parameters, _ step: Int) -> Tensor
    ) {
        self.init(
            steps: steps, memory: memory, secondDerivatives: secondDerivatives, optimizer: { _ in optimizer },
            objective: InnerObjective { parameters, _, step in loss(parameters, step) })
    }

    /// The value of an outer loss after the loop, and its gradients.
    ///
    /// - Parameters:
    ///   - parameters: where the loop starts.
    ///   - state: what the optimiser starts from; nil means its initial state.
    ///   - outer: the outer loss of adapted parameters; must return a scalar.
    /// - Returns: the outer loss, and its gradients with respect to parameters and state.
    public func valueAndGradient(
        from parameters: Parameters, state: Transform.State? = nil, outer: (_ adapted: Parameters) throws -> Tensor
    ) rethrows -> MetaGradient<Parameters, EmptyTree, Transform.State> {
        try valueAndGradient(from: parameters, meta: EmptyTree(), state: state) { adapted, _ in try outer(adapted) }
    }
}
