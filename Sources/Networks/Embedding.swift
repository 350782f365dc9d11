public import Tensors

/// A table of vectors that whole numbers point into.
public struct Embedding: Module {
    /// `[count, width]`.
    public var weight: Tensor

    /// Creates the layer from its table.
    ///
    /// - Parameter weight: `[count, width]`.
    /// - Precondition: two dimensions; violations trap.
    public init(weight: Tensor) {
        precondition(weight.rank == 2, "Embedding: weight has shape \(weight.shape), must be [count, width]")
        self.weight = weight
    }

    /// Creates the layer with a drawn table.
    ///
    /// - Parameters:
    ///   - count: number of vectors, ≥ 1.
    ///   - width: width of each, ≥ 1.
    ///   - initializer: draws the table; torch's default has standard deviation 1.
    ///   - dtype: type of the table.
    ///   - generator: source of random numbers.
    public init(
        count: Int, width: Int, initializer: Initializer = .normal(standardDeviation: 1), dtype: DType = .float32,
        generator: TensorGenerator
    ) {
        precondition(count >= 1 && width >= 1, "Embedding: count \(count) and width \(width) must be at least 1")
        weight = initializer([count, width], dtype: dtype, generator: generator)
    }

    /// Looks vectors up.
    ///
    /// - Parameter indices: `[...]` `int64` or `int32`, each in `0 ..< count`.
    /// - Returns: `[..., width]`.
    /// - Precondition: indices are in range; violations trap.
    public func callAsFunction(_ indices: Tensor) -> Tensor {
        weight.embedding(indices)
    }

    /// Scores every vector of the table against inputs: an output layer that shares the table.
    ///
    /// - Parameter input: `[..., width]`.
    /// - Returns: `[..., count]` inner products.
    public func scores(_ input: Tensor) -> Tensor {
        input.linear(weight: weight)
    }

    /// Shows `weight`.
    ///
    /// - Parameter visitor: sees and may replace it.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weight", &weight)
    }
}
