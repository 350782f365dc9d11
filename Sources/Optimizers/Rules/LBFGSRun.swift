import Tensors

/// What L-BFGS remembers from iteration to iteration: a value that may be kept and used again.
public struct LBFGSState: Sendable {
    /// Number of iterations made so far.
    public internal(set) var iterations = 0

    /// The last direction and the length taken along it.
    var direction: Tensor?
    var length = 1.0
    var previousGradient: Tensor?
    /// Changes y of the gradient and s of the place, and 1 / yᵀs, oldest first.
    var pairs: [(change: Tensor, step: Tensor, reciprocal: Double)] = []
    /// The first approximation of the inverse Hessian is this times the identity.
    var scale = 1.0

    /// Creates a state without memory.
    public init() {}

    /// Takes in the last step; pairs without curvature are left out.
    fileprivate mutating func remember(_ gradient: Tensor, atMost count: Int) {
        guard let previousGradient, let direction else { return }
        let change = gradient - previousGradient
        let step = direction * length
        let curvature = change.dot(step).item()
        guard curvature > 1e-10 else { return }
        if pairs.count >= count { pairs.removeFirst(pairs.count - count + 1) }
        pairs.append((change, step, 1 / curvature))
        scale = curvature / change.dot(change).item()
    }

    /// Minus the approximate inverse Hessian times a gradient: the two-loop recursion.
    fileprivate func descent(_ gradient: Tensor) -> Tensor {
        var result = -gradient
        var weights: [Double] = []
        for pair in pairs.reversed() {
            let weight = pair.step.dot(result).item() * pair.reciprocal
            weights.append(weight)
            result = result.adding(pair.change, scale: -weight)
        }
        result = result * scale
        for (pair, weight) in zip(pairs, weights.reversed()) {
            let other = pair.change.dot(result).item() * pair.reciprocal
            result = result.adding(pair.step, scale: weight - other)
        }
        return result
    }
}

/// A function of a tree as a function of one flat tensor.
struct FlatProblem<Parameters: TensorTree> {
    private let pattern: Parameters
    private let list: ParameterList
    private let objective: (Parameters) -> Tensor
    let start: Tensor

    init(_ tree: Parameters, _ objective: @escaping (Parameters) -> Tensor) {
        pattern = tree
        list = ParameterList(of: tree)
        self.objective = objective
        precondition(
            Set(list.tensors.map(\.dtype)).count == 1,
            "LBFGS: the parameters must be of one floating-point type, they are \(list.tensors.map(\.dtype))")
        start = Self.flat(list)
    }

    private static func flat(_ list: ParameterList) -> Tensor {
        Tensor.concatenated(list.tensors.map { $0.detached().reshaped([-1]) })
    }

    func tree(_ position: Tensor) -> Parameters {
        let parts = position.split(list.tensors.map(\.elementCount))
        var shaped = list
        shaped.tensors = zip(parts, list.tensors).map { $0.reshaped($1.shape) }
        return pattern.replacingParameters(with: shaped)
    }

    func evaluate(_ position: Tensor) -> (value: Double, gradient: Tensor) {
        let (value, gradient) = valueAndGrad(at: tree(position), objective)
        return (value.item(), Self.flat(ParameterList(of: gradient)))
    }
}

/// One minimisation under way.
struct LBFGSRun {
    let options: LBFGS
    var state: LBFGSState
    var position: Tensor
    var point: (value: Double, gradient: Tensor)
    var iterations = 0
    var evaluations = 1

    /// Iterates until something ends it.
    mutating func go<Parameters: TensorTree>(_ problem: FlatProblem<Parameters>) -> LBFGSReason {
        guard point.value.isFinite, point.gradient.largestMagnitude.isFinite else { return .notFinite }
        guard point.gradient.largestMagnitude > options.gradientTolerance else { return .smallGradient }
        while true {
            if let reason = iterate(problem) { return reason }
        }
    }

    private mutating func iterate<Parameters: TensorTree>(_ problem: FlatProblem<Parameters>) -> LBFGSReason? {
        iterations += 1
        state.iterations += 1
        state.remember(point.gradient, atMost: options.historySize)
        let direction = state.descent(point.gradient)
        let isFirst = state.iterations == 1
        let scale = isFirst ? min(1, 1 / point.gradient.absolute().sum().item()) : 1
        let slope = point.gradient.dot(direction).item()
        state.direction = direction
        state.previousGradient = point.gradient
        state.length = scale * options.learningRate
        guard slope <= -options.changeTolerance else {
            if slope.isNaN { return .notFinite }
            return slope < 0 ? .smallChange : .noDescent
        }
        let former = point.value
        switch options.lineSearch {
        case .fixedStep:
            position = position.adding(direction, scale: state.length)
            // As in torch, the value at the end of the last iteration is not looked at.
            if iterations == options.maximumIterations { return .iterations }
            point = problem.evaluate(position)
            evaluations += 1
        case .strongWolfe:
            search(problem, direction, slope)
        }
        return reasonToEnd(former, direction)
    }

    private mutating func search<Parameters: TensorTree>(
        _ problem: FlatProblem<Parameters>, _ direction: Tensor, _ slope: Double
    ) {
        let search = StrongWolfe(
            changeTolerance: options.changeTolerance, maximumEvaluations: options.maximumEvaluations - evaluations)
        let origin = position
        let start = LinePoint(position: 0, value: point.value, gradient: point.gradient, slope: slope)
        let (found, count) = search.search(from: start, first: state.length, size: direction.largestMagnitude) {
            length in
            let (value, gradient) = problem.evaluate(origin.adding(direction, scale: length))
            let slope = gradient.dot(direction).item()
            let isFinite = value.isFinite && slope.isFinite
            return LinePoint(
                position: length, value: isFinite ? value : .infinity, gradient: gradient, slope: isFinite ? slope : 0)
        }
        evaluations += count
        state.length = found.position
        point = (found.value, found.gradient)
        position = origin.adding(direction, scale: found.position)
    }

    private func reasonToEnd(_ former: Double, _ direction: Tensor) -> LBFGSReason? {
        guard point.value.isFinite else { return .notFinite }
        if iterations >= options.maximumIterations { return .iterations }
        if evaluations >= options.maximumEvaluations { return .evaluations }
        if point.gradient.largestMagnitude <= options.gradientTolerance { return .smallGradient }
        let isStill = direction.largestMagnitude * abs(state.length) <= options.changeTolerance
        return isStill || abs(point.value - former) < options.changeTolerance ? .smallChange : nil
    }
}
