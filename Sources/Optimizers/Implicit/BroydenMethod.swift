public import Tensors

/// Broyden's good method: quasi-Newton steps with corrections of rank one to a first inverse Jacobian.
///
/// Source: Broyden 1965, Math. Comp. 19; the update of the inverse by Sherman and Morrison's formula.
public struct BroydenMethod: RootSolver {
    /// Converged when the largest |F| is at most this; nil means 1e-10 in float64 and 1e-5 in shorter types.
    public var tolerance: Double?

    /// At most so many steps.
    public var maximumIterations: Int

    /// How many corrections are kept, the last ones; ≥ 1.
    public var memory: Int

    /// The first inverse Jacobian: this times 1.
    ///
    /// nil: the inverse of the true Jacobian at the start, written out.
    public var initialScale: Double?

    /// Creates the method.
    ///
    /// - Parameters:
    ///   - tolerance: on the largest |F|; nil: by element type.
    ///   - maximumIterations: bound on steps.
    ///   - memory: how many corrections are kept.
    ///   - initialScale: of the first inverse Jacobian; nil: take the true one at the start.
    public init(
        tolerance: Double? = nil, maximumIterations: Int = 200, memory: Int = 30, initialScale: Double? = nil
    ) {
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
        self.memory = memory
        self.initialScale = initialScale
    }

    /// A root of F.
    ///
    /// - Parameters:
    ///   - residual: F; differentiable when the true Jacobian is to be taken at the start.
    ///   - start: where to begin.
    /// - Returns: the root; `residual` is the largest |F|. Not converged where the Jacobian at the start is singular.
    public func root<Unknown: TensorTree>(
        of residual: (Unknown) -> Unknown, from start: Unknown
    ) -> ImplicitSolution<Unknown> {
        withoutActuallyEscaping(residual) { residual in
            withoutGradients {
                let layout = FlatLayout(of: start, isBatched: false)
                let goal = tolerance ?? defaultTolerance(layout.dtype)
                var broyden = BroydenMemory(limit: memory)
                if initialScale == nil {
                    broyden.inverse = JacobianSystem<Unknown, EmptyTree>(
                        residual: { point, _ in residual(point) }, options: ImplicitOptions()
                    ).inverseJacobian(at: start, EmptyTree())
                }
                var point = layout.flatten(start)
                var iterations = 0
                while true {
                    let image = layout.flatten(residual(layout.tree(point)))
                    let size = largestElement([image])
                    if !(size > goal) || iterations >= maximumIterations {
                        return ImplicitSolution(
                            value: layout.tree(point), converged: size <= goal, iterations: iterations, residual: size)
                    }
                    point = point + broyden.step(from: point, image: image * (initialScale ?? 1))
                    iterations += 1
                }
            }
        }
    }
}

/// An inverse Jacobian with corrections of rank one, in vectors `[n]` or one row a problem `[T, n]`.
struct BroydenMemory {
    let limit: Int
    /// The first inverse `[n, n]`; nil for 1.
    var inverse: Tensor?
    private var former: (point: Tensor, image: Tensor)?
    private var corrections: [(column: Tensor, row: Tensor)] = []

    init(limit: Int) {
        precondition(limit >= 1, "Optimizers: Broyden's method with a memory of \(limit); it needs 1 or more")
        self.limit = limit
    }

    /// −H F, after H has learnt from the last step.
    mutating func step(from point: Tensor, image: Tensor) -> Tensor {
        if let former {
            let move = point - former.point
            let change = multiply(image - former.image)
            let denominator = inner(move, change)
            // A change with nothing along the move would make the correction infinite.
            let small = inner(move, move) * 1e-12
            let factor = stepSize(Tensor.ones(like: denominator), denominator, where: denominator.absolute() .> small)
            corrections.append(((move - change) * factor, multiplyTransposed(move)))
            if corrections.count > limit { corrections.removeFirst() }
        }
        former = (point, image)
        return multiply(image) * -1.0
    }

    /// H v = H₀ v + Σ column (row · v).
    private func multiply(_ vector: Tensor) -> Tensor {
        let first = inverse.map { $0.matmul(vector) } ?? vector
        return corrections.reduce(first) { $0.addingProduct($1.column, inner($1.row, vector)) }
    }

    /// Hᵀ v.
    private func multiplyTransposed(_ vector: Tensor) -> Tensor {
        let first = inverse.map { $0.transposed().matmul(vector) } ?? vector
        return corrections.reduce(first) { $0.addingProduct($1.row, inner($1.column, vector)) }
    }
}
