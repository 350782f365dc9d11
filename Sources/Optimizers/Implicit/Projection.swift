public import Tensors

/// Projections onto convex sets: the nearest point in the Euclidean norm, made of differentiable operations.
public enum Projection {
    /// Onto the box of low ≤ x ≤ high.
    ///
    /// - Parameters:
    ///   - point: any shape.
    ///   - low: lower bounds, of a shape that broadcasts to the point's.
    ///   - high: upper bounds, likewise; low ≤ high.
    /// - Returns: the nearest point.
    public static func box(_ point: Tensor, low: Tensor, high: Tensor) -> Tensor {
        Tensor.minimum(Tensor.maximum(point, low), high)
    }

    /// Onto x ≥ 0.
    ///
    /// - Parameter point: any shape.
    /// - Returns: the nearest point.
    public static func nonNegative(_ point: Tensor) -> Tensor {
        point.relu()
    }

    /// Onto the simplex x ≥ 0, Σ x = total, in the last dimension.
    ///
    /// The projection is (x − τ)₊ with the τ that makes the sum right, found by sorting.
    ///
    /// Source: Duchi et al. 2008, "Efficient projections onto the ℓ1-ball", figure 1.
    ///
    /// - Parameters:
    ///   - point: `[..., n]`.
    ///   - total: what x sums to, > 0; `[...]` with a last dimension of 1, or a scalar. nil: 1.
    /// - Returns: `[..., n]`.
    public static func simplex(_ point: Tensor, total: Tensor? = nil) -> Tensor {
        let count = point.size(-1)
        let total = total ?? Tensor.ones([], dtype: point.dtype, device: point.device)
        let sorted = point.sorted(descending: true).values
        let ranks = Tensor.arange(count, device: point.device).to(point.dtype) + 1
        let thresholds = (sorted.cumulativeSum(dimension: -1) - total) / ranks
        // τ is the threshold of the last rank that stays positive; at least the first one does.
        let support = (sorted .> thresholds).to(.int64).sum(dimension: -1, keepDimension: true)
        let place = Tensor.maximum(support - 1, Tensor.zeros(like: support))
        return (point - thresholds.takeAlong(dimension: -1, place)).relu()
    }

    /// Onto the ball ‖x − centre‖ ≤ radius, all elements taken together.
    ///
    /// - Parameters:
    ///   - point: any shape.
    ///   - center: of the point's shape; nil: 0.
    ///   - radius: > 0, a scalar.
    /// - Returns: the nearest point.
    public static func ball(_ point: Tensor, center: Tensor? = nil, radius: Tensor) -> Tensor {
        let offset = center.map { point - $0 } ?? point
        // Squares first: the root of 0 has no derivative, and inside the ball none is needed.
        let squared = offset.square().sum()
        let isInside = squared .<= radius.square()
        let safe = Tensor.where(isInside, Tensor.ones(like: squared), squared)
        let nearest = Tensor.where(isInside, offset, offset * (radius * safe.rsqrt()))
        return center.map { $0 + nearest } ?? nearest
    }

    /// Onto the affine set of A x = b: x − Aᵀ (A Aᵀ)⁻¹ (A x − b).
    ///
    /// - Parameters:
    ///   - point: `[n]`.
    ///   - matrix: A `[m, n]`, of rank m.
    ///   - right: b `[m]`.
    /// - Returns: `[n]`; NaN where A has not rank m.
    public static func affine(_ point: Tensor, matrix: Tensor, right: Tensor) -> Tensor {
        let gap = matrix.matmul(point) - right
        guard let weights = try? matrix.matmul(matrix.transposed()).solve(gap.unsqueezed(-1)) else {
            return Tensor.full(like: point, .nan)
        }
        return point - matrix.transposed().matmul(weights).squeezed(-1)
    }
}

/// Proximal operators: the x that makes g(x) + ‖x − v‖² / (2 η) smallest, made of differentiable operations.
public enum Proximal {
    /// Of g = λ Σ |x|: moves every element by λ η towards 0.
    ///
    /// - Parameters:
    ///   - point: v, any shape.
    ///   - strength: λ ≥ 0, of a shape that broadcasts.
    ///   - step: η > 0.
    /// - Returns: x.
    public static func lasso(_ point: Tensor, strength: Tensor, step: Double) -> Tensor {
        point.sign() * (point.absolute() - strength * step).relu()
    }

    /// Of g = ½ λ Σ x²: v / (1 + λ η).
    ///
    /// - Parameters:
    ///   - point: v, any shape.
    ///   - strength: λ ≥ 0, of a shape that broadcasts.
    ///   - step: η > 0.
    /// - Returns: x.
    public static func ridge(_ point: Tensor, strength: Tensor, step: Double) -> Tensor {
        point / (strength * step + 1)
    }

    /// Of g = λ Σ |x| + ½ μ Σ x²: the lasso's, divided by 1 + μ η.
    ///
    /// - Parameters:
    ///   - point: v, any shape.
    ///   - lasso: λ ≥ 0, of a shape that broadcasts.
    ///   - ridge: μ ≥ 0, likewise.
    ///   - step: η > 0.
    /// - Returns: x.
    public static func elasticNet(_ point: Tensor, lasso: Tensor, ridge: Tensor, step: Double) -> Tensor {
        Proximal.lasso(point, strength: lasso, step: step) / (ridge * step + 1)
    }
}
