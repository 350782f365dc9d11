public import Tensors

/// An affine map: y = x·Wᵀ + b.
public struct Linear: Module {
    /// `[outputs, inputs]`.
    public var weight: Tensor

    /// `[outputs]`, or nil.
    public var bias: Tensor?

    /// Creates the layer from parameters.
    ///
    /// - Parameters:
    ///   - weight: `[outputs, inputs]`.
    ///   - bias: `[outputs]`, or nil.
    /// - Precondition: shapes agree; violations trap.
    public init(weight: Tensor, bias: Tensor? = nil) {
        precondition(weight.rank == 2, "Linear: weight has shape \(weight.shape), must be [outputs, inputs]")
        if let bias {
            precondition(
                bias.shape == [weight.size(0)],
                "Linear: bias has shape \(bias.shape), must be [\(weight.size(0))]")
        }
        self.weight = weight
        self.bias = bias
    }

    /// Creates the layer with drawn parameters; the defaults are those of torch.
    ///
    /// - Parameters:
    ///   - inputs: width of the input, ≥ 1.
    ///   - outputs: width of the output, ≥ 1.
    ///   - hasBias: whether there is a bias.
    ///   - weightInitializer: draws the weight.
    ///   - biasInitializer: draws the bias; nil: uniform within ±1/√inputs.
    ///   - dtype: type of the parameters.
    ///   - generator: source of random numbers, used for the weight first.
    public init(
        inputs: Int, outputs: Int, hasBias: Bool = true, weightInitializer: Initializer = .torchDefault,
        biasInitializer: Initializer? = nil, dtype: DType = .float32, generator: TensorGenerator
    ) {
        precondition(
            inputs >= 1 && outputs >= 1, "Linear: inputs \(inputs) and outputs \(outputs) must be at least 1")
        weight = weightInitializer([outputs, inputs], dtype: dtype, generator: generator)
        guard hasBias else { return }
        let bound = 1 / Double(inputs).squareRoot()
        let drawn = biasInitializer ?? .uniform(-bound, bound)
        bias = drawn([outputs], dtype: dtype, generator: generator)
    }

    /// Width of the input.
    public var inputs: Int { weight.size(1) }

    /// Width of the output.
    public var outputs: Int { weight.size(0) }

    /// Applies the map to the last dimension.
    ///
    /// - Parameter input: `[..., inputs]`.
    /// - Returns: `[..., outputs]`.
    /// - Precondition: the last dimension is `inputs`; violations trap.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        input.linear(weight: weight, bias: bias)
    }

    /// Shows `weight` and `bias`.
    ///
    /// - Parameter visitor: sees and may replace both.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weight", &weight)
        visitor.visit("bias", &bias)
    }
}
