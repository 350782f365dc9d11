import Optimizers
import Tensors
import TestSupport
import Testing

/// Derivatives written by hand against automatic ones and differences, in float64.
@Suite struct BatchedPerceptronTests {
    /// Widths with and without whole vectors, one layer and several.
    static let widths = [[1, 64, 64, 1], [3, 17, 32, 2], [2, 1], [1, 40, 40, 40, 1], [5, 5, 5]]
    /// Sums of up to a hundred products in float64 in another order.
    private let rounding = 1e-11

    private func data(_ widths: [Int], dtype: DType = .float64) -> (inputs: Tensor, targets: Tensor) {
        let generator = TensorGenerator(seed: 3)
        return (
            generator.normal([3, 7, widths[0]], dtype: dtype),
            generator.normal([3, 7, widths[widths.count - 1]], dtype: dtype)
        )
    }

    private func start(
        _ widths: [Int], _ activation: BatchedPerceptron.Activation, dtype: DType = .float64
    ) -> BatchedPerceptron {
        let generator = TensorGenerator(seed: 5)
        var start = BatchedPerceptron(widths: widths, activation: activation, dtype: dtype, generator: generator)
        start.rows = start.rows + generator.normal([3, start.rows.size(0)], deviation: 0.05, dtype: dtype)
        return start
    }

    @Test(arguments: widths, BatchedPerceptron.Activation.allCases)
    func gradients(widths: [Int], activation: BatchedPerceptron.Activation) {
        let (inputs, targets) = data(widths)
        let point = start(widths, activation)
        let weights = Tensor([1.0, -2.0, 0.5])
            .to(.float64)
        let ours = valueAndGrad(at: point) { ($0.losses(inputs: inputs, targets: targets) * weights).sum() }
        let exact = valueAndGrad(at: point) { ($0.recordedLosses(inputs: inputs, targets: targets) * weights).sum() }
        #expect(ours.value.isClose(to: exact.value, relative: rounding, absolute: rounding))
        #expect(ours.gradient.rows.isClose(to: exact.gradient.rows, relative: rounding, absolute: rounding))
    }

    /// Every memory mode, with SGD and Adam: by hand as automatically.
    @Test(arguments: widths, BatchedPerceptron.Activation.allCases)
    func metaGradients(widths: [Int], activation: BatchedPerceptron.Activation) {
        let (inputs, targets) = data(widths)
        let point = start(widths, activation)
        func gradient<Transform: GradientTransform>(_ memory: UnrollMemory, _ optimizer: Transform) -> Tensor {
            let loop = InnerLoop<BatchedPerceptron, EmptyTree, Transform>(
                steps: 4, memory: memory, optimizer: { _ in optimizer },
                objective: point.objective(inputs: inputs, targets: targets))
            return grad(at: point) { loop(from: $0).parameters.losses(inputs: inputs, targets: targets).sum() }.rows
        }
        let descent = SGD(learningRate: 0.01)
        let adaptive = Adam(learningRate: 0.01, options: AdamOptions(epsilon: 1e-3))
        for memory in [UnrollMemory.iterates, .checkpoints()] {
            #expect(
                gradient(memory, descent)
                    .isClose(to: gradient(.full, descent), relative: rounding, absolute: rounding))
            #expect(
                gradient(memory, adaptive)
                    .isClose(to: gradient(.full, adaptive), relative: rounding, absolute: rounding))
        }
    }

    /// Second derivatives of the losses themselves, against differences of the gradient.
    @Test func secondDerivatives() {
        let (inputs, targets) = data([2, 3, 1])
        let result = checkSecondGradient(at: start([2, 3, 1], .tanh)) {
            $0.losses(inputs: inputs, targets: targets).sum()
        }
        #expect(result.worst <= 1e-6, "\(result)")
    }

    /// float32 agrees with float64 to its rounding.
    @Test func singlePrecision() {
        let widths = [1, 64, 64, 1]
        let (inputs, targets) = data(widths)
        let exact = grad(at: start(widths, .tanh)) { $0.losses(inputs: inputs, targets: targets).sum() }.rows
        let point = start(widths, .tanh).converted(to: .float32)
        let ours = grad(at: point) { $0.losses(inputs: inputs.to(.float32), targets: targets.to(.float32)).sum() }.rows
        #expect(ours.to(.float64).isClose(to: exact, relative: 1e-4, absolute: 1e-5))
    }

    @Test func badShapesTrap() async {
        await #expect(processExitsWith: .failure) {
            let start = BatchedPerceptron(widths: [1, 4, 1], generator: TensorGenerator(seed: 1)).repeated(forTasks: 2)
            _ = start.losses(inputs: Tensor.zeros([3, 5, 1]), targets: Tensor.zeros([2, 5, 1]))
        }
        await #expect(processExitsWith: .failure) {
            _ = BatchedPerceptron(widths: [1], generator: TensorGenerator(seed: 1))
        }
    }
}
