public import Tensors

/// Newton's method with halved steps where a whole one makes |F| larger.
///
/// x ← x − t A⁻¹ F(x), t = 1, ½, ¼, ... until the largest |F| falls. As a minimum solver it finds stationary points:
/// start near a minimum, or use `GradientDescent` first.
public struct NewtonMethod: RootSolver, MinimumSolver {
    /// Converged when the largest |F| is at most this; nil means 1e-10 in float64 and 1e-5 in shorter types.
    public var tolerance: Double?

    /// At most so many steps.
    public var maximumIterations: Int

    /// At most so many halvings of one step; 0 for pure Newton steps.
    public var maximumHalvings: Int

    /// Solves for the steps; nil: `dense` up to 200 elements, else conjugate gradient for minima and GMRES for roots.
    public var linearSolver: LinearSolver?

    /// Creates the method.
    ///
    /// - Parameters:
    ///   - tolerance: on the largest |F|; nil: by element type.
    ///   - maximumIterations: bound on steps.
    ///   - maximumHalvings: bound on halvings of a step.
    ///   - linearSolver: for the steps; nil: by size.
    public init(
        tolerance: Double? = nil, maximumIterations: Int = 50, maximumHalvings: Int = 20,
        linearSolver: LinearSolver? = nil
    ) {
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
        self.maximumHalvings = maximumHalvings
        self.linearSolver = linearSolver
    }

    /// A root of F.
    ///
    /// - Parameters:
    ///   - residual: F, differentiable.
    ///   - start: where to begin.
    /// - Returns: the root; `residual` is the largest |F|. Not converged where A is singular, or no step helps.
    public func root<Unknown: TensorTree>(
        of residual: (Unknown) -> Unknown, from start: Unknown
    ) -> ImplicitSolution<Unknown> {
        withoutActuallyEscaping(residual) { solve($0, from: start, isSymmetric: false) }
    }

    /// A point where the gradient of f is 0.
    ///
    /// - Parameters:
    ///   - objective: f, twice differentiable.
    ///   - start: where to begin, near a minimum.
    /// - Returns: the point; `residual` is the largest element of the gradient.
    public func minimum<Unknown: TensorTree>(
        of objective: (Unknown) -> Tensor, from start: Unknown
    ) -> ImplicitSolution<Unknown> {
        withoutActuallyEscaping(objective) { objective in
            solve({ grad(at: $0, createGraph: true, objective) }, from: start, isSymmetric: true)
        }
    }

    private func solve<Unknown: TensorTree>(
        _ residual: @escaping (Unknown) -> Unknown, from start: Unknown, isSymmetric: Bool
    ) -> ImplicitSolution<Unknown> {
        let layout = FlatLayout(of: start, isBatched: linearSolver?.isBatched ?? false)
        let goal = tolerance ?? defaultTolerance(layout.dtype)
        var options = ImplicitOptions<Unknown>(
            linearSolver: linearSolver
                ?? (layout.count <= 200 ? .dense : isSymmetric ? .conjugateGradient : .generalizedMinimalResidual),
            failurePolicy: .accept)
        options.isSymmetric = isSymmetric
        let system = JacobianSystem<Unknown, EmptyTree>(residual: { point, _ in residual(point) }, options: options)
        var point = start
        var image = residual(point).mapTensors { $0.detached() }
        var size = largestElement(image)
        var iterations = 0
        while size > goal, iterations < maximumIterations {
            let step = withoutGradients {
                system.solution(of: point, EmptyTree(), transposed: false, right: image)
            }
            var scale = 1.0
            var next = point.stepped(step, scale: -scale)
            var nextImage = residual(next).mapTensors { $0.detached() }
            var nextSize = largestElement(nextImage)
            for _ in 0..<maximumHalvings where !(nextSize < size) {
                scale /= 2
                next = point.stepped(step, scale: -scale)
                nextImage = residual(next).mapTensors { $0.detached() }
                nextSize = largestElement(nextImage)
            }
            iterations += 1
            if maximumHalvings > 0 && !(nextSize < size) { break }
            (point, image, size) = (next, nextImage, nextSize)
        }
        return ImplicitSolution(value: point, converged: size <= goal, iterations: iterations, residual: size)
    }
}

/// How small the largest element must be where nobody says it: rounding leaves about 1e-16 and 1e-7 of numbers near 1.
func defaultTolerance(_ dtype: DType) -> Double {
    dtype == .float64 ? 1e-10 : 1e-5
}

extension TensorTree {
    /// self + scale · direction in the floating-point tensors, without graph.
    func stepped(_ direction: Self, scale: Double) -> Self {
        withoutGradients {
            zipTensors(direction) { $0.dtype.isFloatingPoint ? $0.detached().adding($1, scale: scale) : $0 }
        }
    }
}
