public import Tensors

/// The solution of a quadratic program with equality constraints.
public struct QuadraticProgramSolution {
    /// x `[..., n]`.
    public var solution: Tensor

    /// ν `[..., m]`: how fast the minimum falls when b grows is −∂(minimum)/∂b = ν.
    public var multipliers: Tensor
}

/// The x that makes ½ xᵀ Q x + cᵀ x smallest where A x = b, as a differentiable function of all four.
///
/// Solves Karush, Kuhn and Tucker's system [Q Aᵀ; A 0] [x; ν] = [−c; b] by factorising it; gradients, `jvp` and higher
/// derivatives flow through the solve. Source: Amos and Kolter 2017 (OptNet), without its inequalities.
///
/// - Parameters:
///   - quadratic: Q `[..., n, n]`; only its symmetric part counts. Positive definite where A x = 0.
///   - linear: c `[..., n]`.
///   - matrix: A `[..., m, n]`, of rank m ≤ n.
///   - right: b `[..., m]`.
/// - Returns: x and the multipliers.
/// - Throws: `ImplicitError.linearSystem` when the system is singular: constraints that depend on each other, or a
///   quadratic form that is flat along a direction that they leave open.
/// - Precondition: the shapes agree; violations trap.
public func equalityConstrainedArgmin(
    quadratic: Tensor, linear: Tensor, matrix: Tensor, right: Tensor
) throws(ImplicitError) -> QuadraticProgramSolution {
    let (rows, columns) = (matrix.size(-2), matrix.size(-1))
    precondition(
        quadratic.size(-1) == columns && quadratic.size(-2) == columns && linear.size(-1) == columns
            && right.size(-1) == rows,
        "Optimizers: a quadratic program with Q \(quadratic.shape), c \(linear.shape), A \(matrix.shape), "
            + "b \(right.shape)")
    let symmetric = (quadratic + quadratic.transposed()) * 0.5
    let batch = [symmetric, matrix].map { Array($0.shape.dropLast(2)) }.max { $0.count < $1.count } ?? []
    let zero = Tensor.zeros([rows, rows], dtype: matrix.dtype, device: matrix.device)
    let top = Tensor.concatenated(
        [symmetric.expanded(batch + [columns, columns]), matrix.transposed().expanded(batch + [columns, rows])],
        dimension: -1)
    let bottom = Tensor.concatenated(
        [matrix.expanded(batch + [rows, columns]), zero.expanded(batch + [rows, rows])], dimension: -1)
    let system = Tensor.concatenated([top, bottom], dimension: -2)
    let sides = [linear, right].map { Array($0.shape.dropLast()) }.max { $0.count < $1.count } ?? []
    let target = Tensor.concatenated(
        [(linear * -1.0).expanded(sides + [columns]), right.expanded(sides + [rows])], dimension: -1)
    let solved: Tensor
    do {
        solved = try system.solve(target.unsqueezed(-1)).squeezed(-1)
    } catch {
        throw .linearSystem(.singular, relativeResidual: .nan, iterations: 0)
    }
    try checkSolved(system.detached(), solved.detached(), target.detached())
    return QuadraticProgramSolution(
        solution: solved.slice(dimension: -1, end: columns), multipliers: solved.slice(dimension: -1, start: columns))
}

/// Throws when a factorisation went through, but of a matrix that is singular up to rounding.
private func checkSolved(_ system: Tensor, _ solved: Tensor, _ target: Tensor) throws(ImplicitError) {
    guard !isVectorizing else { return }
    let gap = (system.matmul(solved.unsqueezed(-1)).squeezed(-1) - target).norm(dimensions: [-1])
    let size = target.norm(dimensions: [-1])
    let ratio = (gap / size.clamped(low: 1e-300)).max().item()
    let limit = target.dtype == .float64 ? 1e-8 : 1e-3
    // Solutions that are larger than their system by the inverse of the rounding come from a matrix without an inverse.
    let growth = (solved.norm(dimensions: [-1]) * system.norm(dimensions: [-2, -1]) / size.clamped(low: 1e-300)).max()
    let bound = target.dtype == .float64 ? 1e14 : 1e6
    guard ratio <= limit, growth.item() <= bound || size.max().item() == 0 else {
        throw .linearSystem(.singular, relativeResidual: ratio, iterations: 0)
    }
}
