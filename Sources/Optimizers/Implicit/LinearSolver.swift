public import Tensors

/// How to solve A x = b where A is known by its products with vectors.
///
/// Vectors are trees of tensors. With `isBatched` the first dimension of every tensor counts independent systems
/// (tasks), which are solved at once, each with inner products of its own.
///
///     let solver = LinearSolver.conjugateGradient(tolerance: 1e-5)
///     let solution = solver.solve(b) { x in hessian.matmul(x) }
///     precondition(solution.converged)
public struct LinearSolver: Sendable, Equatable {
    /// The methods.
    public enum Method: Sendable, Equatable {
        /// Conjugate gradient (Hestenes and Stiefel 1952): A symmetric positive definite.
        case conjugateGradient

        /// Conjugate gradient on Aᵀ A x = Aᵀ b: any regular A; needs products with Aᵀ, and squares the condition.
        case normalConjugateGradient

        /// GMRES (Saad and Schultz 1986): any A; keeps `restart` vectors, then starts again from what it has.
        case generalizedMinimalResidual(restart: Int)

        /// BiCGStab (van der Vorst 1992): any A, seven vectors; less sure to converge than GMRES.
        case stabilizedBiconjugateGradient

        /// The sum over k of (1 − step · A)ᵏ · step · b: converges when the eigenvalues of step · A lie within 1 of 1.
        case neumann(step: Double)

        /// A is written out by its products with the unit vectors, and factorised: n products, n² numbers.
        case dense
    }

    /// The method.
    public var method: Method

    /// A system counts as solved when ‖b − A x‖ ≤ tolerance · ‖b‖; nil means 1e-10 in float64 and 1e-5 in shorter types.
    public var tolerance: Double?

    /// It also counts as solved when ‖b − A x‖ is at most this.
    public var absoluteTolerance = 0.0

    /// At most so many products with A; nil means 10 times the number of elements, and at least 10.
    public var maximumIterations: Int?

    /// λ: A + λ 1 is solved instead of A (for the normal equations Aᵀ A + λ 1); ≥ 0.
    public var ridge = 0.0

    /// Whether the first dimension of every tensor counts independent systems.
    public var isBatched = false

    /// Creates a solver.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - tolerance: relative tolerance; nil: by element type.
    ///   - maximumIterations: bound on products with A; nil: 10 times the number of elements.
    ///   - ridge: λ ≥ 0.
    ///   - isBatched: whether the first dimension counts systems.
    public init(
        _ method: Method, tolerance: Double? = nil, maximumIterations: Int? = nil, ridge: Double = 0,
        isBatched: Bool = false
    ) {
        self.method = method
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
        self.ridge = ridge
        self.isBatched = isBatched
    }

    /// Conjugate gradient with the default options.
    public static let conjugateGradient = LinearSolver(.conjugateGradient)

    /// Conjugate gradient on the normal equations with the default options.
    public static let normalConjugateGradient = LinearSolver(.normalConjugateGradient)

    /// GMRES with 30 vectors and the default options.
    public static let generalizedMinimalResidual = LinearSolver(.generalizedMinimalResidual(restart: 30))

    /// BiCGStab with the default options.
    public static let stabilizedBiconjugateGradient = LinearSolver(.stabilizedBiconjugateGradient)

    /// A factorisation of the matrix written out.
    public static let dense = LinearSolver(.dense)

    /// Conjugate gradient.
    ///
    /// - Parameters:
    ///   - tolerance: relative tolerance.
    ///   - maximumIterations: bound on products; nil: 10 times the number of elements.
    ///   - ridge: λ ≥ 0.
    ///   - isBatched: whether the first dimension counts systems.
    /// - Returns: the solver.
    public static func conjugateGradient(
        tolerance: Double, maximumIterations: Int? = nil, ridge: Double = 0, isBatched: Bool = false
    ) -> LinearSolver {
        LinearSolver(
            .conjugateGradient, tolerance: tolerance, maximumIterations: maximumIterations, ridge: ridge,
            isBatched: isBatched)
    }

    /// The Neumann series of a number of terms.
    ///
    /// - Parameters:
    ///   - terms: how many, at most; it ends sooner when the tolerance is met.
    ///   - step: in front of A; about 1 / (largest eigenvalue).
    /// - Returns: the solver.
    public static func neumann(terms: Int, step: Double) -> LinearSolver {
        LinearSolver(.neumann(step: step), maximumIterations: terms)
    }
}

/// What a linear solver found.
public struct LinearSolution<Vector: TensorTree> {
    /// x: the solution, or what the solver got to.
    ///
    /// NaN everywhere for a singular matrix written out.
    public var solution: Vector

    /// Whether every system met the tolerance.
    public var converged: Bool { failure == nil }

    /// Why not, if not.
    public var failure: LinearFailure?

    /// How many products with A (for normal equations: with A and Aᵀ) were made in the iteration.
    public var iterations: Int

    /// ‖b − A x‖, the largest of all systems.
    public var residual: Double

    /// ‖b − A x‖ / ‖b‖, the largest of all systems; 0 where both are 0.
    public var relativeResidual: Double

    /// The solution of systems that all converged.
    ///
    /// - Returns: `solution`.
    /// - Throws: `ImplicitError.linearSystem` otherwise.
    public func checked() throws(ImplicitError) -> Vector {
        if let failure {
            throw .linearSystem(failure, relativeResidual: relativeResidual, iterations: iterations)
        }
        return solution
    }
}

/// Why a linear system was not solved.
public enum LinearFailure: Sendable, Equatable, CustomStringConvertible {
    /// The bound on iterations came first.
    case iterationLimit

    /// A matrix that was factorised is singular.
    case singular

    /// A direction came up in which the method cannot go on (for conjugate gradient: A is not positive definite).
    case breakdown

    /// A product with A, or b, holds NaN or infinity.
    case notFinite

    /// A few words.
    public var description: String {
        switch self {
        case .iterationLimit: "the bound on iterations was reached"
        case .singular: "the matrix is singular"
        case .breakdown: "the method broke down"
        case .notFinite: "numbers that are not finite came up"
        }
    }
}
