import Optimizers
import Tensors
import TestSupport
import Testing

/// Leaves with a leading task axis: batched tasks equal separate tasks.
@Suite struct PerTaskTests {
    private static let tasks = 3

    /// Three starting points, none a multiple of another.
    private static let starts: [Leaves] = (0..<tasks).map { task in
        Problem(dtype: .float64).start.mapTensors { $0 * (1.0 + 0.7 * Double(task)) + 0.1 * Double(task) }
    }

    private func stack(_ trees: [Leaves]) -> Leaves {
        trees[0].replacingTensors(
            with: trees[0].tensors.indices.map { index in Tensor.stacked(trees.map { $0.tensors[index] }) })
    }

    /// Steps all tasks at once and each by itself, and compares them to rounding.
    private func check<Batched: GradientTransform, Single: GradientTransform>(
        _ batched: Batched, sourceLocation: SourceLocation = #_sourceLocation, _ single: (Int) -> Single
    ) {
        let problem = Problem(dtype: .float64)
        func run<Optimizer: GradientTransform>(_ optimizer: Optimizer, from start: Leaves) -> Leaves {
            var (parameters, state) = (start, optimizer.initialState(for: start))
            for _ in 0..<5 {
                let gradients = problem.gradient(at: parameters)
                optimizer.step(&parameters, gradients: gradients, state: &state)
            }
            return parameters
        }
        let together = run(batched, from: stack(Self.starts))
        let apart = stack(Self.starts.enumerated().map { run(single($0.offset), from: $0.element) })
        for (a, b) in zip(together.tensors, apart.tensors) {
            #expect(
                a.isClose(to: b, relative: Tolerance.float64, absolute: Tolerance.float64),
                sourceLocation: sourceLocation)
        }
    }

    private let rates = [0.02, 0.05, 0.11]
    private var perTask: Hyperparameter { .perTask(Tensor(rates, dtype: .float64)) }

    @Test func learningRatesOfTheirOwn() {
        check(SGD(learningRate: perTask, momentum: 0.9)) { SGD(learningRate: .constant(rates[$0]), momentum: 0.9) }
        check(Adam(learningRate: perTask)) { Adam(learningRate: .constant(rates[$0])) }
        check(AdamW(learningRate: perTask, weightDecay: 0.1)) {
            AdamW(learningRate: .constant(rates[$0]), weightDecay: 0.1)
        }
        check(RMSProp(learningRate: perTask, isCentred: true)) {
            RMSProp(learningRate: .constant(rates[$0]), isCentred: true)
        }
        check(AdaGrad(learningRate: perTask)) { AdaGrad(learningRate: .constant(rates[$0])) }
        check(Lion(learningRate: perTask)) { Lion(learningRate: .constant(rates[$0])) }
        check(Scale(by: perTask)) { Scale(by: .constant(rates[$0])) }
    }

    @Test func momentumAndDecayOfTheirOwn() {
        check(SGD(learningRate: 0.05, momentum: perTask, nesterov: true, weightDecay: perTask)) {
            SGD(
                learningRate: 0.05, momentum: .constant(rates[$0]), nesterov: true, weightDecay: .constant(rates[$0]))
        }
        check(AdamW(learningRate: perTask, weightDecay: perTask, decayMask: .matricesPerTask)) {
            AdamW(learningRate: .constant(rates[$0]), weightDecay: .constant(rates[$0]), decayMask: .matrices)
        }
        check(RMSProp(momentum: perTask)) { RMSProp(momentum: .constant(rates[$0])) }
    }

    /// A tensor without dimensions acts on all tasks alike, whatever the leaves' shapes.
    @Test func oneTensorForAll() {
        check(SGD(learningRate: .tensor(Tensor(0.05, dtype: .float64)))) { _ in SGD(learningRate: 0.05) }
    }

    @Test(arguments: [1.0, 2.0, .infinity])
    func normsOfTheirOwn(order: Double) {
        func stepping<Clip: GradientTransform>(_ clip: Clip) -> Chain<Clip, Scale> { Chain(clip, Scale(by: -0.1)) }
        check(stepping(ClipByGlobalNorm(1.5, order: order, perTask: true))) { _ in
            stepping(ClipByGlobalNorm(1.5, order: order))
        }
        check(stepping(ClipByNorm(0.7, order: order, perTask: true))) { _ in stepping(ClipByNorm(0.7, order: order)) }
        let norms = stack(Self.starts).globalNorm(order: order, perTask: true)
        #expect(norms.shape == [Self.tasks])
        for (task, norm) in norms.array(of: Double.self).enumerated() {
            #expect(abs(norm - Self.starts[task].globalNorm(order: order).item()) <= 1e-13 * norm)
        }
    }

    @Test func trustRatiosAndMatricesOfTheirOwn() {
        check(LAMB(learningRate: perTask, weightDecay: 0.1, perTask: true)) {
            LAMB(learningRate: .constant(rates[$0]), weightDecay: 0.1)
        }
        check(
            chain {
                ScaleByTrustRatio(perTask: true); Scale(by: -0.05)
            }
        ) { _ in
            chain {
                ScaleByTrustRatio(); Scale(by: -0.05)
            }
        }
        check(ByGroup(Muon(learningRate: perTask), where: .matricesPerTask, others: SGD(learningRate: 0.05))) {
            ByGroup(Muon(learningRate: .constant(rates[$0])), where: .matrices, others: SGD(learningRate: 0.05))
        }
    }

    /// Each task's gradient by its own rate is that of the task alone.
    @Test func differentiatesByEachRate() {
        let problem = Problem(dtype: .float64)
        func loss(_ rate: Hyperparameter, from start: Leaves) -> Tensor {
            let adam = Adam(learningRate: rate)
            var (parameters, state) = (start, adam.initialState(for: start))
            for _ in 0..<3 {
                adam.step(&parameters, gradients: problem.gradient(at: parameters), state: &state)
            }
            return (parameters.weight * parameters.weight).sum() + (parameters.bias * parameters.bias).sum()
        }
        let start = stack(Self.starts)
        let together = grad(at: Tensor(rates, dtype: .float64)) { loss(.perTask($0), from: start) }
        for task in 0..<Self.tasks {
            let alone = grad(at: Tensor(rates[task], dtype: .float64)) { loss(.tensor($0), from: Self.starts[task]) }
            #expect(abs(together[task].item() - alone.item()) <= 1e-11 * (1 + abs(alone.item())))
        }
    }

    @Test func aScalarLeafHasNoTask() async {
        await #expect(processExitsWith: .failure) {
            let tree = [Tensor(1.0)]
            let rule = SGD(learningRate: .perTask(Tensor([0.1, 0.2])))
            _ = rule.update(tree, state: rule.initialState(for: tree), parameters: tree)
        }
        await #expect(processExitsWith: .failure) { _ = [Tensor(1.0)].globalNorm(perTask: true) }
    }
}
