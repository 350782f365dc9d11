public import Tensors

/// Perceptrons with mean squared errors, one a task, as one row of numbers each.
///
/// For inner loops over many small tasks: gradient and Hessian-vector product are written by hand, and an optimiser works
/// on one tensor instead of two a layer. Results equal those of automatic differentiation up to rounding.
///
///     let start = BatchedPerceptron(widths: [1, 64, 64, 1], generator: generator)
///     let loop = InnerLoop(
///         steps: 5, memory: .iterates, optimizer: { _ in SGD(learningRate: 0.01) },
///         objective: start.objective(inputs: inputs, targets: targets))
///     let (loss, gradient) = valueAndGrad(at: start) { start in
///         loop(from: start.repeated(forTasks: 16)).parameters.losses(inputs: other, targets: others).mean()
///     }
public struct BatchedPerceptron: TensorTree, Sendable {
    /// What lies between the layers; the last is linear.
    public enum Activation: Sendable, Hashable, CaseIterable {
        /// max(x, 0).
        case rectifier

        /// The hyperbolic tangent.
        case tanh
    }

    /// `[P]`, or `[tasks, P]`: for each layer weights `[inputs, outputs]` in row-major order, then biases.
    public var rows: Tensor

    /// Widths from input to output, at least two.
    public let widths: [Int]

    /// What lies between the layers.
    public let activation: Activation

    /// One perceptron with torch's initial parameters, uniform within ±1/√inputs.
    ///
    /// - Parameters:
    ///   - widths: from input to output, at least two, all ≥ 1.
    ///   - activation: what lies between the layers.
    ///   - dtype: float32 or float64.
    ///   - generator: source of random numbers.
    /// - Precondition: the ranges above; violations trap.
    public init(
        widths: [Int], activation: Activation = .rectifier, dtype: DType = .float32, generator: TensorGenerator
    ) {
        precondition(
            widths.count >= 2 && widths.allSatisfy { $0 >= 1 },
            "BatchedPerceptron: widths \(widths), there must be at least two, all at least 1")
        let layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
            let bound = 1 / Double(inputs).squareRoot()
            return generator.uniform([(inputs + 1) * outputs], low: -bound, high: bound, dtype: dtype)
        }
        rows = Tensor.concatenated(layers)
        self.widths = widths
        self.activation = activation
    }

    /// Shows the tensor `rows`.
    ///
    /// - Parameter visitor: sees and may replace it.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("rows", &rows)
    }

    /// Each task's mean squared error, of automatically differentiable operations only.
    ///
    /// - Parameters:
    ///   - inputs: `[tasks, N, widths.first]`.
    ///   - targets: `[tasks, N, widths.last]`.
    /// - Returns: `[tasks]`.
    public func recordedLosses(inputs: Tensor, targets: Tensor) -> Tensor {
        let tasks = rows.size(0)
        var (value, place) = (inputs, 0)
        for (layer, (width, next)) in zip(widths, widths.dropFirst()).enumerated() {
            let weights = rows.slice(dimension: 1, start: place, end: place + width * next)
            place += width * next
            let biases = rows.slice(dimension: 1, start: place, end: place + next)
            place += next
            value = value.matmul(weights.reshaped([tasks, width, next])) + biases.unsqueezed(1)
            if layer < widths.count - 2 { value = activation == .rectifier ? value.relu() : value.tanh() }
        }
        let error = value - targets
        return (error * error).mean(dimensions: [1, 2])
    }

    /// Each task's mean squared error; the gradient with respect to `rows` is written by hand.
    ///
    /// - Parameters:
    ///   - inputs: `[tasks, N, widths.first]`, constants.
    ///   - targets: `[tasks, N, widths.last]`, constants.
    /// - Returns: `[tasks]`.
    public func losses(inputs: Tensor, targets: Tensor) -> Tensor {
        let kept = KeptGradient()
        return withCustomGradient(at: self) { perceptron in
            let (losses, gradient) = perceptron.lossesAndGradient(inputs, targets)
            kept.gradient = gradient
            return losses
        } pullback: { perceptron, _, weights in
            // Whoever differentiates once more gets it from automatic differentiation.
            if (perceptron.rows * 1).requiresGradient || (weights * 1).requiresGradient {
                return vjp(at: perceptron, createGraph: true) { $0.recordedLosses(inputs: inputs, targets: targets) }
                    .pullback(weights)
            }
            var result = perceptron
            let gradient = kept.gradient ?? perceptron.lossesAndGradient(inputs, targets).gradient
            result.rows = gradient * weights.unsqueezed(1)
            return result
        }
    }

    /// The sum of all tasks' mean squared errors, for an inner loop.
    ///
    /// With `UnrollMemory.full` it is differentiated automatically, else by hand.
    ///
    /// - Parameters:
    ///   - inputs: `[tasks, N, widths.first]`, constants.
    ///   - targets: `[tasks, N, widths.last]`, constants.
    /// - Returns: the objective; its meta-parameters are not used.
    public func objective<Meta: TensorTree>(
        inputs: Tensor, targets: Tensor
    ) -> InnerObjective<BatchedPerceptron, Meta> {
        let (inputs, targets) = (inputs.detached().contiguous(), targets.detached().contiguous())
        return InnerObjective(
            loss: { perceptron, _, _ in perceptron.recordedLosses(inputs: inputs, targets: targets).sum() },
            gradient: { perceptron, _, _ in
                var result = perceptron
                result.rows = perceptron.lossesAndGradient(inputs, targets).gradient
                return result
            },
            product: { perceptron, meta, _, direction in
                var result = perceptron
                result.rows = PerceptronKernel.product(
                    perceptron.rows.detached(), inputs, targets, along: direction.rows.detached(),
                    sizes: perceptron.widths, activation: perceptron.kernelActivation)
                return (result, meta.zeros())
            })
    }

    private func lossesAndGradient(_ inputs: Tensor, _ targets: Tensor) -> (losses: Tensor, gradient: Tensor) {
        PerceptronKernel.gradient(
            rows.detached(), inputs.detached(), targets.detached(), sizes: widths, activation: kernelActivation)
    }

    private var kernelActivation: PerceptronKernel.Activation { activation == .rectifier ? .relu : .tanh }
}

/// Carries the gradient of a forward pass to the backward pass.
private final class KeptGradient {
    var gradient: Tensor?
}
