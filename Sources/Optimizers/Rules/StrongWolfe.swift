import Tensors

/// A value and gradient at a point of a line.
struct LinePoint {
    /// Distance along the direction.
    var position: Double
    var value: Double
    /// The whole gradient, flat.
    var gradient: Tensor
    /// The gradient along the direction.
    var slope: Double
}

/// A line search for a point with the strong Wolfe conditions.
///
/// f(t) ≤ f(0) + c₁tf′(0) and |f′(t)| ≤ c₂|f′(0)|: first a bracket, then a zoom into it, both by cubic interpolation.
/// Source: Nocedal and Wright 2006, "Numerical Optimization", algorithms 3.5 and 3.6, in the order of `torch.optim.LBFGS`.
struct StrongWolfe {
    var sufficientDecrease = 1e-4
    var curvature = 0.9
    var changeTolerance: Double
    var maximumEvaluations: Int

    /// Searches from position `first`; `size` is the direction's largest magnitude.
    ///
    /// Values that are not finite count as ∞, so that the search goes back from them.
    func search(
        from start: LinePoint, first: Double, size: Double, evaluate: (Double) -> LinePoint
    ) -> (point: LinePoint, evaluations: Int) {
        var bracket = Bracket(start: start, curvature: curvature, sufficientDecrease: sufficientDecrease)
        var point = evaluate(first)
        var evaluations = 1
        var previous = start
        var iterations = 0
        var found: (low: LinePoint, high: LinePoint)?
        while iterations < maximumEvaluations {
            if bracket.isTooHigh(point) || (iterations > 1 && point.value >= previous.value) {
                found = (previous, point)
                break
            }
            if bracket.isFlat(point) { return (point, evaluations) }
            if point.slope >= 0 {
                found = (previous, point)
                break
            }
            let bounds = (point.position + 0.01 * (point.position - previous.position), point.position * 10)
            let next = cubicMinimum(previous, point, bounds: bounds)
            previous = point
            point = evaluate(next)
            evaluations += 1
            iterations += 1
        }
        bracket.set(found ?? (start, point))
        while iterations < maximumEvaluations, bracket.length * size >= changeTolerance {
            point = evaluate(bracket.nextPosition())
            evaluations += 1
            iterations += 1
            if bracket.takeIn(point) { break }
        }
        return (bracket.low, evaluations)
    }
}

/// Two points between which there is one that meets the conditions.
private struct Bracket {
    let start: LinePoint
    let curvature: Double
    let sufficientDecrease: Double
    private(set) var low: LinePoint
    private var high: LinePoint
    private var isSlow = false

    init(start: LinePoint, curvature: Double, sufficientDecrease: Double) {
        self.start = start
        self.curvature = curvature
        self.sufficientDecrease = sufficientDecrease
        low = start
        high = start
    }

    var length: Double { abs(high.position - low.position) }

    mutating func set(_ points: (LinePoint, LinePoint)) {
        (low, high) = points.0.value <= points.1.value ? points : (points.1, points.0)
    }

    func isTooHigh(_ point: LinePoint) -> Bool {
        point.value > start.value + sufficientDecrease * point.position * start.slope
    }

    func isFlat(_ point: LinePoint) -> Bool { abs(point.slope) <= -curvature * start.slope }

    /// The next position to try: the cubic's minimum, kept off the ends where progress is slow.
    mutating func nextPosition() -> Double {
        let position = cubicMinimum(low, high, bounds: nil)
        let (least, most) = (min(low.position, high.position), max(low.position, high.position))
        let margin = 0.1 * (most - least)
        guard min(most - position, position - least) < margin else {
            isSlow = false
            return position
        }
        guard isSlow || position >= most || position <= least else {
            isSlow = true
            return position
        }
        isSlow = false
        return abs(position - most) < abs(position - least) ? most - margin : least + margin
    }

    /// Narrows the bracket by a point inside; true when the point meets both conditions.
    mutating func takeIn(_ point: LinePoint) -> Bool {
        if isTooHigh(point) || point.value >= low.value {
            set((low, point))
            return false
        }
        let isDone = isFlat(point)
        if !isDone, point.slope * (high.position - low.position) >= 0 { high = low }
        low = point
        return isDone
    }
}

/// Where the cubic through two values and slopes is least, inside bounds (by default the two positions).
private func cubicMinimum(_ a: LinePoint, _ b: LinePoint, bounds: (Double, Double)?) -> Double {
    let (least, most) =
        bounds ?? (min(a.position, b.position), max(a.position, b.position))
    let d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.position - b.position)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0, square.isFinite else { return (least + most) / 2 }
    let d2 = square.squareRoot()
    let position =
        a.position <= b.position
        ? b.position - (b.position - a.position) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
        : a.position - (a.position - b.position) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
    return position.isNaN ? (least + most) / 2 : min(max(position, least), most)
}
