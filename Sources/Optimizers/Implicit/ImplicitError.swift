/// What can go wrong in implicit differentiation, for those who ask for errors rather than results.
public enum ImplicitError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A linear system was not solved.
    case linearSystem(LinearFailure, relativeResidual: Double, iterations: Int)

    /// A root, minimum or fixed point was not found.
    case notConverged(residual: Double, iterations: Int)

    /// The sentence to show: what, where, what to do.
    public var description: String {
        switch self {
        case .linearSystem(let failure, let residual, let iterations):
            "A linear system was not solved: \(failure) (relative residual \(residual) after \(iterations) products). "
                + "Allow more iterations, add a ridge, or choose a method that suits the matrix."
        case .notConverged(let residual, let iterations):
            "No solution was found: the residual is \(residual) after \(iterations) iterations. Allow more "
                + "iterations, start nearer, or choose smaller steps."
        }
    }
}
