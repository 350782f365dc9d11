import Foundation
import Tensors

/// GMRES, restarted, with a preconditioner from the right; all rows build their bases together.
///
/// Source: Saad and Schultz 1986; Saad, Iterative Methods for Sparse Linear Systems (2003), algorithm 9.5. Vectors are
/// made orthogonal by Gram and Schmidt's way twice, which is as good as Householder's.
func solveByMinimalResidual(_ system: FlatSystem, restart: Int) -> FlatSolution {
    precondition(restart > 0, "Optimizers: GMRES with \(restart) vectors; it needs 1 or more")
    let isSingle = system.right.rank == 1
    func rows(_ vector: Tensor) -> Tensor { isSingle ? vector.unsqueezed(0) : vector }
    func vector(_ rows: Tensor) -> Tensor { isSingle ? rows.squeezed(0) : rows }
    let bounds = system.threshold.array(of: Double.self)
    var x = system.start ?? system.zero
    var iterations = 0
    while true {
        let residual = rows(system.right - system.multiply(x))
        let sizes = residual.norm(dimensions: [1]).array(of: Double.self)
        let isDone = zip(sizes, bounds).allSatisfy { $0 <= $1 }
        if isDone || iterations >= system.maximumIterations || sizes.contains(where: { !$0.isFinite }) {
            let norms = Tensor(sizes, shape: system.threshold.shape).to(system.right.dtype)
            return FlatSolution(x: x, iterations: iterations, residual: norms, failure: nil)
        }
        var cycle = MinimalResidualCycle(residual: residual, sizes: sizes)
        while cycle.basis.count <= restart && iterations < system.maximumIterations
            && zip(cycle.estimates, bounds).contains(where: { $0 > $1 }) && cycle.canGoOn
        {
            let direction = system.preconditioned(vector(cycle.basis[cycle.basis.count - 1]))
            cycle.extend(by: rows(system.multiply(direction)))
            iterations += 1
        }
        let update = cycle.solution()
        x = x + system.preconditioned(vector(update))
        if !cycle.canGoOn && cycle.basis.count == 1 { iterations = system.maximumIterations }
    }
}

/// One basis of Krylov vectors `[T, n]` and, for each row, the least-squares problem in it.
private struct MinimalResidualCycle {
    var basis: [Tensor]
    private var problems: [HessenbergProblem]
    private(set) var canGoOn = true

    init(residual: Tensor, sizes: [Double]) {
        problems = sizes.map { HessenbergProblem(size: $0) }
        let norms = Tensor(sizes.map { $0 > 0 ? 1 / $0 : 0 }, shape: [sizes.count, 1]).to(residual.dtype)
        basis = [residual * norms.to(residual.device)]
    }

    /// What ‖b − A x‖ would be with the best x so far.
    var estimates: [Double] { problems.map(\.residual) }

    /// Takes the product of A with the last vector into the basis.
    mutating func extend(by product: Tensor) {
        let stack = Tensor.stacked(basis, dimension: 1)
        var vector = product.unsqueezed(2)
        var coefficients = stack.matmul(vector)
        vector = vector - stack.transposed().matmul(coefficients)
        let correction = stack.matmul(vector)
        vector = vector - stack.transposed().matmul(correction)
        coefficients = coefficients + correction
        let next = vector.squeezed(2)
        let columns = coefficients.squeezed(2).array(of: Double.self)
        let sizes = next.norm(dimensions: [1]).array(of: Double.self)
        let whole = product.norm(dimensions: [1]).array(of: Double.self)
        let count = basis.count
        var scales: [Double] = []
        for row in problems.indices {
            // What is left by rounding alone is no new direction.
            let size = sizes[row] > 1e-14 * whole[row] ? sizes[row] : 0
            problems[row].append(Array(columns[row * count..<(row + 1) * count]) + [size])
            scales.append(size > 0 ? 1 / size : 0)
        }
        if !scales.contains(where: { $0 > 0 }) || sizes.contains(where: { !$0.isFinite }) { canGoOn = false }
        basis.append(next * Tensor(scales, shape: [scales.count, 1]).to(next.dtype).to(next.device))
    }

    /// The best combination of the basis.
    func solution() -> Tensor {
        let count = basis.count - 1
        guard count > 0 else { return Tensor.zeros(like: basis[0]) }
        let weights = problems.flatMap { $0.solution() }
        let device = basis[0].device
        let tensor = Tensor(weights, shape: [problems.count, 1, count]).to(basis[0].dtype).to(device)
        return tensor.matmul(Tensor.stacked(Array(basis.prefix(count)), dimension: 1)).squeezed(1)
    }
}

/// min over y of ‖size · e₁ − H y‖ for an upper Hessenberg H that grows by columns, by Givens rotations.
private struct HessenbergProblem {
    private var columns: [[Double]] = []
    private var rotations: [(cosine: Double, sine: Double)] = []
    private var right: [Double]

    init(size: Double) {
        right = [size]
    }

    /// The norm that is left.
    var residual: Double { abs(right[right.count - 1]) }

    mutating func append(_ column: [Double]) {
        var column = column
        for (index, rotation) in rotations.enumerated() {
            let (a, b) = (column[index], column[index + 1])
            column[index] = rotation.cosine * a + rotation.sine * b
            column[index + 1] = rotation.cosine * b - rotation.sine * a
        }
        let last = column.count - 1
        let size = (column[last - 1] * column[last - 1] + column[last] * column[last]).squareRoot()
        let rotation = size > 0 ? (column[last - 1] / size, column[last] / size) : (1, 0)
        column[last - 1] = size
        columns.append(column)
        rotations.append((cosine: rotation.0, sine: rotation.1))
        let former = right[right.count - 1]
        right[right.count - 1] = rotation.0 * former
        right.append(-rotation.1 * former)
    }

    /// y by back substitution; 0 where a column adds nothing.
    func solution() -> [Double] {
        var y = [Double](repeating: 0, count: columns.count)
        let scale = columns.enumerated().map { abs($1[$0]) }.max() ?? 0
        for row in columns.indices.reversed() {
            let diagonal = columns[row][row]
            guard abs(diagonal) > 1e-14 * scale else { continue }
            let known = columns.indices.suffix(from: row + 1).reduce(0) { $0 + columns[$1][row] * y[$1] }
            y[row] = (right[row] - known) / diagonal
        }
        return y
    }
}
