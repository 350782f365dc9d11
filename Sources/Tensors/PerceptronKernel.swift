import CTorch

/// Losses, gradients and Hessian-vector products of many small perceptrons at once, written by hand.
///
/// Nothing is recorded. Rows `[T, P]` hold for each layer weights `[inputs, outputs]`, then biases; `inputs` is
/// `[T, N, sizes.first]` and `targets` `[T, N, sizes.last]`; all float32 or float64 on the CPU.
package enum PerceptronKernel {
    /// What lies between the layers.
    package enum Activation: Int32, Sendable {
        case relu = 0
        case tanh = 1
    }

    /// Mean squared errors `[T]` and the gradients of their sum `[T, P]`.
    package static func gradient(
        _ rows: Tensor, _ inputs: Tensor, _ targets: Tensor, sizes: [Int], activation: Activation
    ) -> (losses: Tensor, gradient: Tensor) {
        let results = callForMany("perceptron", count: 2, operands: [rows, inputs, targets]) { out, error in
            ct_perceptron_gradient(
                rows.handle.pointer, inputs.handle.pointer, targets.handle.pointer, sizes, sizes.count,
                activation.rawValue, out, error)
        }
        guard let losses = results[0], let gradient = results[1] else {
            preconditionFailure("Tensors: perceptron left a result undefined")
        }
        return (losses, gradient)
    }

    /// The Hessians of the same losses times directions `[T, P]`.
    package static func product(
        _ rows: Tensor, _ inputs: Tensor, _ targets: Tensor, along directions: Tensor, sizes: [Int],
        activation: Activation
    ) -> Tensor {
        withExtendedLifetime((inputs, targets)) {
            call("perceptron", rows, directions) {
                ct_perceptron_product(
                    $0, inputs.handle.pointer, targets.handle.pointer, $1, sizes, sizes.count, activation.rawValue, $2)
            }
        }
    }
}
