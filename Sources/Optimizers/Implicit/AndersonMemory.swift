import Tensors

/// Anderson's acceleration, in vectors `[n]` or one row a fixed point `[T, n]`.
///
/// With f = T(x) − x and ΔX, ΔF the last differences of x and f: the step is β f − (ΔX + β ΔF) γ, where γ makes
/// ‖f − ΔF γ‖ smallest.
///
/// Source: Walker and Ni 2011, SIAM J. Numer. Anal. 49, "Anderson acceleration for fixed-point iterations".
struct AndersonMemory {
    let limit: Int
    private var former: (point: Tensor, displacement: Tensor)?
    private var pointDifferences: [Tensor] = []
    private var displacementDifferences: [Tensor] = []

    init(limit: Int) {
        precondition(limit >= 1, "Optimizers: Anderson's acceleration with a memory of \(limit); it needs 1 or more")
        self.limit = limit
    }

    mutating func step(from point: Tensor, displacement: Tensor, damping: Double) -> Tensor {
        if let former {
            pointDifferences.append(point - former.point)
            displacementDifferences.append(displacement - former.displacement)
            if pointDifferences.count > limit {
                pointDifferences.removeFirst()
                displacementDifferences.removeFirst()
            }
        }
        former = (point, displacement)
        guard !pointDifferences.isEmpty else { return displacement * damping }
        // [n, m] or [T, n, m].
        let points = Tensor.stacked(pointDifferences, dimension: -1)
        let displacements = Tensor.stacked(displacementDifferences, dimension: -1)
        guard let weights = leastSquares(displacements, displacement) else {
            pointDifferences = []
            displacementDifferences = []
            return displacement * damping
        }
        let correction = points.adding(displacements, scale: damping).matmul(weights.unsqueezed(-1)).squeezed(-1)
        return displacement * damping - correction
    }

    /// γ with ‖right − matrix γ‖ smallest; nil where it cannot be told.
    ///
    /// Columns are scaled to length 1 first.
    private func leastSquares(_ matrix: Tensor, _ right: Tensor) -> Tensor? {
        let lengths = matrix.norm(dimensions: [-2], keepDimensions: true).clamped(low: 1e-300)
        let columns = matrix.to(.float64) / lengths.to(.float64)
        let gram = columns.transposed().matmul(columns)
        let image = columns.transposed().matmul(right.to(.float64).unsqueezed(-1))
        // The normal equations lose half of the digits; a ridge of their rounding keeps them regular.
        let ridge = Tensor.identity(gram.size(-1), dtype: .float64, device: gram.device) * 1e-13
        guard let weights = try? (gram + ridge).solve(image), weights.isFinite().all().item() != 0 else { return nil }
        return (weights.squeezed(-1) / lengths.squeezed(-2).to(.float64)).to(right.dtype)
    }
}
