public import Tensors

/// L-BFGS: quasi-Newton minimisation of a smooth function with a short memory, as `torch.optim.LBFGS`.
///
/// It calls the function itself, several times a step, so it takes a function where the other rules take gradients. It
/// works out of place, and reads numbers to decide how far to go: nothing can be differentiated through it. To
/// differentiate a minimum, differentiate the condition that it meets (implicit differentiation).
///
///     let result = LBFGS(lineSearch: .strongWolfe).minimize(from: model) { $0.loss(batch) }
///
/// Source: Liu and Nocedal 1989, Mathematical Programming 45, 503-528, algorithm 2.1.
public struct LBFGS: Sendable, Equatable {
    /// How far to go along a direction.
    public enum LineSearch: Sendable, Equatable {
        /// The learning rate, without a search; one evaluation an iteration.
        case fixedStep

        /// To a point with sufficient decrease and a small slope.
        case strongWolfe
    }

    /// Step length, or the first that a line search tries: > 0.
    public var learningRate: Double

    /// How far to go.
    public var lineSearch: LineSearch

    /// Most iterations, ≥ 1.
    public var maximumIterations: Int

    /// Most evaluations of the function, ≥ 1.
    public var maximumEvaluations: Int

    /// The largest magnitude of a gradient's element at which to stop, ≥ 0.
    public var gradientTolerance: Double

    /// The largest change of the value (made, or promised by the slope) or of an element at which to stop, ≥ 0.
    public var changeTolerance: Double

    /// Number of steps remembered, ≥ 1.
    public var historySize: Int

    /// Creates the method.
    ///
    /// - Parameters:
    ///   - learningRate: step length, or the first that a line search tries: > 0.
    ///   - lineSearch: how far to go.
    ///   - maximumIterations: ≥ 1.
    ///   - maximumEvaluations: ≥ 1; nil: 1.25 times the iterations.
    ///   - gradientTolerance: largest magnitude of a gradient's element at which to stop, ≥ 0.
    ///   - changeTolerance: largest change of the value or of an element at which to stop, ≥ 0.
    ///   - historySize: number of steps remembered, ≥ 1.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        learningRate: Double = 1, lineSearch: LineSearch = .strongWolfe, maximumIterations: Int = 20,
        maximumEvaluations: Int? = nil, gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9,
        historySize: Int = 100
    ) {
        precondition(
            learningRate > 0 && maximumIterations >= 1 && maximumEvaluations ?? 1 >= 1 && historySize >= 1
                && gradientTolerance >= 0 && changeTolerance >= 0,
            "LBFGS: learningRate \(learningRate) must be positive, maximumIterations \(maximumIterations) and "
                + "historySize \(historySize) at least 1, tolerances not negative")
        self.learningRate = learningRate
        self.lineSearch = lineSearch
        self.maximumIterations = maximumIterations
        self.maximumEvaluations = maximumEvaluations ?? maximumIterations * 5 / 4
        self.gradientTolerance = gradientTolerance
        self.changeTolerance = changeTolerance
        self.historySize = historySize
    }

    /// Minimises a function.
    ///
    /// - Parameters:
    ///   - start: where to begin; all floating-point leaves are moved.
    ///   - state: what an earlier call returned, to go on with its memory; nil: none.
    ///   - objective: must return a scalar, and the same one at the same place.
    /// - Returns: the best place found, and why the search ended. With a value or gradient at the start that is not
    ///   finite, the start.
    /// - Precondition: the leaves are of one floating-point type; violations trap.
    public func minimize<Parameters: TensorTree>(
        from start: Parameters, state: LBFGSState = LBFGSState(), _ objective: (Parameters) -> Tensor
    ) -> LBFGSResult<Parameters> {
        withoutActuallyEscaping(objective) { minimize(FlatProblem(start, $0), state: state) }
    }

    private func minimize<Parameters: TensorTree>(
        _ problem: FlatProblem<Parameters>, state: LBFGSState
    ) -> LBFGSResult<Parameters> {
        var run = LBFGSRun(options: self, state: state, position: problem.start, point: problem.evaluate(problem.start))
        let reason = run.go(problem)
        return LBFGSResult(
            parameters: problem.tree(run.position), value: run.point.value,
            gradientMagnitude: run.point.gradient.largestMagnitude, iterations: run.iterations,
            evaluations: run.evaluations, reason: reason, state: run.state)
    }
}

/// Why a minimisation ended.
public enum LBFGSReason: String, Sendable, Codable {
    /// The gradient is within tolerance: a stationary point.
    case smallGradient

    /// Value or parameters hardly changed.
    case smallChange

    /// The direction doesn't lead down (any more).
    case noDescent

    /// The most iterations were made.
    case iterations

    /// The most evaluations were made.
    case evaluations

    /// A value or gradient that is not finite, from which no step could be taken.
    case notFinite
}

/// Where a minimisation ended.
public struct LBFGSResult<Parameters: TensorTree> {
    /// The place.
    public var parameters: Parameters

    /// The value there.
    public var value: Double

    /// The largest magnitude of an element of the gradient there.
    public var gradientMagnitude: Double

    /// Iterations made by this call.
    public var iterations: Int

    /// Evaluations made by this call.
    public var evaluations: Int

    /// Why it ended.
    public var reason: LBFGSReason

    /// The memory, for a call that goes on.
    public var state: LBFGSState

    /// Whether it ended at a stationary point or where nothing changes, rather than for want of budget.
    public var hasConverged: Bool { reason == .smallGradient || reason == .smallChange }
}

extension Tensor {
    var largestMagnitude: Double { elementCount == 0 ? 0 : absolute().max().item() }
}
