public import Tensors

/// A quintic Newton-Schulz iteration: X ← aX + (bG + cG²)X with G = XXᵀ, from X = M / |M|.
///
/// It moves every singular value s of M / |M| by s ← as + bs³ + cs⁵ and leaves the singular vectors. The standard
/// coefficients have a large slope at 0 and don't converge: values end between about .7 and 1.2.
/// Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks".
public struct NewtonSchulz: Sendable, Equatable {
    /// Coefficients a, b, c of s, s³, s⁵.
    public var coefficients: [Double]

    /// Number of iterations, ≥ 0.
    public var steps: Int

    /// Least norm to divide by, > 0.
    public var epsilon: Double

    /// The type to iterate in, or nil for that of the matrix.
    ///
    /// Muon of torch takes bfloat16.
    public var computationType: DType?

    /// Creates the iteration.
    ///
    /// - Parameters:
    ///   - coefficients: a, b, c.
    ///   - steps: number of iterations, ≥ 0.
    ///   - epsilon: least norm to divide by, > 0.
    ///   - computationType: the type to iterate in; nil: that of the matrix.
    /// - Precondition: three coefficients, numbers in range; violations trap.
    public init(
        coefficients: [Double] = [3.4445, -4.7750, 2.0315], steps: Int = 5, epsilon: Double = 1e-7,
        computationType: DType? = nil
    ) {
        precondition(
            coefficients.count == 3 && steps >= 0 && epsilon > 0,
            "NewtonSchulz: \(coefficients.count) coefficients must be 3, steps \(steps) at least 0, epsilon \(epsilon) "
                + "positive")
        self.coefficients = coefficients
        self.steps = steps
        self.epsilon = epsilon
        self.computationType = computationType
    }

    /// The matrix with its singular values brought near 1.
    ///
    /// - Parameter matrix: shape `[..., rows, columns]`; dimensions before are a batch.
    /// - Returns: the same shape and type; 0 for a matrix of zeros. Differentiable.
    /// - Precondition: two dimensions at least; violations trap.
    public func orthogonalized(_ matrix: Tensor) -> Tensor {
        precondition(matrix.rank >= 2, "NewtonSchulz: a tensor of shape \(matrix.shape) is no matrix")
        let isTall = matrix.size(-2) > matrix.size(-1)
        var x = computationType.map { matrix.to($0) } ?? matrix
        if isTall { x = x.transposed() }
        // Dividing by max(|M|, ε) keeps zeros zero.
        x = x / x.norm(dimensions: [-2, -1], keepDimensions: true).clamped(low: epsilon)
        for _ in 0..<steps {
            let gram = x.matmul(x.transposed())
            let polynomial = (gram * coefficients[1]).adding(gram.matmul(gram), scale: coefficients[2])
            x = (x * coefficients[0]) + polynomial.matmul(x)
        }
        if isTall { x = x.transposed() }
        return x.to(matrix.dtype)
    }
}
