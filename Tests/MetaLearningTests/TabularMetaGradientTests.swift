import MetaLearning
import Randomness
import Tensors
import TestSupport
import Testing

@Suite struct TabularMetaGradientTests {
    private static let noGenerator = SplittableGenerator(seed: 0)

    private func options(_ steps: Int, _ rate: Double = 0.8) -> TabularMetaGradientOptions {
        var options = TabularMetaGradientOptions()
        options.steps = steps
        options.rate = rate
        return options
    }

    /// J(θ_K(φ)) with all gradients exact.
    private func adaptedValue(
        _ process: TabularProcess, _ initial: [Double], reward: [Double], _ steps: Int, _ rate: Double = 0.8
    ) -> Double {
        var parameters = initial
        for _ in 0..<steps {
            let inner = try? ExactEvaluation(process, parameters: parameters, addedReward: reward)
            parameters = Fixtures.moved(parameters, inner?.gradient ?? [], by: rate)
        }
        return (try? ExactEvaluation(process, parameters: parameters))?.value ?? .nan
    }

    @Test(arguments: [1, 2, 5])
    func exactMetaGradientEqualsDifferences(steps: Int) throws {
        let process = try Fixtures.process()
        let initial = Fixtures.table(process)
        var generator = Self.noGenerator
        let zero = [Double](repeating: 0, count: process.parameterCount)
        let few = try TabularMetaGradient(process, options(steps), from: initial, using: &generator)
        let byInitial = differences(initial) { adaptedValue(process, $0, reward: zero, steps) }
        #expect(Fixtures.distance(few.gradient, byInitial) < Tolerance.gradient)
        let intrinsic = try TabularMetaGradient(
            process, of: .intrinsicReward, options(steps), from: initial, using: &generator)
        let byReward = differences(zero) { adaptedValue(process, initial, reward: $0, steps) }
        #expect(Fixtures.distance(intrinsic.gradient, byReward) < Tolerance.gradient)
        #expect(generator == Self.noGenerator)
    }

    /// Π (I + α H_j) ∇J(θ_K) with the Hessians written out as matrices.
    @Test func exactMetaGradientEqualsTheProductOfMatrices() throws {
        let process = try Fixtures.process()
        var parameters = Fixtures.table(process)
        let count = process.parameterCount
        let (steps, rate) = (3, 0.8)
        var generator = Self.noGenerator
        let result = try TabularMetaGradient(process, options(steps, rate), from: parameters, using: &generator)
        var product = (0..<count).map { row in (0..<count).map { $0 == row ? 1.0 : 0 } }
        for _ in 0..<steps {
            let exact = try ExactEvaluation(process, parameters: parameters)
            let factor = (0..<count).map { column -> [Double] in
                let unit = (0..<count).map { $0 == column ? 1.0 : 0 }
                return Fixtures.moved(unit, exact.hessianProduct(unit), by: rate)
            }
            // Hessians are symmetric, so that columns are rows.
            product = product.map { row in (0..<count).map { Fixtures.dot(row, factor[$0]) } }
            parameters = Fixtures.moved(parameters, exact.gradient, by: rate)
        }
        let outer = try ExactEvaluation(process, parameters: parameters).gradient
        #expect(Fixtures.distance(result.gradient, product.map { Fixtures.dot($0, outer) }) < 1e-11)
        #expect(Fixtures.distance(result.adapted, parameters) < Tolerance.float64)
    }

    /// Injected noise-free bias adds 2h / P to the diagonal of every inner Hessian.
    @Test func injectedBiasAddsToTheDiagonal() throws {
        let process = try Fixtures.process()
        var settings = options(1)
        var generator = Self.noGenerator
        let plain = try TabularMetaGradient(process, settings, using: &generator)
        settings.injectedBias = 1.5
        let biased = try TabularMetaGradient(process, settings, using: &generator)
        let outer = try ExactEvaluation(process, parameters: plain.adapted).gradient
        let expected = Fixtures.moved(
            plain.gradient, outer, by: settings.rate * 2 * 1.5 / Double(process.parameterCount))
        #expect(Fixtures.distance(biased.gradient, expected) < Tolerance.float64)
    }

    /// With samples of its own for each part, the mean over many trials goes to the exact meta-gradient of one step
    /// where Hessian and outer gradient are unbiased and independent; the horizon leaves 0.7²⁰ = 8e-4.
    @Test func loadedDiceIsUnbiasedForOneStepWithExactInnerGradient() throws {
        let process = try Fixtures.process()
        var settings = options(1)
        var generator = SplittableGenerator(seed: 6)
        let exact = try TabularMetaGradient(process, settings, using: &generator)
        settings.innerHessian = .sampled(.loadedDice, trajectories: 8)
        settings.outerGradient = .sampled(.policyGradient, trajectories: 8)
        let estimates = try (0..<4_000).map { _ in
            try TabularMetaGradient(process, settings, using: &generator).gradient
        }
        let bias = GradientBias(of: estimates, exact: exact.gradient)
        // The estimate of the squared relative bias has a standard error near variance / (n |g|²) · √(2 / P).
        #expect(abs(bias.debiasedSquaredRelativeBias) < 0.01)
        #expect(bias.officialRelativeBias < 0.1)
    }

    @Test func badOptionsAreErrors() throws {
        let process = try Fixtures.process()
        var generator = Self.noGenerator
        func change(_ body: (inout TabularMetaGradientOptions) -> Void) throws {
            var settings = options(1)
            body(&settings)
            _ = try TabularMetaGradient(process, settings, using: &generator)
        }
        #expect(throws: MetaLearningError.self) { try change { $0.steps = 0 } }
        #expect(throws: MetaLearningError.self) { try change { $0.horizon = 0 } }
        #expect(throws: MetaLearningError.self) { try change { $0.rate = .nan } }
        #expect(throws: MetaLearningError.self) { try change { $0.hessianTrace = 1.5 } }
        #expect(throws: MetaLearningError.self) { try change { $0.baselineNoise = -1 } }
        #expect(throws: MetaLearningError.self) { try change { $0.innerGradient = .sampled(.dice, trajectories: 0) } }
        #expect(throws: MetaLearningError.self) {
            try change { $0.innerHessian = .sampled(.offPolicyDice, trajectories: 3) }
        }
    }

    /// The largest absolute eigenvalue against Hessian columns, and the bound against adaptations of two steps.
    @Test func adaptationStaysWithinItsBound() throws {
        let process = try Fixtures.process()
        var settings = options(2)
        settings.innerGradient = .sampled(.policyGradient, trajectories: 4)
        var generator = SplittableGenerator(seed: 3)
        let bound = try AdaptationBound(process, settings, trials: 20, draws: 50, using: &generator)
        #expect(bound.distance > 0 && bound.distance < bound.bound)
        let start = [Double](repeating: 0, count: process.parameterCount)
        let exact = try ExactEvaluation(process, parameters: start)
        // A Rayleigh quotient is a lower bound on the norm, up to the few percent of the power iteration.
        for index in 0..<process.parameterCount {
            let unit = (0..<process.parameterCount).map { $0 == index ? 1.0 : 0 }
            #expect(abs(exact.hessianProduct(unit)[index]) < 1.1 * bound.smoothness)
        }
        #expect(throws: MetaLearningError.self) {
            try AdaptationBound(process, options(1), trials: 1, using: &generator)
        }
    }
}
