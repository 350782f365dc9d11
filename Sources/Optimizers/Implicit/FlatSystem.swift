import Tensors

/// A linear system in flat vectors: `[n]`, or `[T, n]` for T systems at once.
struct FlatSystem {
    var right: Tensor
    var start: Tensor?
    /// A x, with the ridge.
    var multiply: (Tensor) -> Tensor
    /// Aᵀ x, without a ridge.
    var multiplyTransposed: ((Tensor) -> Tensor)?
    /// About A⁻¹ x.
    var precondition: ((Tensor) -> Tensor)?
    /// The largest ‖b − A x‖ that counts as solved: a scalar, or `[T, 1]`.
    var threshold: Tensor
    var maximumIterations: Int

    /// Vectors of zeros.
    var zero: Tensor { Tensor.zeros(like: right) }

    /// x and b − A x to begin with, both in memory of their own.
    func initial() -> (x: Tensor, residual: Tensor) {
        guard let start else { return (zero, right.copied()) }
        return (start.copied(), right - multiply(start))
    }

    func preconditioned(_ vector: Tensor) -> Tensor {
        precondition?(vector) ?? vector
    }
}

/// Where a method ended.
struct FlatSolution {
    var x: Tensor
    var iterations: Int
    /// ‖b − A x‖, a scalar or `[T, 1]`.
    var residual: Tensor
    var failure: LinearFailure?
    /// Whether `failure` is the verdict, rather than a comparison of the residual with the threshold.
    var isJudged = false
}

extension Tensor {
    /// Whether any element is true.
    var isAnyTrue: Bool { elementCount == 1 ? item() != 0 : any().item() != 0 }
}

/// numerator / denominator where a row goes on, else 0.
func stepSize(_ numerator: Tensor, _ denominator: Tensor, where isActive: Tensor) -> Tensor {
    (numerator / denominator).maskedFill(where: (isActive .& (denominator .!= 0)) .== 0, with: 0)
}
