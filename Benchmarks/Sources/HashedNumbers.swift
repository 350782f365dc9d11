import Optimizers
import Tensors

/// Numbers in [0, 1) from a 32-bit hash of a stream's number and an index, the same as in `Benchmarks/Peers`.
///
/// - Parameters:
///   - stream: which sequence.
///   - shape: sizes of the result.
/// - Returns: float64 numbers of that shape.
func hashedUniform(_ stream: Int, _ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    let start = UInt32(truncatingIfNeeded: stream &* 0x9E37_79B9)
    let numbers = (0..<count).map { index -> Double in
        var x = UInt32(truncatingIfNeeded: index) &+ start
        x ^= x >> 16
        x &*= 0x7FEB_352D
        x ^= x >> 15
        x &*= 0x846C_A68B
        x ^= x >> 16
        return Double(x) / 4_294_967_296
    }
    return Tensor(numbers, shape: shape)
}

/// Weights `[out, in]` and biases `[out]` of a perceptron, uniform in ±1 / √in.
///
/// - Parameters:
///   - sizes: widths from the input to the output.
///   - stream: the first of two streams a layer.
/// - Returns: float64 tensors, weight and bias of each layer in turn.
func hashedPerceptron(_ sizes: [Int], stream: Int) -> [Tensor] {
    zip(sizes, sizes.dropFirst()).enumerated().flatMap { layer, size in
        let bound = 1 / Double(size.0).squareRoot()
        return [
            (hashedUniform(stream + 2 * layer, [size.1, size.0]) * 2 - 1) * bound,
            (hashedUniform(stream + 2 * layer + 1, [size.1]) * 2 - 1) * bound,
        ]
    }
}

/// A perceptron's weights and biases as one row of numbers.
///
/// - Parameters:
///   - parameters: weights `[out, in]` and biases `[out]`, as ``hashedPerceptron(_:stream:)`` gives them.
///   - widths: widths from the input to the output.
/// - Returns: the same perceptron.
func batchedPerceptron(_ parameters: [Tensor], widths: [Int]) -> BatchedPerceptron {
    var result = BatchedPerceptron(widths: widths, generator: TensorGenerator(seed: 0))
    result.rows = Tensor.concatenated(
        parameters.map { $0.shape.count == 2 ? $0.transposed().reshaped([-1]) : $0 })
    return result
}
