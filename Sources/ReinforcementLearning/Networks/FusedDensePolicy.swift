public import Networks
import Tensors

/// Dense layers with tanh between them, run without libtorch: for the few rows of a step, where calls cost most.
///
/// Holds a copy of the weights; make a new one after each update. Gives what the layers give, to rounding. Nothing is
/// allocated in a call. It belongs to one thread at a time.
public final class FusedDensePolicy {
    /// One layer's weights, input by input: for each input 8 outputs side by side, block after block.
    private struct Layer {
        var inputs: Int
        var outputs: Int
        var blocks: Int
        /// `[blocks, inputs + 1]` vectors, the bias first.
        var weights: Int
    }

    /// Numbers in an observation.
    public let inputs: Int
    /// A.
    public let outputs: Int
    private var layers: [Layer] = []
    private let weights: UnsafeMutablePointer<SIMD8<Float>>
    private let hidden: UnsafeMutablePointer<SIMD8<Float>>
    private let width: Int
    /// Rows that go through the layers together: their sums and a block's weights fit the vector registers.
    private static let rows = 4

    /// Copies layers.
    ///
    /// - Parameter linear: the layers, at least one, of float32.
    /// - Precondition: each takes what the one before gives; violations trap.
    public init(_ linear: [Linear]) {
        guard let first = linear.first, let last = linear.last else {
            preconditionFailure("FusedDensePolicy: there are no layers")
        }
        inputs = first.inputs
        outputs = last.outputs
        var count = 0
        for layer in linear {
            precondition(
                layers.last.map { $0.outputs == layer.inputs } ?? true,
                "FusedDensePolicy: a layer of \(layer.inputs) inputs follows one of \(layers.last?.outputs ?? 0) outputs"
            )
            let blocks = (layer.outputs + 7) / 8
            layers.append(Layer(inputs: layer.inputs, outputs: layer.outputs, blocks: blocks, weights: count))
            count += blocks * (layer.inputs + 1)
        }
        let width = layers.map(\.blocks).max() ?? 1
        self.width = width
        weights = .allocate(capacity: count)
        weights.initialize(repeating: .zero, count: count)
        hidden = .allocate(capacity: 2 * Self.rows * width)
        hidden.initialize(repeating: .zero, count: 2 * Self.rows * width)
        copy(linear)
    }

    deinit {
        weights.deallocate()
        hidden.deallocate()
    }

    /// Copies other weights of the same shapes.
    ///
    /// - Parameter linear: the layers.
    /// - Precondition: their shapes are the former ones; violations trap.
    public func copy(_ linear: [Linear]) {
        precondition(
            linear.count == layers.count, "FusedDensePolicy: \(linear.count) layers, there were \(layers.count)")
        for (layer, source) in zip(layers, linear) {
            precondition(
                layer.inputs == source.inputs && layer.outputs == source.outputs,
                "FusedDensePolicy: a layer's weight has shape \(source.weight.shape), had "
                    + "[\(layer.outputs), \(layer.inputs)]")
            let numbers = source.weight.array(of: Float.self)
            let bias = source.bias?.array(of: Float.self)
            for output in 0..<layer.outputs {
                let block = weights + layer.weights + output / 8 * (layer.inputs + 1)
                block[0][output % 8] = bias?[output] ?? 0
                for input in 0..<layer.inputs {
                    block[input + 1][output % 8] = numbers[output * layer.inputs + input]
                }
            }
        }
    }

    /// Runs the layers.
    ///
    /// - Parameters:
    ///   - observations: `[count, inputs]`.
    ///   - count: rows.
    ///   - results: room for `[count, outputs]`.
    public func callAsFunction(
        _ observations: UnsafePointer<Float>, count: Int, into results: UnsafeMutablePointer<Float>
    ) {
        var row = 0
        while row < count {
            let rows = min(Self.rows, count - row)
            run(observations + row * inputs, rows, results + row * outputs)
            row += rows
        }
    }

    /// Runs up to four rows; of fewer, the last one stands in for those that are missing.
    private func run(_ observations: UnsafePointer<Float>, _ rows: Int, _ results: UnsafeMutablePointer<Float>) {
        var source = observations
        var stride = inputs
        for (index, layer) in layers.enumerated() {
            let target = hidden + (index & 1) * Self.rows * width
            let isLast = index == layers.count - 1
            for block in 0..<layer.blocks {
                let sums = product(
                    source, stride, rows, weights + layer.weights + block * (layer.inputs + 1), layer.inputs)
                if isLast {
                    write(sums, rows, results, from: block * 8)
                } else {
                    target[block] = hyperbolicTangent(sums.0)
                    target[width + block] = hyperbolicTangent(sums.1)
                    target[2 * width + block] = hyperbolicTangent(sums.2)
                    target[3 * width + block] = hyperbolicTangent(sums.3)
                }
            }
            source = UnsafeRawPointer(target).assumingMemoryBound(to: Float.self)
            stride = width * 8
        }
    }

    private typealias Sums = (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>)

    @inline(__always)
    private func product(
        _ source: UnsafePointer<Float>, _ stride: Int, _ rows: Int, _ weights: UnsafePointer<SIMD8<Float>>,
        _ inputs: Int
    ) -> Sums {
        let bias = weights[0]
        var sums = (bias, bias, bias, bias)
        let second = source + min(1, rows - 1) * stride
        let third = source + min(2, rows - 1) * stride
        let fourth = source + min(3, rows - 1) * stride
        for input in 0..<inputs {
            let weight = weights[input + 1]
            sums.0 += weight * source[input]
            sums.1 += weight * second[input]
            sums.2 += weight * third[input]
            sums.3 += weight * fourth[input]
        }
        return sums
    }

    private func write(_ sums: Sums, _ rows: Int, _ results: UnsafeMutablePointer<Float>, from first: Int) {
        let count = min(8, outputs - first)
        withUnsafeBytes(of: sums) { bytes in
            let all = bytes.bindMemory(to: Float.self)
            for row in 0..<rows {
                for column in 0..<count { results[row * outputs + first + column] = all[row * 8 + column] }
            }
        }
    }
}
