import Testing

@testable import Benchmarks

@Suite struct UnrollMeasurementTests {
    /// Every mode computes the same gradient, and the measurement is complete.
    @Test func modesAgree() throws {
        let measurement = UnrollMeasurement.run(steps: 4, rounds: 1)
        #expect(measurement.modes.map(\.name) == ["full", "iterates", "checkpoints"])
        let full = try #require(measurement.modes.first)
        for mode in measurement.modes {
            // Sums of some thousand float32 numbers in another order.
            #expect(abs(mode.check - full.check) <= 1e-4 * full.check)
            #expect(mode.seconds > 0)
        }
        #expect(full.check > 0 && measurement.twoThreads > 0)
        #expect(measurement.table.split(separator: "\n").count == 5)
    }
}
