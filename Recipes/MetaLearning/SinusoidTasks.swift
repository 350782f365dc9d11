import Foundation
import Randomness
import Tensors

/// Sine waves to be learnt from a few points: y = A sin(x − φ), A in [0.1, 5], φ in [0, π], x in [−5, 5].
///
/// Tasks lie along the leading dimension of every tensor. Source: Finn et al. 2017, section 5.1.
struct SinusoidTasks {
    /// Points to learn from: `[tasks, shots, 1]`.
    var inputs: Tensor
    /// Their values.
    var targets: Tensor
    /// Points to be judged by: `[tasks, queries, 1]`.
    var queryInputs: Tensor
    /// Their values.
    var queryTargets: Tensor

    /// Draws tasks.
    ///
    /// - Parameters:
    ///   - count: number of tasks.
    ///   - shots: points to learn from in each.
    ///   - queries: points to be judged by in each.
    ///   - source: where random numbers come from; the same source gives the same tasks.
    ///   - dtype: type of the numbers.
    init(count: Int, shots: Int, queries: Int, source: SplittableGenerator, dtype: DType = .float32) {
        var source = source
        let generator = TensorGenerator(seed: source.next())
        let amplitudes = generator.uniform([count, 1, 1], low: 0.1, high: 5, dtype: dtype)
        let phases = generator.uniform([count, 1, 1], low: 0, high: .pi, dtype: dtype)
        inputs = generator.uniform([count, shots, 1], low: -5, high: 5, dtype: dtype)
        queryInputs = generator.uniform([count, queries, 1], low: -5, high: 5, dtype: dtype)
        targets = amplitudes * (inputs - phases).sin()
        queryTargets = amplitudes * (queryInputs - phases).sin()
    }

    /// Some of the tasks.
    ///
    /// - Parameter range: their numbers.
    /// - Returns: these alone.
    func part(_ range: Range<Int>) -> SinusoidTasks {
        var part = self
        func cut(_ tensor: Tensor) -> Tensor {
            tensor.slice(dimension: 0, start: range.lowerBound, end: range.upperBound)
        }
        part.inputs = cut(inputs)
        part.targets = cut(targets)
        part.queryInputs = cut(queryInputs)
        part.queryTargets = cut(queryTargets)
        return part
    }

    /// How many there are.
    var count: Int { inputs.size(0) }
}

/// A perceptron with one input and one output; leaves may have a leading dimension of tasks.
struct SinusoidNetwork: TensorTree, Sendable {
    /// `[inputs, outputs]` each.
    var weights: [Tensor]
    /// `[1, outputs]` each.
    var biases: [Tensor]

    /// Draws weights as torch does, uniform within ±1/√inputs.
    init(hidden: [Int], source: SplittableGenerator, dtype: DType = .float32) {
        var source = source
        let generator = TensorGenerator(seed: source.next())
        let sizes = [1] + hidden + [1]
        (weights, biases) = ([], [])
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            let bound = 1 / Double(inputs).squareRoot()
            weights.append(generator.uniform([inputs, outputs], low: -bound, high: bound, dtype: dtype))
            biases.append(generator.uniform([1, outputs], low: -bound, high: bound, dtype: dtype))
        }
    }

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weights", &weights)
        visitor.visit("biases", &biases)
    }

    /// Each task's mean squared error: `[tasks]`, for leaves with a dimension of tasks.
    func losses(_ inputs: Tensor, _ targets: Tensor) -> Tensor {
        var value = inputs
        for layer in weights.indices {
            value = value.matmul(weights[layer]) + biases[layer]
            if layer < weights.count - 1 { value = value.relu() }
        }
        let error = value - targets
        return (error * error).mean(dimensions: [1, 2])
    }
}
