public import Tensors

/// A way to draw the first value of a parameter.
///
/// Draws come from a seeded generator that is passed in; the same seed, shape and type give the same tensor, equal to
/// that of `torch.nn.init` with a `torch.Generator` of the same seed.
///
/// Fans of a weight `[out, in, ...]`: fan-in = in · (product of the rest), fan-out = out · (product of the rest).
public struct Initializer: Sendable {
    private let draw: @Sendable ([Int], DType, TensorGenerator) -> Tensor

    /// Creates an initialiser from a function.
    ///
    /// - Parameter draw: makes a tensor of a shape and type with numbers from a generator.
    public init(_ draw: @escaping @Sendable ([Int], DType, TensorGenerator) -> Tensor) {
        self.draw = draw
    }

    /// Draws a tensor.
    ///
    /// - Parameters:
    ///   - shape: the parameter's shape.
    ///   - dtype: the parameter's floating-point type.
    ///   - generator: source of random numbers; advanced by the draw.
    /// - Returns: the parameter's first value.
    public func callAsFunction(_ shape: [Int], dtype: DType = .float32, generator: TensorGenerator) -> Tensor {
        draw(shape, dtype, generator)
    }

    /// The same number everywhere; draws nothing.
    ///
    /// - Parameter value: the number.
    /// - Returns: the initialiser.
    public static func constant(_ value: Double) -> Initializer {
        Initializer { shape, dtype, _ in Tensor.full(shape, value, dtype: dtype) }
    }

    /// Zeros; draws nothing.
    public static let zeros = constant(0)

    /// Ones; draws nothing.
    public static let ones = constant(1)

    /// Normal numbers.
    ///
    /// - Parameters:
    ///   - mean: mean.
    ///   - standardDeviation: standard deviation, ≥ 0.
    /// - Returns: the initialiser.
    public static func normal(mean: Double = 0, standardDeviation: Double) -> Initializer {
        Initializer { shape, dtype, generator in
            generator.normal(shape, mean: mean, deviation: standardDeviation, dtype: dtype)
        }
    }

    /// Uniform numbers in `[low, high)`.
    ///
    /// - Parameters:
    ///   - low: lowest value.
    ///   - high: upper bound.
    /// - Returns: the initialiser.
    public static func uniform(_ low: Double, _ high: Double) -> Initializer {
        Initializer { shape, dtype, generator in
            generator.uniform(shape, low: low, high: high, dtype: dtype)
        }
    }

    /// Normal numbers drawn again until they lie within a number of standard deviations of the mean.
    ///
    /// - Parameters:
    ///   - mean: mean before truncation.
    ///   - standardDeviation: standard deviation before truncation, ≥ 0.
    ///   - bound: largest distance from the mean in standard deviations, ≥ 0.5 so that few draws are repeated.
    /// - Returns: the initialiser.
    /// - Precondition: `bound ≥ 0.5`; violations trap.
    public static func truncatedNormal(
        mean: Double = 0, standardDeviation: Double, bound: Double = 2
    ) -> Initializer {
        precondition(bound >= 0.5, "Initializer.truncatedNormal: bound is \(bound), must be at least 0.5")
        return Initializer { shape, dtype, generator in
            var result = generator.normal(shape, dtype: dtype)
            var isOutside = result.absolute() .> bound
            while isOutside.any().integerItem() != 0 {
                let fresh = generator.normal(shape, dtype: dtype)
                result = Tensor.where(isOutside, fresh, result)
                isOutside = result.absolute() .> bound
            }
            return result * standardDeviation + mean
        }
    }
}
