import Foundation

extension Schedule {
    /// How a schedule goes from one boundary to the next.
    public enum Interpolation: Sendable {
        /// In a straight line.
        case linear

        /// In half a cosine, level at both ends.
        case cosine
    }

    /// A staircase: the value is multiplied by a factor of its own at each boundary.
    ///
    /// - Parameters:
    ///   - start: value before the first boundary.
    ///   - factors: the factor by the step from which it acts.
    /// - Returns: the schedule.
    public static func piecewise(from start: Double, factors: [Int: Double]) -> Schedule {
        let steps = factors.sorted { $0.key < $1.key }
        return Schedule { step in
            steps.reduce(start) { $1.key <= step ? $0 * $1.value : $0 }
        }
    }

    /// From value to value: at each boundary the value is the last boundary's times a factor, between them interpolated.
    ///
    /// - Parameters:
    ///   - start: value at step 0.
    ///   - factors: the factor by the boundary, > 0, at which it is reached.
    ///   - interpolation: how it goes between boundaries.
    /// - Returns: the schedule, constant after the last boundary.
    /// - Precondition: boundaries are positive; violations trap.
    public static func interpolated(
        from start: Double, factors: [Int: Double], _ interpolation: Interpolation
    ) -> Schedule {
        var points: [(step: Int, value: Double)] = [(0, start)]
        for (step, factor) in factors.sorted(by: { $0.key < $1.key }) {
            precondition(step > 0, "Schedule.interpolated: a boundary is \(step), must be positive")
            points.append((step, points[points.count - 1].value * factor))
        }
        let known = points
        return Schedule { step in
            guard let next = known.firstIndex(where: { $0.step > step }) else { return known[known.count - 1].value }
            let (a, b) = (known[next - 1], known[next])
            let done = Double(step - a.step) / Double(b.step - a.step)
            switch interpolation {
            case .linear: return a.value + (b.value - a.value) * done
            case .cosine: return b.value + (a.value - b.value) / 2 * (cos(.pi * done) + 1)
            }
        }
    }

    /// One cycle: up to a peak and down again, in straight lines, with a last slow stretch.
    ///
    /// From peak / 25 to the peak, back to peak / 25, and to 10⁻⁴ of that, by default.
    /// Source: Smith and Topin 2017, arXiv:1708.07120.
    ///
    /// - Parameters:
    ///   - peak: the highest value.
    ///   - steps: length of the cycle, ≥ 1.
    ///   - rise: share of the steps that go up.
    ///   - fall: share of the steps after which the value is back.
    ///   - divisor: peak over first value.
    ///   - finalDivisor: first over last value.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 1` and 0 < rise < fall < 1 in whole steps; violations trap.
    public static func oneCycleLinear(
        peak: Double, steps: Int, rise: Double = 0.3, fall: Double = 0.85, divisor: Double = 25,
        finalDivisor: Double = 1e4
    ) -> Schedule {
        let (up, down) = (Int(rise * Double(steps)), Int(fall * Double(steps)))
        precondition(
            0 < up && up < down && down < steps, "Schedule.oneCycleLinear: boundaries \(up), \(down), \(steps)")
        return interpolated(
            from: peak / divisor, factors: [up: divisor, down: 1 / divisor, steps: 1 / finalDivisor], .linear)
    }

    /// One cycle: up to a peak and down again, each in half a cosine.
    ///
    /// Source: Smith and Topin 2017, arXiv:1708.07120.
    ///
    /// - Parameters:
    ///   - peak: the highest value.
    ///   - steps: length of the cycle, ≥ 1.
    ///   - rise: share of the steps that go up.
    ///   - divisor: peak over first value.
    ///   - finalDivisor: first over last value.
    /// - Returns: the schedule.
    /// - Precondition: 0 < rise < 1 in whole steps; violations trap.
    public static func oneCycleCosine(
        peak: Double, steps: Int, rise: Double = 0.3, divisor: Double = 25, finalDivisor: Double = 1e4
    ) -> Schedule {
        let up = Int(rise * Double(steps))
        precondition(0 < up && up < steps, "Schedule.oneCycleCosine: boundaries \(up), \(steps)")
        return interpolated(
            from: peak / divisor, factors: [up: divisor, steps: 1 / (divisor * finalDivisor)], .cosine)
    }
}
