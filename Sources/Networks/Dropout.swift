public import Tensors

/// Sets elements to zero at random and scales the others by 1 / (1 − rate), while training only.
///
/// Source: Srivastava et al. 2014, in the inverted form, so that nothing changes after training.
public struct Dropout: Module {
    /// Share of elements set to zero, in `[0, 1)`.
    public let rate: Double

    /// Creates the layer.
    ///
    /// - Parameter rate: share of elements set to zero, in `[0, 1)`.
    /// - Precondition: the rate is in range; violations trap.
    public init(rate: Double) {
        precondition((0..<1).contains(rate), "Dropout: rate is \(rate), must be in [0, 1)")
        self.rate = rate
    }

    /// Drops elements.
    ///
    /// - Parameters:
    ///   - input: any shape.
    ///   - isTraining: false returns the input as it is and draws nothing.
    ///   - generator: source of random numbers; advanced unless nothing is dropped.
    /// - Returns: the same shape.
    public func callAsFunction(_ input: Tensor, isTraining: Bool, generator: TensorGenerator) -> Tensor {
        guard isTraining, rate > 0 else { return input }
        return generator.dropout(input, probability: rate)
    }

    /// Shows nothing: the layer has no parameters.
    ///
    /// - Parameter visitor: left as it is.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {}
}
