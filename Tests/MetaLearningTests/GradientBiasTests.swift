import MetaLearning
import Randomness
import Testing

@Suite struct GradientBiasTests {
    @Test func figuresOfAHandWorkedCase() {
        let bias = GradientBias(of: [[1, 2], [3, 2]], exact: [1, 1], groupSize: 1)
        // Mean (2, 2), error (1, 1), variances (2, 0).
        #expect(bias.officialBias == 1)
        #expect(bias.debiasedBias == (2 - 2.0 / 2) / 2)
        #expect(bias.totalDeviation == 2.0.squareRoot())
        #expect(bias.officialRelativeBias == 1)
        #expect(bias.debiasedSquaredRelativeBias == 0.5)
        // Groups of one: errors (0, 1) and (2, 1).
        #expect(bias.officialBiasOfGroups == (0.5 + 2.5) / 2)
        // The exact gradient is constant: no correlation.
        #expect(bias.correlation == 0)
        #expect(GradientBias.correlation([1, 2, 3], [2, 4, 6]) == 1)
        #expect(abs(GradientBias.correlation([1, 2, 3], [1, 0, -1]) + 1) < 1e-15)
    }

    /// Estimates with a bias of 0.1 and noise of 1: ten of them make the official figure 0.01 + 1/10.
    @Test func officialBiasContainsVariance() {
        var generator = SplittableGenerator(seed: 12)
        let exact = generator.normals(200)
        var (official, debiased) = (0.0, 0.0)
        for _ in 0..<50 {
            let estimates = (0..<10).map { _ in exact.map { $0 + 0.1 + generator.normal() } }
            let bias = GradientBias(of: estimates, exact: exact)
            official += bias.officialBias / 50
            debiased += bias.debiasedBias / 50
        }
        // Standard error √2 · 0.1 / √(200 · 50) = 0.0014; five of them.
        #expect(abs(official - 0.11) < 0.008)
        #expect(abs(debiased - 0.01) < 0.008)
    }

    @Test func intervalsUseStudentsQuantiles() {
        // t(0.975) for 1, 4, 9 and 49 degrees of freedom.
        for (count, quantile) in [(2, 12.706), (5, 2.776), (10, 2.262), (50, 2.010)] {
            let numbers = (0..<count).map(Double.init)
            let mean = numbers.reduce(0, +) / Double(count)
            let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count - 1)
            let expected = quantile * (variance / Double(count)).squareRoot()
            let interval = SampleMean(of: numbers)
            #expect(interval.mean == mean)
            #expect(abs(interval.halfWidth / expected - 1) < 0.01)
        }
        #expect(SampleMean(of: [3]).halfWidth == 0)
    }

    private var study: BiasStudy {
        var study = BiasStudy()
        (study.processes, study.trials) = (3, 4)
        (study.process.stateCount, study.process.actionCount) = (5, 3)
        (study.options.steps, study.options.rate) = (2, 3)
        return study
    }

    @Test func exactStudiesHaveNoBias() async throws {
        let result = try await study.measure(seed: 1)
        #expect(result.biases.count == 3)
        #expect(result.biases.allSatisfy { abs($0.correlation - 1) < 1e-12 && $0.officialBias == 0 })
        #expect(result.adaptationError.mean == 0)
    }

    @Test func studiesDependOnTheSeedAlone() async throws {
        var study = study
        study.options.innerHessian = .sampled(.lowVarianceCurvature, trajectories: 4)
        let first = try await study.measure(seed: 1)
        #expect(try await study.measure(seed: 1) == first)
        #expect(try await study.measure(seed: 2) != first)
        // More processes leave the first ones as they were.
        study.processes = 5
        #expect(try await study.measure(seed: 1).biases.prefix(3) == first.biases[...])
    }

    @Test func estimatorsWithOneGradientGiveOneStudy() async throws {
        var study = study
        var results: [BiasMeasurement] = []
        for estimator in [SurrogateEstimator.policyGradient, .lowVarianceCurvature, .loadedDice] {
            study.options.innerGradient = .sampled(estimator, trajectories: 4)
            results.append(try await study.measure(seed: 1))
        }
        #expect(results[0] == results[1] && results[0] == results[2])
    }

    @Test func badSettingsAreErrors() async {
        func measure(_ change: (inout BiasStudy) -> Void) async throws {
            var study = study
            change(&study)
            _ = try await study.measure(seed: 1)
        }
        await #expect(throws: MetaLearningError.self) { try await measure { $0.trials = 1 } }
        await #expect(throws: MetaLearningError.self) { try await measure { $0.processes = 0 } }
        await #expect(throws: MetaLearningError.self) { try await measure { $0.options.steps = 0 } }
        await #expect(throws: MetaLearningError.self) { try await measure { $0.process.discount = 1.2 } }
        await #expect(throws: MetaLearningError.self) { try await measure { $0.process.discount = 1 } }
    }
}
