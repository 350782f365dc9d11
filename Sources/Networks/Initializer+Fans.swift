import Tensors

extension Initializer {
    /// Which side of a weight keeps its variance.
    public enum Fan: String, Sendable, Codable {
        /// The forward pass: fan-in.
        case input

        /// The backward pass: fan-out.
        case output
    }

    /// Uniform numbers with variance 2·gain² / (fan-in + fan-out).
    ///
    /// Source: Glorot and Bengio 2010, eq. 16.
    ///
    /// - Parameter gain: factor for the activation that follows; 1 for none or a sigmoid, 5/3 for tanh.
    /// - Returns: the initialiser.
    public static func xavierUniform(gain: Double = 1) -> Initializer {
        Initializer { shape, dtype, generator in
            let fans = fans(of: shape)
            let bound = gain * (6 / Double(fans.input + fans.output)).squareRoot()
            return uniform(-bound, bound)(shape, dtype: dtype, generator: generator)
        }
    }

    /// Normal numbers with variance 2·gain² / (fan-in + fan-out).
    ///
    /// Source: Glorot and Bengio 2010, eq. 12.
    ///
    /// - Parameter gain: factor for the activation that follows.
    /// - Returns: the initialiser.
    public static func xavierNormal(gain: Double = 1) -> Initializer {
        Initializer { shape, dtype, generator in
            let fans = fans(of: shape)
            let deviation = gain * (2 / Double(fans.input + fans.output)).squareRoot()
            return normal(standardDeviation: deviation)(shape, dtype: dtype, generator: generator)
        }
    }

    /// Uniform numbers with variance gain² / fan.
    ///
    /// Source: He et al. 2015, arXiv:1502.01852, eqs. 10 and 14. A weight of torch's `Linear` starts with gain
    /// √(1/3), that is uniform within ±1/√fan-in: `torchDefault`.
    ///
    /// - Parameters:
    ///   - gain: √2 for a ReLU that follows.
    ///   - fan: the side that keeps its variance.
    /// - Returns: the initialiser.
    public static func kaimingUniform(gain: Double = 2.0.squareRoot(), fan: Fan = .input) -> Initializer {
        Initializer { shape, dtype, generator in
            let bound = gain * (3 / Double(size(fan, of: shape))).squareRoot()
            return uniform(-bound, bound)(shape, dtype: dtype, generator: generator)
        }
    }

    /// Normal numbers with variance gain² / fan.
    ///
    /// Source: He et al. 2015, arXiv:1502.01852, eqs. 10 and 14.
    ///
    /// - Parameters:
    ///   - gain: √2 for a ReLU that follows.
    ///   - fan: the side that keeps its variance.
    /// - Returns: the initialiser.
    public static func kaimingNormal(gain: Double = 2.0.squareRoot(), fan: Fan = .input) -> Initializer {
        Initializer { shape, dtype, generator in
            let deviation = gain / Double(size(fan, of: shape)).squareRoot()
            return normal(standardDeviation: deviation)(shape, dtype: dtype, generator: generator)
        }
    }

    /// What torch's `Linear` weights start with: uniform within ±1/√fan-in.
    public static let torchDefault = kaimingUniform(gain: (1.0 / 3).squareRoot())

    /// A matrix with orthonormal rows or columns, whichever are fewer, times a gain.
    ///
    /// Trailing dimensions count as one. Uniform over such matrices: the signs of R's diagonal are moved into Q.
    /// Source: Saxe et al. 2014, arXiv:1312.6120; Mezzadri 2007, arXiv:math-ph/0609050.
    ///
    /// - Parameter gain: factor, √2 for a ReLU that follows.
    /// - Returns: the initialiser; it traps on shapes with fewer than two dimensions.
    public static func orthogonal(gain: Double = 1) -> Initializer {
        Initializer { shape, dtype, generator in
            precondition(shape.count >= 2, "Initializer.orthogonal: shape \(shape) has fewer than two dimensions")
            let rows = shape[0]
            let columns = shape.dropFirst().reduce(1, *)
            let isWide = rows < columns
            var square = generator.normal([rows, columns], dtype: .float64)
            if isWide { square = square.transposed() }
            let (q, r) = square.qr()
            let signed = q * r.diagonal().sign()
            let matrix = isWide ? signed.transposed() : signed
            return (matrix * gain).to(dtype).contiguous().reshaped(shape)
        }
    }

    /// Fan-in and fan-out of a weight `[out, in, ...]`.
    private static func fans(of shape: [Int]) -> (input: Int, output: Int) {
        precondition(shape.count >= 2, "Initializer: fans of shape \(shape) need two dimensions or more")
        let field = shape.dropFirst(2).reduce(1, *)
        return (shape[1] * field, shape[0] * field)
    }

    private static func size(_ fan: Fan, of shape: [Int]) -> Int {
        let fans = fans(of: shape)
        return fan == .input ? fans.input : fans.output
    }
}
