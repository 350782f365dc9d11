public import Tensors

/// A root, minimum or fixed point, with how far its solver got.
public struct ImplicitSolution<Unknown: TensorTree> {
    /// What the solver got to.
    ///
    /// Differentiable in the parameters where it was found by `root`, `argmin` or the like.
    public var value: Unknown

    /// Whether the solver met its tolerance.
    ///
    /// Derivatives of a value that isn't a solution are those of the formula for solutions, and off by about as much
    /// as the value.
    public var converged: Bool

    /// Steps of the solver.
    public var iterations: Int

    /// The solver's measure of distance, see there: the largest |F| of any element, unless it says otherwise.
    public var residual: Double

    /// Creates a solution.
    ///
    /// - Parameters:
    ///   - value: what the solver got to.
    ///   - converged: whether its tolerance was met.
    ///   - iterations: steps.
    ///   - residual: its measure of distance.
    public init(value: Unknown, converged: Bool, iterations: Int, residual: Double) {
        self.value = value
        self.converged = converged
        self.iterations = iterations
        self.residual = residual
    }

    /// The value of a solver that converged.
    ///
    /// - Returns: `value`.
    /// - Throws: `ImplicitError.notConverged` otherwise.
    public func checked() throws(ImplicitError) -> Unknown {
        guard converged else { throw .notConverged(residual: residual, iterations: iterations) }
        return value
    }

    /// The same facts about another value.
    func replacing(_ value: Unknown) -> ImplicitSolution {
        ImplicitSolution(value: value, converged: converged, iterations: iterations, residual: residual)
    }
}

/// Finds roots: x with F(x) = 0.
public protocol RootSolver: Sendable {
    /// A root.
    ///
    /// Nothing is recorded for a gradient around it.
    ///
    /// - Parameters:
    ///   - residual: F, a tree like its argument.
    ///   - start: where to begin.
    /// - Returns: what it got to, with whether that is a root.
    func root<Unknown: TensorTree>(
        of residual: (Unknown) -> Unknown, from start: Unknown
    ) -> ImplicitSolution<Unknown>
}

/// Finds minima, or at least points where the gradient is 0.
public protocol MinimumSolver: Sendable {
    /// A minimum.
    ///
    /// Nothing is recorded for a gradient around it.
    ///
    /// - Parameters:
    ///   - objective: a scalar.
    ///   - start: where to begin.
    /// - Returns: what it got to, with whether the gradient is small enough there.
    func minimum<Unknown: TensorTree>(
        of objective: (Unknown) -> Tensor, from start: Unknown
    ) -> ImplicitSolution<Unknown>
}

/// The largest |element| of the floating-point tensors of a tree; NaN where one is.
func largestElement<Tree: TensorTree>(_ tree: Tree) -> Double {
    largestElement(tree.tensors)
}

/// The largest |element| of the floating-point tensors; NaN where one is.
func largestElement(_ tensors: [Tensor]) -> Double {
    tensors.filter { $0.dtype.isFloatingPoint && $0.elementCount > 0 }.reduce(0) { worst, tensor in
        let next = tensor.norm(order: .infinity).item()
        return worst.isNaN || next.isNaN ? .nan : max(worst, next)
    }
}
