import Tensors

/// The Neumann series as the iteration x ← x + step · M (b − A x).
func solveByNeumannSeries(_ system: FlatSystem, step: Double) -> FlatSolution {
    var (x, residual) = system.initial()
    var size = inner(residual, residual).sqrt()
    var iterations = 0
    while iterations < system.maximumIterations {
        let isActive = size .> system.threshold
        guard isActive.isAnyTrue else { break }
        x = x.adding(system.preconditioned(residual), scale: step)
        residual = system.right - system.multiply(x)
        size = inner(residual, residual).sqrt()
        iterations += 1
    }
    return FlatSolution(x: x, iterations: iterations, residual: size, failure: nil)
}

/// The solution by the matrix written out, `[n, n]` or `[T, n, n]`.
///
/// A factorisation leaves a residual of a few roundings of ‖A‖ ‖x‖, which for an ill-conditioned matrix is above any
/// tolerance in ‖b‖, and cannot be bettered: that counts as solved as long as it is below a hundredth of ‖b‖.
func solveDensely(_ system: FlatSystem) -> FlatSolution {
    let matrix = denseMatrix(like: system.right, system.multiply)
    let count = system.right.size(-1)
    do {
        let x = try matrix.solve(system.right.unsqueezed(-1)).squeezed(-1)
        let residual = system.right - matrix.matmul(x.unsqueezed(-1)).squeezed(-1)
        let size = inner(residual, residual).sqrt()
        let rounding = x.dtype == .float64 ? 0x1p-52 : 0x1p-23
        let norm = matrix.square().sum(dimensions: [-2, -1]).sqrt().reshaped(size.shape)
        let attainable = Tensor.minimum(
            norm * inner(x, x).sqrt() * (4 * rounding), inner(system.right, system.right).sqrt() * 0.01)
        let isSolved = size .<= Tensor.maximum(system.threshold, attainable)
        return FlatSolution(
            x: x, iterations: count, residual: size, failure: isSolved.all().item() != 0 ? nil : .singular,
            isJudged: x.isFinite().all().item() != 0)
    } catch {
        let nothing = Tensor.full(like: system.right, .nan)
        return FlatSolution(x: nothing, iterations: count, residual: inner(nothing, nothing), failure: .singular)
    }
}

/// The matrix of a linear map of flat vectors, column by column.
func denseMatrix(like vector: Tensor, _ multiply: (Tensor) -> Tensor) -> Tensor {
    let count = vector.size(-1)
    let units = Tensor.identity(count, dtype: vector.dtype, device: vector.device)
    let columns = (0..<count).map { index in multiply(units[index].expanded(vector.shape)) }
    return Tensor.stacked(columns, dimension: -1)
}
