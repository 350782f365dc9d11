public import Tensors

/// Iteration of a map T to its fixed point, plainly or with acceleration.
public struct FixedPointIteration: Sendable {
    /// Ways to use the former iterates.
    public enum Acceleration: Sendable, Equatable {
        /// x ← T(x).
        case none

        /// Anderson's: the combination of the last `memory` + 1 images whose displacements nearly cancel.
        case anderson(memory: Int)

        /// Broyden's good method on x − T(x), with the last `memory` corrections of a Jacobian that starts as 1.
        case broyden(memory: Int)
    }

    /// The way.
    public var acceleration: Acceleration

    /// β: how far to go to the image, x ← (1 − β) x + β T(x), 0 < β; 1 goes all the way.
    public var damping: Double

    /// At most so many evaluations of T.
    public var maximumIterations: Int

    /// Converged when the largest |T(x) − x| is at most this; nil means 1e-10 in float64 and 1e-5 in shorter types.
    public var tolerance: Double?

    /// Whether the first dimension of every tensor counts independent fixed points, accelerated each by itself.
    public var isBatched: Bool

    /// Creates an iteration.
    ///
    /// - Parameters:
    ///   - acceleration: plain, Anderson's or Broyden's.
    ///   - damping: β > 0.
    ///   - maximumIterations: bound on evaluations.
    ///   - tolerance: on the largest displacement; nil: by element type.
    ///   - isBatched: whether the first dimension counts fixed points.
    public init(
        accelerate acceleration: Acceleration = .none, damping: Double = 1, maximumIterations: Int = 10_000,
        tolerance: Double? = nil, isBatched: Bool = false
    ) {
        precondition(damping > 0, "Optimizers: a damping of \(damping); it must be above 0")
        self.acceleration = acceleration
        self.damping = damping
        self.maximumIterations = maximumIterations
        self.tolerance = tolerance
        self.isBatched = isBatched
    }

    /// A fixed point of T.
    ///
    /// Nothing is recorded for a gradient; the function `fixedPoint` differentiates through what this finds.
    ///
    /// - Parameters:
    ///   - map: T, a tree like its argument.
    ///   - start: where to begin.
    /// - Returns: the point; `residual` is the largest |T(x) − x|.
    public func fixedPoint<Unknown: TensorTree>(
        of map: (Unknown) -> Unknown, from start: Unknown
    ) -> ImplicitSolution<Unknown> {
        withoutGradients {
            let layout = FlatLayout(of: start, isBatched: isBatched)
            let goal = tolerance ?? defaultTolerance(layout.dtype)
            var point = layout.flatten(start)
            var method = IterationMemory(acceleration)
            var iterations = 0
            while true {
                let displacement = layout.flatten(map(layout.tree(point))) - point
                iterations += 1
                let size = largestElement([displacement])
                if !(size > goal) || iterations >= maximumIterations {
                    return ImplicitSolution(
                        value: layout.tree(point), converged: size <= goal, iterations: iterations, residual: size)
                }
                point = point + method.step(from: point, displacement: displacement, damping: damping)
            }
        }
    }
}

/// What an accelerated iteration remembers.
private enum IterationMemory {
    case none
    case anderson(AndersonMemory)
    case broyden(BroydenMemory)

    init(_ acceleration: FixedPointIteration.Acceleration) {
        switch acceleration {
        case .none: self = .none
        case .anderson(let memory): self = .anderson(AndersonMemory(limit: memory))
        case .broyden(let memory): self = .broyden(BroydenMemory(limit: memory))
        }
    }

    /// The step to take from a point with a displacement T(x) − x.
    mutating func step(from point: Tensor, displacement: Tensor, damping: Double) -> Tensor {
        switch self {
        case .none:
            return displacement * damping
        case .anderson(var memory):
            defer { self = .anderson(memory) }
            return memory.step(from: point, displacement: displacement, damping: damping)
        case .broyden(var memory):
            defer { self = .broyden(memory) }
            return memory.step(from: point, image: displacement * -damping)
        }
    }
}
