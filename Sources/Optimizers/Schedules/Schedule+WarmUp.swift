extension Schedule {
    /// This schedule after a linear warm-up.
    ///
    /// For s < n the value is v·(s + 1) / n with v this schedule's first value, so that no step is lost at rate 0;
    /// from step n on it is this schedule at s − n.
    ///
    /// - Parameter steps: n ≥ 0; 0 changes nothing.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 0`; violations trap.
    public func warmedUp(steps: Int) -> Schedule {
        precondition(steps >= 0, "Schedule.warmedUp: steps is \(steps), must not be negative")
        return Schedule { step in
            step < steps ? self(0) * Double(step + 1) / Double(steps) : self(step - steps)
        }
    }

    /// This schedule after a straight line from another value.
    ///
    /// For s < n the value is a + (v − a)·s / n with v this schedule's first value; from step n on it is this schedule
    /// at s − n.
    ///
    /// - Parameters:
    ///   - start: a; with 0 the first step does nothing.
    ///   - steps: n ≥ 0; 0 changes nothing.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 0`; violations trap.
    public func warmedUp(from start: Double, steps: Int) -> Schedule {
        precondition(steps >= 0, "Schedule.warmedUp: steps is \(steps), must not be negative")
        guard steps > 0 else { return self }
        return Schedule.linear(from: start, to: self(0), steps: steps).joined(self, after: steps)
    }

    /// Schedules one after another, each counting from 0 where it starts.
    ///
    /// - Parameters:
    ///   - schedules: one schedule or more.
    ///   - boundaries: ascending steps at which the second, third, ... starts.
    /// - Returns: the schedule.
    /// - Precondition: one boundary fewer than schedules, ascending; violations trap.
    public static func join(_ schedules: [Schedule], at boundaries: [Int]) -> Schedule {
        precondition(
            !schedules.isEmpty && boundaries.count == schedules.count - 1 && boundaries == boundaries.sorted(),
            "Schedule.join: \(schedules.count) schedules need one ascending boundary fewer, not \(boundaries)")
        return Schedule { step in
            let index = boundaries.lastIndex { $0 <= step }
            guard let index else { return schedules[0](step) }
            return schedules[index + 1](step - boundaries[index])
        }
    }

    /// This schedule for some steps, then another that starts counting at 0.
    ///
    /// - Parameters:
    ///   - next: the schedule that follows.
    ///   - steps: number of steps that this schedule lasts, ≥ 0.
    /// - Returns: the schedule.
    /// - Precondition: `steps ≥ 0`; violations trap.
    public func joined(_ next: Schedule, after steps: Int) -> Schedule {
        precondition(steps >= 0, "Schedule.joined: steps is \(steps), must not be negative")
        return Schedule { step in step < steps ? self(step) : next(step - steps) }
    }

    /// The multi-step schedule of DeepSeek LLM.
    ///
    /// Linear warm-up to the maximum; the maximum until 80 % of all steps; then 31.6 % of it until 90 %; then 10 %.
    /// With a constant batch, shares of steps are shares of tokens.
    /// Source: DeepSeek-AI 2024, arXiv:2401.02954, section 2.3.
    ///
    /// - Note: the paper doesn't give the value inside the warm-up; here it is maximum·(s + 1) / warmUpSteps.
    /// - Parameters:
    ///   - maximum: the highest value, > 0.
    ///   - totalSteps: number of steps of the whole run, ≥ 1.
    ///   - warmUpSteps: length of the warm-up, ≥ 0; 2,000 in the paper.
    /// - Returns: the schedule.
    /// - Precondition: `totalSteps ≥ 1` and `warmUpSteps ≥ 0`; violations trap.
    public static func deepSeekMultiStep(maximum: Double, totalSteps: Int, warmUpSteps: Int = 2000) -> Schedule {
        precondition(totalSteps >= 1, "Schedule.deepSeekMultiStep: totalSteps is \(totalSteps), must be at least 1")
        precondition(warmUpSteps >= 0, "Schedule.deepSeekMultiStep: warmUpSteps is \(warmUpSteps), must be at least 0")
        return Schedule { step in
            if step < warmUpSteps {
                return maximum * Double(step + 1) / Double(warmUpSteps)
            }
            // Whole numbers: step / totalSteps ≥ 0.8 without rounding.
            if step * 10 < totalSteps * 8 { return maximum }
            return step * 10 < totalSteps * 9 ? maximum * 0.316 : maximum * 0.1
        }
    }
}
