import Testing

@testable import Benchmarks

@Suite struct UnrollMeasurementTests {
    /// Every mode computes the same gradient, and the measurement is complete.
    @Test func modesAgree() throws {
        let measurement = UnrollMeasurement.run(steps: 3, rounds: 1)
        #expect(measurement.problems.count == 2 && measurement.twoThreads > 0)
        for problem in measurement.problems {
            #expect(problem.modes.map(\.name) == ["full", "iterates", "checkpoints", "checkpoints, BatchedPerceptron"])
            let full = try #require(problem.modes.first)
            #expect(full.check > 0)
            for mode in problem.modes {
                // Sums of some thousand float32 numbers in another order.
                #expect(abs(mode.check - full.check) <= 1e-4 * full.check)
                #expect(mode.seconds > 0)
            }
        }
        #expect(measurement.table.split(separator: "\n").count == 11)
    }
}
