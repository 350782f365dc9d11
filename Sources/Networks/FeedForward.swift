public import Tensors

/// A gated feed-forward layer: down(silu(gate(x)) · up(x)), without biases.
///
/// Source: Shazeer 2020, arXiv:2002.05202, eq. 6 (SwiGLU).
public struct SwiGLU: Module {
    /// Width to hidden width, under the silu.
    public var gate: Linear

    /// Width to hidden width.
    public var up: Linear

    /// Hidden width to width.
    public var down: Linear

    /// Creates the layer with drawn parameters.
    ///
    /// - Parameters:
    ///   - width: width of input and output.
    ///   - hiddenWidth: width between; 8/3 of the width keeps the size of an ordinary layer of four times the width.
    ///   - weightInitializer: draws the weights of gate and up.
    ///   - outputInitializer: draws the weight of down; nil: as the others.
    ///   - dtype: type of the parameters.
    ///   - generator: source of random numbers: gate, up, down in this order.
    public init(
        width: Int, hiddenWidth: Int, weightInitializer: Initializer = .torchDefault,
        outputInitializer: Initializer? = nil, dtype: DType = .float32, generator: TensorGenerator
    ) {
        func map(_ inputs: Int, _ outputs: Int, _ initializer: Initializer) -> Linear {
            Linear(
                inputs: inputs, outputs: outputs, hasBias: false, weightInitializer: initializer, dtype: dtype,
                generator: generator)
        }
        gate = map(width, hiddenWidth, weightInitializer)
        up = map(width, hiddenWidth, weightInitializer)
        down = map(hiddenWidth, width, outputInitializer ?? weightInitializer)
    }

    /// Applies the layer to the last dimension.
    ///
    /// - Parameter input: `[..., width]`.
    /// - Returns: `[..., width]`.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        down(gate(input).silu() * up(input))
    }

    /// Shows the three maps.
    ///
    /// - Parameter visitor: sees and may replace their parameters.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("gate", &gate)
        visitor.visit("up", &up)
        visitor.visit("down", &down)
    }
}

/// Affine maps with an activation between each two.
public struct MultilayerPerceptron: Module {
    /// The maps, first to last.
    public var layers: [Linear]

    /// Applied after each map but the last.
    public let activation: Activation

    /// Creates the network with drawn parameters.
    ///
    /// - Parameters:
    ///   - widths: width of the input, of each hidden layer, and of the output: two or more numbers ≥ 1.
    ///   - activation: applied after each map but the last.
    ///   - weightInitializer: draws the weights.
    ///   - biasInitializer: draws the biases; nil: uniform within ±1/√inputs, as torch.
    ///   - dtype: type of the parameters.
    ///   - generator: source of random numbers, layer by layer.
    /// - Precondition: two widths or more; violations trap.
    public init(
        widths: [Int], activation: Activation = .tanh, weightInitializer: Initializer = .torchDefault,
        biasInitializer: Initializer? = nil, dtype: DType = .float32, generator: TensorGenerator
    ) {
        precondition(widths.count >= 2, "MultilayerPerceptron: widths \(widths) must be two or more")
        layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
            Linear(
                inputs: inputs, outputs: outputs, weightInitializer: weightInitializer,
                biasInitializer: biasInitializer, dtype: dtype, generator: generator)
        }
        self.activation = activation
    }

    /// Applies the network to the last dimension.
    ///
    /// - Parameter input: `[..., widths.first]`.
    /// - Returns: `[..., widths.last]`.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        var x = input
        for (index, layer) in layers.enumerated() {
            x = layer(index == 0 ? x : activation(x))
        }
        return x
    }

    /// Shows the layers.
    ///
    /// - Parameter visitor: sees and may replace their parameters.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("layers", &layers)
    }
}
