public import Tensors

extension LinearSolver {
    /// Solves A x = b.
    ///
    /// Nothing here is recorded for a gradient; `root` differentiates through solutions.
    ///
    /// - Parameters:
    ///   - right: b, a tree of floating-point tensors of one type, scalars included.
    ///   - start: where to begin; nil: at 0. The exact solution of a system near by saves most iterations.
    ///   - preconditioner: r ↦ about A⁻¹ r, symmetric positive definite for conjugate gradient (for the normal
    ///     equations about (Aᵀ A)⁻¹ r); not used by `dense`.
    ///   - transposed: x ↦ Aᵀ x, used by the normal equations; nil: found by differentiating `product`.
    ///   - product: x ↦ A x, linear, a tree like b.
    /// - Returns: the solution, with how far it got; it does not trap or throw when the method fails.
    /// - Precondition: the tensors are of one type, and of one first size when `isBatched`; violations trap.
    public func solve<Vector: TensorTree>(
        _ right: Vector, from start: Vector? = nil, preconditioner: ((Vector) -> Vector)? = nil,
        transposed: ((Vector) -> Vector)? = nil, product: @escaping (Vector) -> Vector
    ) -> LinearSolution<Vector> {
        let layout = FlatLayout(of: right, isBatched: isBatched)
        func flat(_ map: @escaping (Vector) -> Vector) -> (Tensor) -> Tensor {
            { layout.flatten(map(layout.tree($0))) }
        }
        let flatTransposed =
            transposed.map(flat) ?? { vector in
                layout.flatten(vjp(at: layout.tree(vector), product).pullback(layout.tree(vector)))
            }
        return withoutGradients {
            let result = solveFlat(
                layout.flatten(right).detached(), from: start.map { layout.flatten($0).detached() },
                preconditioner: preconditioner.map(flat), transposed: flatTransposed, product: flat(product))
            return LinearSolution(
                solution: layout.tree(result.x), failure: result.failure, iterations: result.iterations,
                residual: result.residual, relativeResidual: result.relativeResidual)
        }
    }

    /// Solves A x = b in flat vectors.
    func solveFlat(
        _ right: Tensor, from start: Tensor?, preconditioner: ((Tensor) -> Tensor)?,
        transposed: ((Tensor) -> Tensor)?, product: @escaping (Tensor) -> Tensor
    ) -> FlatOutcome {
        precondition(ridge >= 0, "Optimizers: a ridge of \(ridge); it must not be negative")
        let size = inner(right, right).sqrt()
        let relative = tolerance ?? (right.dtype == .float64 ? 1e-10 : 1e-5)
        let isNormal = method == .normalConjugateGradient
        let system = FlatSystem(
            right: right, start: start,
            multiply: ridge == 0 || isNormal ? product : { [ridge] in product($0).adding($0, scale: ridge) },
            multiplyTransposed: transposed, precondition: preconditioner,
            threshold: (size * relative).clamped(low: absoluteTolerance),
            maximumIterations: maximumIterations ?? max(10, 10 * right.size(-1)))
        var found = run(system)
        if found.failure == nil, found.iterations > 20, method != .dense, !(isNormal && ridge > 0) {
            // Over many steps the residual of a recursion drifts away from the true one.
            let residual = right - system.multiply(found.x)
            let truth = inner(residual, residual).sqrt()
            if (truth .> found.residual * 10).isAnyTrue { found.residual = truth }
        }
        return FlatOutcome(found, size: size, threshold: system.threshold, limit: system.maximumIterations)
    }

    private func run(_ system: FlatSystem) -> FlatSolution {
        switch method {
        case .conjugateGradient: solveByConjugateGradient(system)
        case .normalConjugateGradient: solveByNormalConjugateGradient(system, ridge: ridge)
        case .generalizedMinimalResidual(let restart): solveByMinimalResidual(system, restart: restart)
        case .stabilizedBiconjugateGradient: solveByBiconjugateGradient(system)
        case .neumann(let step): solveByNeumannSeries(system, step: step)
        case .dense: solveDensely(system)
        }
    }
}

/// A flat solution with the verdict on it.
struct FlatOutcome {
    var x: Tensor
    var iterations: Int
    var residual: Double
    var relativeResidual: Double
    var failure: LinearFailure?

    init(_ found: FlatSolution, size: Tensor, threshold: Tensor, limit: Int) {
        x = found.x
        iterations = found.iterations
        let norms = found.residual.array(of: Double.self)
        let sizes = size.array(of: Double.self)
        residual = norms.reduce(0) { $1.isNaN ? .nan : max($0, $1) }
        relativeResidual = zip(norms, sizes).reduce(0) { worst, pair in
            let ratio = pair.0 == 0 ? 0 : pair.0 / pair.1
            return ratio.isNaN ? .nan : max(worst, ratio)
        }
        failure = found.failure
        if failure == nil, !found.isJudged,
            zip(norms, threshold.array(of: Double.self)).contains(where: { !($0 <= $1) })
        {
            failure = !residual.isFinite ? .notFinite : iterations < limit ? .breakdown : .iterationLimit
        }
    }
}
