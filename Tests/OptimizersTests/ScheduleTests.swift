import Foundation
import Optimizers
import Testing

/// Schedules against their closed forms, at ends and between.
@Suite struct ScheduleTests {
    /// Rounding of a few double-precision operations on numbers of order 1.
    private let rounding = 1e-15

    @Test func constantNeverChanges() {
        let schedule = Schedule.constant(0.3)
        #expect([0, 1, 1_000_000].map { schedule($0) } == [0.3, 0.3, 0.3])
    }

    @Test func linearIsStraightAndThenFlat() {
        let schedule = Schedule.linear(from: 1, to: 0.2, steps: 4, startingAt: 2)
        let expected = [1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0.2]
        for (step, value) in expected.enumerated() {
            #expect(abs(schedule(step) - value) <= rounding)
        }
    }

    @Test func polynomialHasItsPower() {
        let schedule = Schedule.polynomial(from: 3, to: 1, steps: 10, power: 2)
        #expect(abs(schedule(5) - 1.5) <= rounding)
        #expect(schedule(0) == 3)
        #expect(schedule(10) == 1)
        #expect(schedule(11) == 1)
    }

    @Test func cosineMeetsEndsAndMiddle() {
        let schedule = Schedule.cosine(from: 2, to: 1, steps: 8)
        #expect(schedule(0) == 2)
        #expect(abs(schedule(4) - 1.5) <= rounding)
        #expect(abs(schedule(2) - (1 + (1 + sqrt(0.5)) / 2)) <= rounding)
        #expect(schedule(8) == 1)
        #expect(schedule(80) == 1)
    }

    @Test func exponentialHalves() {
        let schedule = Schedule.exponential(from: 8, rate: 0.5, steps: 10)
        #expect(schedule(0) == 8)
        #expect(abs(schedule(10) - 4) <= rounding * 8)
        #expect(abs(schedule(5) - 8 * sqrt(0.5)) <= rounding * 8)
    }

    @Test func multiStepDropsAtEachBoundary() {
        let schedule = Schedule.multiStep(from: 1, factor: 0.5, boundaries: [5, 3])
        #expect((0..<7).map { schedule($0) } == [1, 1, 1, 0.5, 0.5, 0.25, 0.25])
    }

    @Test func warmUpLosesNoStepAndReachesTheFirstValue() {
        let schedule = Schedule.cosine(from: 1, steps: 10).warmedUp(steps: 4)
        #expect((0..<5).map { schedule($0) } == [0.25, 0.5, 0.75, 1, 1])
        #expect(abs(schedule(9) - 0.5) <= rounding)
        #expect(schedule(14) == 0)
        let none = Schedule.constant(2).warmedUp(steps: 0)
        #expect(none(0) == 2)
    }

    @Test func joinedStartsTheSecondAtZero() {
        let schedule = Schedule.constant(1).joined(.linear(from: 1, to: 0, steps: 2), after: 3)
        #expect((0..<6).map { schedule($0) } == [1, 1, 1, 1, 0.5, 0])
    }

    @Test func deepSeekDropsAfter80And90Percent() {
        let schedule = Schedule.deepSeekMultiStep(maximum: 4.2e-4, totalSteps: 10_000)
        #expect(abs(schedule(0) - 4.2e-4 / 2000) <= 1e-19)
        #expect(schedule(1999) == 4.2e-4)
        #expect(schedule(7999) == 4.2e-4)
        #expect(schedule(8000) == 4.2e-4 * 0.316)
        #expect(schedule(8999) == 4.2e-4 * 0.316)
        #expect(schedule(9000) == 4.2e-4 * 0.1)
        #expect(schedule(20_000) == 4.2e-4 * 0.1)
    }

    @Test func deepSeekBoundariesAreExactForEveryLength() {
        for total in 1...200 {
            let schedule = Schedule.deepSeekMultiStep(maximum: 1, totalSteps: total, warmUpSteps: 0)
            let counts = (0..<total).reduce(into: [Double: Int]()) { $0[schedule($1), default: 0] += 1 }
            // Steps at the maximum are those with 10 s < 8 n, that is ceil(8 n / 10) of them.
            #expect(counts[1, default: 0] == (8 * total + 9) / 10)
            #expect(counts[1, default: 0] + counts[0.316, default: 0] == (9 * total + 9) / 10)
        }
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) { _ = Schedule.linear(from: 1, to: 0, steps: 0) }
        await #expect(processExitsWith: .failure) { _ = Schedule.cosine(from: 1, steps: 0) }
        await #expect(processExitsWith: .failure) { _ = Schedule.constant(1).warmedUp(steps: -1) }
        await #expect(processExitsWith: .failure) { _ = Schedule.deepSeekMultiStep(maximum: 1, totalSteps: 0) }
    }
}
