import Synchronization
public import Tensors

/// How to differentiate through a solution.
public struct ImplicitOptions<Unknown: TensorTree> {
    /// What to do when a linear system of the derivative is not solved.
    public enum FailurePolicy: Sendable {
        /// The derivative is NaN everywhere, which nobody takes for a gradient.
        case notANumber

        /// What the linear solver got to is used: for solves that are cut short on purpose.
        case accept
    }

    /// Solves the systems with the Jacobian A = ∂F/∂x and its transpose; nil: `dense` up to 50 elements, else conjugate
    /// gradient for minima and GMRES for roots and fixed points.
    public var linearSolver: LinearSolver?

    /// What to do when that fails.
    ///
    /// The solutions' reports say so in any case.
    public var failurePolicy: FailurePolicy = .notANumber

    /// Takes note of every linear solve of the derivatives.
    public var report: DifferentiationReport?

    /// Keeps the last solutions of the derivatives' systems, to begin the next ones there; nil: begin at 0.
    public var memory: AdjointMemory?

    /// v ↦ about A⁻ᵀ v, for the systems of the gradient (and of all derivatives where A is symmetric).
    public var preconditioner: ((Unknown) -> Unknown)?

    /// Whether A is symmetric, which saves products with the one of A and Aᵀ that costs more.
    ///
    /// `argmin` sets it.
    public var isSymmetric = false

    /// Creates options.
    ///
    /// - Parameters:
    ///   - linearSolver: for the derivatives; nil: by size and symmetry.
    ///   - failurePolicy: what to do when it fails.
    ///   - report: takes note of every solve.
    public init(
        linearSolver: LinearSolver? = nil, failurePolicy: FailurePolicy = .notANumber,
        report: DifferentiationReport? = nil
    ) {
        self.linearSolver = linearSolver
        self.failurePolicy = failurePolicy
        self.report = report
    }

    /// The solver for a number of elements.
    func solver(count: Int) -> LinearSolver {
        linearSolver ?? (count <= 50 ? .dense : isSymmetric ? .conjugateGradient : .generalizedMinimalResidual)
    }
}

/// What became of the linear solves behind derivatives.
///
/// Gradients are taken long after `root` has returned, where nothing can be thrown; what failed there is found here.
///
///     let report = DifferentiationReport()
///     options.report = report
///     let gradient = grad(at: parameters) { ... argmin(..., options: options) ... }
///     try report.check()
public final class DifferentiationReport: Sendable {
    /// One solve.
    public struct Entry: Sendable, Equatable {
        /// Why it failed; nil when it didn't.
        public var failure: LinearFailure?
        /// Products with the matrix.
        public var iterations: Int
        /// ‖b − A x‖ / ‖b‖.
        public var relativeResidual: Double
    }

    private let kept = Mutex<[Entry]>([])

    /// Creates an empty report.
    public init() {}

    /// All solves so far, the first one first.
    public var entries: [Entry] { kept.withLock { $0 } }

    /// Whether every solve converged.
    public var converged: Bool { entries.allSatisfy { $0.failure == nil } }

    /// Forgets what was noted.
    public func clear() { kept.withLock { $0 = [] } }

    /// Throws when a solve failed.
    ///
    /// - Throws: `ImplicitError.linearSystem` for the first failure.
    public func check() throws(ImplicitError) {
        for entry in entries {
            if let failure = entry.failure {
                throw .linearSystem(
                    failure, relativeResidual: entry.relativeResidual, iterations: entry.iterations)
            }
        }
    }

    func note(_ outcome: FlatOutcome) {
        note(
            Entry(
                failure: outcome.failure, iterations: outcome.iterations, relativeResidual: outcome.relativeResidual))
    }

    /// Takes note of a matrix of n columns that could not be inverted.
    func noteSingular(count: Int) {
        note(Entry(failure: .singular, iterations: count, relativeResidual: .nan))
    }

    private func note(_ entry: Entry) {
        kept.withLock { $0.append(entry) }
    }
}

/// The last solutions of the linear systems behind derivatives, for warm starts.
///
/// Keep one for a loop whose parameters change little from step to step, and give it to no other problem.
public final class AdjointMemory: Sendable {
    private let kept = Mutex<[Bool: Tensor]>([:])

    /// Creates an empty memory.
    public init() {}

    /// The last solution, where it fits.
    func start(transposed: Bool, like vector: Tensor) -> Tensor? {
        kept.withLock { $0[transposed] }.flatMap { $0.shape == vector.shape && $0.dtype == vector.dtype ? $0 : nil }
    }

    func keep(_ vector: Tensor, transposed: Bool) {
        kept.withLock { $0[transposed] = vector }
    }
}
