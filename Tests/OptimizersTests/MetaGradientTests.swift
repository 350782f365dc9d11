import Optimizers
import Tensors
import Testing

/// Gradients through optimisation steps against central differences in double precision.
@Suite struct MetaGradientTests {
    private let problem = Problem(dtype: .float64)

    /// Central differences with h = 1e-5 on functions with third derivatives of order 1 to 100: h²·100 = 1e-8, rounding
    /// 1e-16 / h = 1e-11; relative to gradients of order 1.
    private let tolerance = 1e-7
    private let step = 1e-5

    /// Loss after three steps, each gradient taken with its graph.
    private func lossAfterThreeSteps<Optimizer: GradientTransform>(
        _ optimizer: Optimizer, from start: Leaves, state: Optimizer.State? = nil
    ) -> Tensor {
        var parameters = start
        var state = state ?? optimizer.initialState(for: start)
        for _ in 0..<3 {
            let gradients = grad(at: parameters, createGraph: true) { problem.loss($0) }
            optimizer.step(&parameters, gradients: gradients, state: &state)
        }
        return problem.loss(parameters)
    }

    /// Compares a gradient with central differences of the same function, element by element.
    private func check<Tree: TensorTree>(
        at tree: Tree, _ function: (Tree) -> Tensor, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let gradient = grad(at: tree, function).flattened()
        let leaves = tree.tensors
        for (index, leaf) in leaves.enumerated() {
            let values = leaf.array(of: Double.self)
            let ours = gradient[index].tensor.array(of: Double.self)
            for element in values.indices {
                func shifted(_ amount: Double) -> Double {
                    var changed = values
                    changed[element] += amount
                    var tensors = leaves
                    tensors[index] = Tensor(changed, shape: leaf.shape, dtype: .float64)
                    return function(tree.replacingTensors(with: tensors)).item()
                }
                let difference = (shifted(step) - shifted(-step)) / (2 * step)
                #expect(
                    abs(ours[element] - difference) <= tolerance * (1 + abs(difference)),
                    "\(gradient[index].path)[\(element)]: \(ours[element]), difference \(difference)",
                    sourceLocation: sourceLocation)
            }
        }
    }

    @Test(arguments: [
        SGD(learningRate: 0.05),
        SGD(learningRate: 0.05, momentum: 0.9, dampening: 0.3, weightDecay: 0.1),
        SGD(learningRate: 0.05, momentum: 0.9, nesterov: true),
    ])
    func throughSGDToTheStart(optimizer: SGD) {
        check(at: problem.start) { lossAfterThreeSteps(optimizer, from: $0) }
    }

    @Test(arguments: [
        AdamW(learningRate: 0.05, weightDecay: 0.1),
        AdamW(learningRate: 0.05, options: AdamOptions(epsilon: 1e-2)),
        AdamW(learningRate: 0.05, options: AdamOptions(amsgrad: true)),
    ])
    func throughAdamWToTheStart(optimizer: AdamW) {
        check(at: problem.start) { lossAfterThreeSteps(optimizer, from: $0) }
    }

    @Test func throughAdamToTheStart() {
        check(at: problem.start) { lossAfterThreeSteps(Adam(learningRate: 0.05, weightDecay: 0.1), from: $0) }
    }

    @Test func throughClippingToTheStart() {
        let optimizer = chain {
            ClipByGlobalNorm(1)
            SGD(learningRate: 0.2)
        }
        check(at: problem.start) { lossAfterThreeSteps(optimizer, from: $0) }
    }

    /// To learning rate, momentum and weight decay given as tensors.
    @Test func toHyperparameters() {
        let start = [0.05, 0.8, 0.1].map { Tensor($0, dtype: .float64) }
        check(at: start) { numbers in
            lossAfterThreeSteps(
                SGD(
                    learningRate: .tensor(numbers[0]), momentum: .tensor(numbers[1]),
                    weightDecay: .tensor(numbers[2])), from: problem.start)
        }
        check(at: Array(start.prefix(2))) { numbers in
            lossAfterThreeSteps(
                AdamW(learningRate: .tensor(numbers[0]), weightDecay: .tensor(numbers[1])), from: problem.start)
        }
    }

    /// To the moments that Adam starts from.
    @Test func toInitialMoments() {
        let optimizer = AdamW(learningRate: 0.05)
        var state = optimizer.initialState(for: problem.start)
        state.step = 2
        state.firstMoments = state.firstMoments.map { $0 + 0.1 }
        state.secondMoments = state.secondMoments.map { $0 + 0.2 }
        check(at: state) { lossAfterThreeSteps(optimizer, from: problem.start, state: $0) }
    }

    /// To the buffers that SGD starts from.
    @Test func toInitialBuffers() {
        let optimizer = SGD(learningRate: 0.05, momentum: 0.9)
        var state = optimizer.initialState(for: problem.start)
        state.step = 1
        check(at: state) { lossAfterThreeSteps(optimizer, from: problem.start, state: $0) }
    }

    /// At a gradient of exactly zero the first step is −η g / (|g| + ε'), whose derivative is −η / ε', not NaN.
    @Test func throughAdamAtZeroGradient() {
        let optimizer = Adam(learningRate: 0.1, options: AdamOptions(epsilon: 1e-2))
        let gradient = grad(at: [Tensor([0.0], dtype: .float64)]) { start in
            var parameters = start
            var state = optimizer.initialState(for: start)
            let slope = grad(at: parameters, createGraph: true) { ($0[0] * $0[0]).sum() }
            optimizer.step(&parameters, gradients: slope, state: &state)
            return parameters[0].sum()
        }
        // First step: m̂ = g = 2p, √v̂ = |g|; d/dp (p − 0.1·2p / (|2p| + 0.01)) at 0 = 1 − 0.2 / 0.01.
        #expect(abs(gradient[0].item() - (1 - 0.2 / 0.01)) < 1e-9)
    }

    /// Without `createGraph` nothing is recorded, and the next state holds no graph.
    @Test func ordinaryStepsKeepNoGraph() {
        let optimizer = AdamW(learningRate: 0.1)
        var parameters = problem.start
        var state = optimizer.initialState(for: parameters)
        let gradients = grad(at: parameters) { problem.loss($0) }
        optimizer.step(&parameters, gradients: gradients, state: &state)
        #expect(!parameters.tensors.contains { $0.requiresGradient })
        #expect(!state.tensors.contains { $0.requiresGradient })
    }
}
