import Optimizers
import Tensors
import TestSupport
import Testing

/// A small non-linear inner problem with tasks along a leading axis, in float64.
struct InnerProblem {
    static let taskCount = 3
    let inputs: Tensor
    let targets: Tensor
    let start: [String: Tensor]

    init(seed: UInt64 = 7) {
        let generator = TensorGenerator(seed: seed)
        let tasks = Self.taskCount
        inputs = generator.normal([tasks, 6, 2], dtype: .float64)
        targets = generator.normal([tasks, 6, 1], dtype: .float64)
        start = [
            "first": generator.normal([2, 4], dtype: .float64), "firstBias": generator.normal([1, 4], dtype: .float64),
            "second": generator.normal([4, 1], dtype: .float64),
        ]
    }

    /// Sum over tasks of a network's mean squared error.
    func loss(_ parameters: [String: Tensor], scale: Tensor? = nil) -> Tensor {
        let hidden = (inputs.matmul(parameters["first"] ?? inputs) + (parameters["firstBias"] ?? inputs)).tanh()
        let error = hidden.matmul(parameters["second"] ?? inputs) - targets * (scale ?? Tensor(1.0, dtype: .float64))
        return (error * error).mean(dimensions: [1, 2]).sum()
    }

    /// Another function, as a validation loss.
    func outer(_ parameters: [String: Tensor]) -> Tensor {
        parameters.flattened().reduce(loss(parameters) * 0.5) { $0 + ($1.tensor * 1.3).sin().sum() }
    }
}

/// What the meta-gradients below are taken with respect to, beside the start.
struct Knobs: TensorTree {
    var rate = Tensor(0.07, dtype: .float64)
    var scale = Tensor(1.2, dtype: .float64)

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("rate", &rate)
        visitor.visit("scale", &scale)
    }
}

@Suite struct UnrollTests {
    let problem = InnerProblem()

    /// Sums of a few hundred products in float64, each good to 1e-16 relative; tenfold for cancellation.
    static let sameGradient = 1e-12
    /// Central differences with h = 1e-5 on values of order 10: truncation and rounding both below 1e-8.
    static let differences = 1e-6

    private func loop<Transform: GradientTransform>(
        _ memory: UnrollMemory, _ derivatives: SecondDerivatives = .reverseOverReverse, steps: Int = 7,
        optimizer: @escaping (Knobs) -> Transform
    ) -> InnerLoop<[String: Tensor], Knobs, Transform> {
        let problem = problem
        return InnerLoop(
            steps: steps, memory: memory, secondDerivatives: derivatives, optimizer: optimizer,
            objective: InnerObjective { parameters, meta, step in
                problem.loss(parameters, scale: meta.scale) * (1 + 0.1 * Double(step))
            })
    }

    private func expectSame<Tree: TensorTree>(
        _ left: Tree, _ right: Tree, within tolerance: Double = sameGradient,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (a, b) in zip(left.flattened(), right.flattened()) {
            let error = (a.tensor - b.tensor).absolute().max().item() / (1 + b.tensor.absolute().max().item())
            #expect(error <= tolerance, "\(a.path): \(error)", sourceLocation: sourceLocation)
        }
    }

    /// Full graph against differences; every other mode against the full graph.
    private func check<Transform: GradientTransform>(
        state change: (inout Transform.State) -> Void = { _ in }, _ optimizer: @escaping (Knobs) -> Transform
    ) {
        let start = problem.start.repeated(forTasks: InnerProblem.taskCount)
        var state = optimizer(Knobs()).initialState(for: start)
        change(&state)
        func gradient(
            _ memory: UnrollMemory, _ derivatives: SecondDerivatives = .reverseOverReverse
        ) -> MetaGradient<[String: Tensor], Knobs, Transform.State> {
            loop(memory, derivatives, optimizer: optimizer).valueAndGradient(from: start, meta: Knobs(), state: state) {
                problem.outer($0) * $1.scale
            }
        }
        let full = gradient(.full)
        let point = Pair(Pair(start, state), Knobs())
        let result = checkGradient(at: point) { point in
            let end = loop(.full, optimizer: optimizer)(
                from: point.first.first, meta: point.second, state: point.first.second)
            return problem.outer(end.parameters) * point.second.scale
        }
        #expect(result.worst <= Self.differences, "\(result)")
        for memory in [UnrollMemory.iterates, .checkpoints(), .checkpoints(every: 2), .checkpoints(every: 50)] {
            for derivatives in [SecondDerivatives.reverseOverReverse, .forwardOverReverse] {
                let other = gradient(memory, derivatives)
                #expect(abs(other.value.item() - full.value.item()) <= Self.sameGradient * 10)
                expectSame(other.parameters, full.parameters)
                expectSame(other.meta, full.meta)
                expectSame(other.state, full.state)
                let composed = grad(at: point) { point in
                    let end = loop(memory, derivatives, optimizer: optimizer)(
                        from: point.first.first, meta: point.second, state: point.first.second)
                    return problem.outer(end.parameters) * point.second.scale
                }
                expectSame(composed.first.first, full.parameters)
                expectSame(composed.first.second, full.state)
                expectSame(composed.second, full.meta)
            }
        }
        expectSame(gradient(.truncated(last: 7)).parameters, full.parameters)
    }

    @Test func throughSGD() {
        check { SGD(learningRate: .tensor($0.rate)) }
    }

    @Test func throughMomentum() {
        check(
            state: { state in
                state.step = 1
                state.buffers = state.buffers?.map { $0 + 0.1 }
            },
            { SGD(learningRate: .tensor($0.rate), momentum: .tensor($0.scale * 0.5), weightDecay: 0.1) })
    }

    @Test func throughAdam() {
        check(
            state: { state in
                state.step = 3
                state.firstMoments = state.firstMoments.map { $0 + 0.1 }
                state.secondMoments = state.secondMoments.map { $0 + 0.2 }
            },
            { Adam(learningRate: .tensor($0.rate), options: AdamOptions(epsilon: 1e-2)) })
    }

    @Test func throughClippingAndDecay() {
        func optimizer(_ knobs: Knobs) -> Chain<ClipByGlobalNorm, AdamW> {
            chain {
                ClipByGlobalNorm(1)
                AdamW(learningRate: .tensor(knobs.rate), weightDecay: 0.1, options: AdamOptions(epsilon: 1e-2))
            }
        }
        // Second moments away from zero, where the square root has no derivative to compare with.
        func change(_ state: inout ChainState<EmptyState, AdamState>) {
            state.second.step = 2
            state.second.secondMoments = state.second.secondMoments.map { $0 + 0.2 }
        }
        check(state: change, optimizer)
    }

    /// A batch of tasks gives each task the gradient that it gets alone.
    @Test func tasksAreIndependent() {
        let start = problem.start.repeated(forTasks: InnerProblem.taskCount)
        let batched = loop(.iterates) { SGD(learningRate: .tensor($0.rate)) }
            .valueAndGradient(from: start, meta: Knobs()) { parameters, _ in problem.loss(parameters) }
        for task in 0..<InnerProblem.taskCount {
            let (inputs, targets) = (problem.inputs, problem.targets)
            let mask = (Tensor.arange(InnerProblem.taskCount) .== Double(task)).to(.float64)
            let alone = InnerLoop<[String: Tensor], EmptyTree, SGD>(
                steps: 7, using: SGD(learningRate: 0.07), memory: .iterates
            ) { parameters, step in
                let hidden =
                    (inputs.select(dimension: 0, index: task).matmul(parameters["first"] ?? inputs)
                    + (parameters["firstBias"] ?? inputs)).tanh()
                let error =
                    hidden.matmul(parameters["second"] ?? inputs) - targets.select(dimension: 0, index: task) * 1.2
                return (error * error).mean() * (1 + 0.1 * Double(step))
            }.valueAndGradient(from: problem.start) { parameters in
                let repeated = parameters.repeated(forTasks: InnerProblem.taskCount)
                let hidden =
                    (inputs.matmul(repeated["first"] ?? inputs) + (repeated["firstBias"] ?? inputs)).tanh()
                let error = hidden.matmul(repeated["second"] ?? inputs) - targets
                return ((error * error).mean(dimensions: [1, 2]) * mask).sum()
            }
            expectSame(alone.parameters, batched.parameters.task(task))
        }
    }

    /// Without recorded steps the gradient of the outer loss at the end is handed to the start: first-order MAML.
    @Test func truncatedToNothingIsFirstOrder() {
        let start = problem.start.repeated(forTasks: InnerProblem.taskCount)
        let loop = loop(.truncated(last: 0)) { SGD(learningRate: .tensor($0.rate)) }
        let ours = loop.valueAndGradient(from: start, meta: Knobs()) { parameters, _ in problem.outer(parameters) }
        let end = withoutGradients { loop(from: start, meta: Knobs()) }
        expectSame(ours.parameters, grad(at: end.parameters) { problem.outer($0) })
        expectSame(ours.meta, Knobs().zeros())
    }

    /// The last steps' share alone: the gradient of a loop that begins there.
    @Test func truncatedIsTheGradientOfTheLastSteps() {
        let start = problem.start.repeated(forTasks: InnerProblem.taskCount)
        let optimizer: (Knobs) -> SGD = { SGD(learningRate: .tensor($0.rate), momentum: 0.9) }
        let ours = loop(.truncated(last: 3), optimizer: optimizer)
            .valueAndGradient(from: start, meta: Knobs()) { parameters, _ in problem.outer(parameters) }
        let middle = withoutGradients { loop(.full, steps: 4, optimizer: optimizer)(from: start, meta: Knobs()) }
        let rest = InnerLoop(
            steps: 3, optimizer: optimizer,
            objective: InnerObjective { [problem] parameters, meta, step in
                problem.loss(parameters, scale: meta.scale) * (1 + 0.1 * Double(step + 4))
            })
        let direct = grad(at: Pair(middle.parameters, Knobs())) { pair in
            problem.outer(rest(from: pair.first, meta: pair.second, state: middle.state).parameters)
        }
        expectSame(ours.parameters, direct.first)
        expectSame(ours.meta, direct.second)
    }

    @Test func noStepsIsTheOuterGradient() {
        let start = problem.start.repeated(forTasks: InnerProblem.taskCount)
        for memory in [UnrollMemory.full, .iterates, .checkpoints()] {
            let ours = loop(memory, steps: 0) { SGD(learningRate: .tensor($0.rate)) }
                .valueAndGradient(from: start, meta: Knobs()) { parameters, _ in problem.outer(parameters) }
            expectSame(ours.parameters, grad(at: start) { problem.outer($0) })
        }
    }

    /// Second derivatives through the loop, in every mode, against differences of the gradient.
    @Test(arguments: [UnrollMemory.full, .iterates, .checkpoints()])
    func secondDerivatives(memory: UnrollMemory) {
        let start = problem.start.repeated(forTasks: InnerProblem.taskCount).detached()
        let result = checkSecondGradient(at: Knobs()) { knobs in
            let end = loop(memory, steps: 3) { SGD(learningRate: .tensor($0.rate)) }(from: start, meta: knobs)
            return problem.outer(end.parameters)
        }
        #expect(result.worst <= Self.differences, "\(result)")
    }

    /// A snapshot is a copy, a restore an assignment; stopping gradients leaves the original in its graph.
    @Test func treesAreValues() {
        let start = problem.start
        let gradient = grad(at: start) { parameters in
            var current = parameters.mapTensors { $0 * 2 }
            let snapshot = current
            current = current.mapTensors { $0 * 100 }
            current = snapshot
            return
                (problem.loss(current.detached())
                + current.flattened().reduce(Tensor(0.0, dtype: .float64)) {
                    $0 + $1.tensor.sum()
                })
        }
        expectSame(gradient, start.mapTensors { Tensor.full(like: $0, 2) })
        #expect(start.repeated(forTasks: 3).summedOverTasks().flattened()[0].tensor.shape == [2, 4])
    }

    @Test func badArgumentsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = unroll(steps: -1, using: SGD(learningRate: 0.1), from: Tensor(1.0)) { parameters, _ in parameters }
        }
        await #expect(processExitsWith: .failure) {
            _ = unroll(steps: 2, using: SGD(learningRate: 0.1), from: Tensor([1.0, 2.0])) { parameters, _ in parameters
            }
        }
        await #expect(processExitsWith: .failure) {
            let objective = InnerObjective<Tensor, EmptyTree>(
                gradient: { parameters, _, _ in parameters },
                product: { _, _, _, direction in (direction, EmptyTree()) })
            let loop = InnerLoop(
                steps: 2, memory: .full, optimizer: { _ in SGD(learningRate: 0.1) }, objective: objective)
            _ = loop(from: Tensor([1.0, 2.0]))
        }
    }

    /// Derivatives given by hand: on ½|x|² both are the identity, and K steps multiply by (1 − η)ᴷ.
    @Test func derivativesByHand() {
        let objective = InnerObjective<Tensor, EmptyTree>(
            gradient: { parameters, _, _ in parameters }, product: { _, _, _, direction in (direction, EmptyTree()) })
        let start = Tensor([1.0, -2.0], dtype: .float64)
        for memory in [UnrollMemory.iterates, .checkpoints()] {
            let loop = InnerLoop(
                steps: 5, memory: memory, optimizer: { _ in SGD(learningRate: 0.1) }, objective: objective)
            let result = loop.valueAndGradient(from: start) { $0.sum() }
            let factor = 0.59049
            expectSame(result.parameters, Tensor([factor, factor], dtype: .float64))
            expectSame(result.value, Tensor(-factor, dtype: .float64))
        }
    }
}
