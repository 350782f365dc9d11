public import Tensors

/// Root-mean-square normalisation of the last dimension: y = w · x / √(mean(x²) + ε).
///
/// Source: Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4.
public struct RMSNorm: Module {
    /// Gains w, `[width]`.
    public var weight: Tensor

    /// Added to the mean square: ε ≥ 0.
    public let epsilon: Double

    /// Creates the layer with gains of one.
    ///
    /// - Parameters:
    ///   - width: size of the last dimension, ≥ 1.
    ///   - epsilon: ε ≥ 0.
    ///   - dtype: type of the gains.
    public init(width: Int, epsilon: Double = 1e-6, dtype: DType = .float32) {
        precondition(width >= 1, "RMSNorm: width is \(width), must be at least 1")
        weight = .ones([width], dtype: dtype)
        self.epsilon = epsilon
    }

    /// Normalises the last dimension.
    ///
    /// - Parameter input: `[..., width]`.
    /// - Returns: the same shape.
    /// - Precondition: the last dimension is the width; violations trap.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        input.rmsNorm(weight: weight, epsilon: epsilon)
    }

    /// Shows `weight`.
    ///
    /// - Parameter visitor: sees and may replace it.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weight", &weight)
    }
}

/// Layer normalisation of the last dimension: y = w · (x − mean) / √(variance + ε) + b.
///
/// Source: Ba et al. 2016, arXiv:1607.06450, eq. 4; variance over n, not n − 1.
public struct LayerNorm: Module {
    /// Gains w, `[width]`.
    public var weight: Tensor

    /// Biases b, `[width]`, or nil.
    public var bias: Tensor?

    /// Added to the variance: ε ≥ 0.
    public let epsilon: Double

    /// Creates the layer with gains of one and biases of zero.
    ///
    /// - Parameters:
    ///   - width: size of the last dimension, ≥ 1.
    ///   - epsilon: ε ≥ 0.
    ///   - hasBias: whether there are biases.
    ///   - dtype: type of the parameters.
    public init(width: Int, epsilon: Double = 1e-5, hasBias: Bool = true, dtype: DType = .float32) {
        precondition(width >= 1, "LayerNorm: width is \(width), must be at least 1")
        weight = .ones([width], dtype: dtype)
        bias = hasBias ? .zeros([width], dtype: dtype) : nil
        self.epsilon = epsilon
    }

    /// Normalises the last dimension.
    ///
    /// - Parameter input: `[..., width]`.
    /// - Returns: the same shape.
    /// - Precondition: the last dimension is the width; violations trap.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        input.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
    }

    /// Shows `weight` and `bias`.
    ///
    /// - Parameter visitor: sees and may replace both.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weight", &weight)
        visitor.visit("bias", &bias)
    }
}
