public import Tensors

/// Gradient descent by any transform: plain, with momentum, Adam, or a chain.
public struct GradientDescent<Transform: GradientTransform>: MinimumSolver {
    /// Turns gradients into steps.
    public var transform: Transform

    /// At most so many steps.
    public var maximumIterations: Int

    /// Converged when the largest element of the gradient is at most this; nil means 1e-8 in float64 and 1e-4 in
    /// shorter types.
    public var tolerance: Double?

    /// Gradients are looked at every so many steps, since that waits for the device; ≥ 1.
    public var checkInterval: Int

    /// Creates the method.
    ///
    /// - Parameters:
    ///   - transform: turns gradients into steps; its sign and learning rate are in it.
    ///   - maximumIterations: bound on steps.
    ///   - tolerance: on the largest element of the gradient; nil: by element type.
    ///   - checkInterval: how often to look; a solve of a fixed number of steps sets it above that number.
    public init(
        _ transform: Transform, maximumIterations: Int = 10_000, tolerance: Double? = nil, checkInterval: Int = 1
    ) {
        precondition(checkInterval >= 1, "Optimizers: a check every \(checkInterval) steps")
        self.transform = transform
        self.maximumIterations = maximumIterations
        self.tolerance = tolerance
        self.checkInterval = checkInterval
    }

    /// A point where the gradient of f is small.
    ///
    /// - Parameters:
    ///   - objective: f; with a task axis the sum over tasks.
    ///   - start: where to begin.
    /// - Returns: the point; `residual` is the largest element of the gradient.
    public func minimum<Unknown: TensorTree>(
        of objective: (Unknown) -> Tensor, from start: Unknown
    ) -> ImplicitSolution<Unknown> {
        var point = start
        var state = transform.initialState(for: start)
        let goal = tolerance ?? (start.tensors.contains { $0.dtype == .float64 } ? 1e-8 : 1e-4)
        var iterations = 0
        while true {
            let gradient = grad(at: point, objective)
            let isLast = iterations >= maximumIterations
            if isLast || iterations % checkInterval == 0 {
                let size = largestElement(gradient)
                if isLast || !(size > goal) {
                    return ImplicitSolution(
                        value: point, converged: size <= goal, iterations: iterations, residual: size)
                }
            }
            withoutGradients { transform.step(&point, gradients: gradient, state: &state) }
            iterations += 1
        }
    }
}
