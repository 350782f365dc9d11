public import Tensors

/// Adaptation of parameters to many tasks at once, each held near the parameters that they share: iMAML's inner problem.
///
/// For every task the minimum over w of L(w) + ½ λ ‖w − θ‖², by gradient descent from θ. The solution is
/// differentiable in θ: a meta-gradient costs one linear system a task, (H + λ 1) u = v with H the Hessian of L, and no
/// memory for the steps.
///
///     let adaptation = ProximalAdaptation(strength: 2, learningRate: 0.02, steps: 16)
///     let metaGradient = grad(at: network) { network in
///         let adapted = adaptation.adapt(network, taskCount: 16) { weights in supportLoss(weights) }
///         return queryLoss(adapted.value)
///     }
///
/// Source: Rajeswaran, Finn, Kakade and Levine 2019, arXiv:1909.04630, equations 3 to 7.
public struct ProximalAdaptation: Sendable {
    /// λ > 0: how strongly the weights are held.
    public var strength: Double

    /// η > 0: the step of gradient descent.
    public var learningRate: Double

    /// How many steps are made.
    public var steps: Int

    /// Solves (H + λ 1) u = v for all tasks; must be batched.
    public var linearSolver: LinearSolver

    /// What to do when that stops before its tolerance; iMAML cuts it short on purpose.
    public var accepts: Bool

    /// The adaptation counts as converged when the largest element of ∇L + λ (w − θ) is at most this; nil: it isn't
    /// looked at, which saves a gradient, and nothing counts as converged.
    public var tolerance: Double?

    /// Creates an adaptation.
    ///
    /// - Parameters:
    ///   - strength: λ > 0.
    ///   - learningRate: η > 0, below 2 / (largest curvature of L + λ).
    ///   - steps: how many steps are made.
    ///   - conjugateGradientSteps: products with the Hessian in a meta-gradient.
    ///   - tolerance: on the gradient after the last step; nil: it isn't looked at.
    public init(
        strength: Double, learningRate: Double, steps: Int, conjugateGradientSteps: Int = 5, tolerance: Double? = nil
    ) {
        precondition(
            strength > 0 && learningRate > 0 && steps >= 0,
            "Optimizers: an adaptation of strength \(strength) and \(steps) steps of \(learningRate)")
        self.strength = strength
        self.learningRate = learningRate
        self.steps = steps
        self.tolerance = tolerance
        linearSolver = LinearSolver(
            .conjugateGradient, tolerance: 0, maximumIterations: conjugateGradientSteps, isBatched: true)
        accepts = true
    }

    /// The weights of all tasks.
    ///
    /// - Parameters:
    ///   - center: θ, a tree of floating-point tensors of one type.
    ///   - taskCount: T ≥ 1.
    ///   - report: takes note of the linear solves of meta-gradients.
    ///   - loss: the sum over tasks of L at weights whose tensors have a first dimension of size T. What it captures
    ///     counts as constant, and tasks must not meet in it.
    /// - Returns: weights with a first dimension of size T, differentiable in θ; `residual` is the largest element of
    ///   the gradient, NaN when it isn't looked at.
    public func adapt<Weights: TensorTree>(
        _ center: Weights, taskCount: Int, report: DifferentiationReport? = nil,
        loss: @escaping (_ weights: Weights) -> Tensor
    ) -> ImplicitSolution<Weights> {
        precondition(linearSolver.isBatched, "Optimizers: an adaptation needs a batched linear solver")
        var options = ImplicitOptions<Weights>(
            linearSolver: linearSolver, failurePolicy: accepts ? .accept : .notANumber, report: report)
        options.isSymmetric = true
        let strength = strength
        let residual = { (weights: Weights, center: Weights) -> Weights in
            zipTensors(grad(at: weights, createGraph: true, loss), weights, center) { gradient, weight, center in
                gradient.dtype.isFloatingPoint ? gradient.adding(weight - center, scale: strength) : gradient
            }
        }
        return implicitSolution(of: residual, at: center, options: options) { center in
            descend(from: center, taskCount: taskCount, loss)
        }
    }

    /// Gradient descent on all tasks: w ← w + η λ (θ − w) − η ∇L(w), in memory of its own.
    private func descend<Weights: TensorTree>(
        from center: Weights, taskCount: Int, _ loss: (Weights) -> Tensor
    ) -> ImplicitSolution<Weights> {
        let start = center.mapTensors { $0.expanded([taskCount] + $0.shape) }
        let weights = start.mapTensors { $0.copied() }
        let moving = weights.tensors.filter(\.dtype.isFloatingPoint)
        let anchors = start.tensors.filter(\.dtype.isFloatingPoint)
        for _ in 0..<steps {
            let gradients = grad(at: weights, loss).tensors.filter(\.dtype.isFloatingPoint)
            InPlace.interpolate(moving, to: anchors, weight: learningRate * strength)
            InPlace.add(moving, gradients, scale: -learningRate)
        }
        guard let tolerance else {
            return ImplicitSolution(value: weights, converged: false, iterations: steps, residual: .nan)
        }
        let rest = zipTensors(grad(at: weights, loss), weights, start) { gradient, weight, anchor in
            gradient.dtype.isFloatingPoint ? gradient.adding(weight - anchor, scale: strength) : gradient
        }
        let size = largestElement(rest)
        return ImplicitSolution(value: weights, converged: size <= tolerance, iterations: steps, residual: size)
    }
}
