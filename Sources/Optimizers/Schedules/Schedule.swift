import Foundation

/// A hyper-parameter as a function of the step; step 0 is the first update.
public struct Schedule: Sendable {
    private let function: @Sendable (Int) -> Double

    /// Creates a schedule from a function.
    ///
    /// - Parameter function: value at a step ≥ 0, where 0 is the first update.
    public init(_ function: @escaping @Sendable (Int) -> Double) {
        self.function = function
    }

    /// The value at a step.
    ///
    /// - Parameter step: number of updates made before this one, ≥ 0.
    /// - Returns: the hyper-parameter to use for this update.
    public func callAsFunction(_ step: Int) -> Double {
        function(step)
    }

    /// The same value at every step.
    ///
    /// - Parameter value: the value.
    /// - Returns: the schedule.
    public static func constant(_ value: Double) -> Schedule {
        Schedule { _ in value }
    }

    /// A polynomial from one value to another, constant before and after.
    ///
    /// value(s) = (a − b)·(1 − clip(s − s₀, 0, n) / n)^power + b.
    ///
    /// - Parameters:
    ///   - start: value a, up to step s₀.
    ///   - end: value b, from step s₀ + n on.
    ///   - steps: n ≥ 1.
    ///   - power: exponent > 0; 1 is a straight line.
    ///   - firstStep: s₀ ≥ 0, where the change starts.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 1` and `power > 0`; violations trap.
    public static func polynomial(
        from start: Double, to end: Double, steps: Int, power: Double, startingAt firstStep: Int = 0
    ) -> Schedule {
        precondition(steps >= 1, "Schedule.polynomial: steps is \(steps), must be at least 1")
        precondition(power > 0, "Schedule.polynomial: power is \(power), must be positive")
        return Schedule { step in
            let done = Double(min(max(step - firstStep, 0), steps)) / Double(steps)
            return (start - end) * pow(1 - done, power) + end
        }
    }

    /// A straight line from one value to another, constant before and after.
    ///
    /// - Parameters:
    ///   - start: value up to `firstStep`.
    ///   - end: value from `firstStep + steps` on.
    ///   - steps: length of the line, ≥ 1.
    ///   - firstStep: where the change starts, ≥ 0.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 1`; violations trap.
    public static func linear(
        from start: Double, to end: Double, steps: Int, startingAt firstStep: Int = 0
    ) -> Schedule {
        polynomial(from: start, to: end, steps: steps, power: 1, startingAt: firstStep)
    }

    /// Half a cosine from one value to another, then constant.
    ///
    /// value(s) = b + (a − b)·((1 + cos(π·min(s, n) / n)) / 2)ᵖ.
    /// Source: Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5 (one period, p = 1).
    ///
    /// - Parameters:
    ///   - start: value a at step 0.
    ///   - end: value b from step n on.
    ///   - steps: n ≥ 1.
    ///   - power: p > 0.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 1` and `power > 0`; violations trap.
    public static func cosine(from start: Double, to end: Double = 0, steps: Int, power: Double = 1) -> Schedule {
        precondition(steps >= 1, "Schedule.cosine: steps is \(steps), must be at least 1")
        precondition(power > 0, "Schedule.cosine: power is \(power), must be positive")
        return Schedule { step in
            let half = (1 + cos(.pi * Double(min(step, steps)) / Double(steps))) / 2
            return end + (start - end) * (power == 1 ? half : pow(half, power))
        }
    }

    /// Exponential decay: value(s) = a·rate^((s − b) / n) after step b, a before.
    ///
    /// - Parameters:
    ///   - start: value a up to step b.
    ///   - rate: factor over n steps, > 0.
    ///   - steps: n ≥ 1.
    ///   - firstStep: b, where the change starts, ≥ 0.
    ///   - isStaircase: whether the value changes at once every n steps.
    ///   - end: where the change stops, a least value for a rate below 1, else a largest; nil: nowhere.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 1` and `rate > 0`; violations trap.
    public static func exponential(
        from start: Double, rate: Double, steps: Int, startingAt firstStep: Int = 0, isStaircase: Bool = false,
        end: Double? = nil
    ) -> Schedule {
        precondition(steps >= 1, "Schedule.exponential: steps is \(steps), must be at least 1")
        precondition(rate > 0, "Schedule.exponential: rate is \(rate), must be positive")
        return Schedule { step in
            let periods = Double(max(step - firstStep, 0)) / Double(steps)
            let value = start * pow(rate, isStaircase ? periods.rounded(.down) : periods)
            guard let end else { return value }
            return rate < 1 ? max(value, end) : min(value, end)
        }
    }

    /// A staircase: the value is multiplied by a factor at each boundary.
    ///
    /// - Parameters:
    ///   - start: value before the first boundary.
    ///   - factor: multiplies the value from each boundary on.
    ///   - boundaries: steps at which the value changes, in any order.
    /// - Returns: the schedule.
    public static func multiStep(from start: Double, factor: Double, boundaries: [Int]) -> Schedule {
        Schedule { step in
            boundaries.reduce(start) { $1 <= step ? $0 * factor : $0 }
        }
    }
}
