import Optimizers
import Tensors
import Testing

/// Transforms and schedules that optax has follow it.
@Suite struct OptaxTests {
    private let weight = ParameterMask { name, _ in name == "weight" }

    private func runs(_ kind: String) throws -> [TorchGoldens.Run] {
        let found = try OptaxGoldens.load().runs.filter { $0.kind == kind }
        #expect(!found.isEmpty, "no golden run of \(kind)")
        return found
    }

    private func check<Optimizer: GradientTransform>(
        _ kind: String, _ optimizer: Optimizer, sourceLocation: SourceLocation = #_sourceLocation,
        spoil: (Int, Leaves) -> Leaves = { $1 }, change: (Int, inout Optimizer.State) -> Void = { _, _ in }
    ) throws {
        for run in try runs(kind) {
            follow(run, optimizer, sourceLocation: sourceLocation, spoil: spoil, change: change)
        }
    }

    @Test func rules() throws {
        try check("lion", Lion(learningRate: 0.01, directionDecay: 0.8, momentumDecay: 0.9, weightDecay: 0.1))
        try check("maskedLion", Lion(learningRate: 0.01, weightDecay: 0.2, decayMask: weight))
        try check("lamb", LAMB(learningRate: 0.02, weightDecay: 0.1))
        let root = AdamOptions(epsilon: 1e-4, epsilonRoot: 1e-2)
        try check("epsilonRoot", Adam(learningRate: 0.05, options: root))
        try check("epsilonRootW", AdamW(learningRate: 0.05, weightDecay: 0.1, options: root))
    }

    @Test func wrappers() throws {
        let adam = Adam(learningRate: 0.05)
        try check("lookahead", Lookahead(adam, period: 4, slowRate: 0.3))
        try check("lookaheadRestarting", Lookahead(adam, period: 4, slowRate: 0.3, restartsFast: true))
        try check("accumulatedMean", AccumulateSteps(adam, count: 3))
        try check(
            "accumulatedSum", AccumulateSteps(SGD(learningRate: 0.02, momentum: 0.9), count: 3, takesMean: false))
        try check("byGroup", ByGroup(adam, where: weight, others: SGD(learningRate: 0.03, momentum: 0.9)))
        try check(
            "masked",
            chain {
                Masked(SGD(learningRate: -1, momentum: 0.9), where: weight)
                Scale(by: -0.02)
            })
        for (kind, debias) in [("average", true), ("biasedAverage", false)] {
            try check(
                kind,
                chain {
                    ExponentialMovingAverage(decay: 0.9, debias: debias)
                    Scale(by: -0.05)
                })
        }
    }

    @Test func applyIfFinite() throws {
        try check("applyIfFinite", ApplyIfFinite(Adam(learningRate: 0.05), maximumErrors: 3)) { step, gradients in
            guard [3, 4, 10, 11, 12].contains(step) else { return gradients }
            var bias = gradients.bias.array(of: Double.self)
            bias[2] = step.isMultiple(of: 2) ? .infinity : .nan
            return Leaves(weight: gradients.weight, bias: Tensor(bias, dtype: .float64))
        }
    }

    @Test func injectedHyperparametersCanBeChanged() throws {
        let optimizer = InjectHyperparameters(
            SGD(learningRate: 0.05, momentum: 0.9), ["learningRate": \.learningRate, "momentum": \.momentum])
        try check("injected", optimizer, change: { step, state in
            guard step == 20 else { return }
            state.values["learningRate"] = Tensor(0.01, dtype: .float64)
            state.values["momentum"] = Tensor(0.5, dtype: .float64)
        })
    }

    @Test func clipping() throws {
        func stepping<Clip: GradientTransform>(_ clip: Clip, by rate: Hyperparameter = -0.1) -> Chain<Clip, Scale> {
            Chain(clip, Scale(by: rate))
        }
        try check("clippedGlobally", stepping(ClipByGlobalNorm(0.5, epsilon: 0)))
        try check("clippedByRootMeanSquare", stepping(ClipByRootMeanSquare(0.2)))
        try check("clippedByValue", stepping(ClipByValue(0.2)))
        try check("adaptiveClip", stepping(AdaptiveGradientClip(0.2)))
        try check("trustRatio", stepping(ScaleByTrustRatio(), by: -0.02))
    }

    @Test func schedules() throws {
        let warm = Schedule.cosine(from: 0.5, to: 0.05, steps: 30)
        let ours: [String: Schedule] = [
            "polynomial": .polynomial(from: 1, to: 0.1, steps: 30, power: 2, startingAt: 5),
            "linear": .linear(from: 0, to: 0.5, steps: 20, startingAt: 10),
            "exponential": .exponential(from: 1, rate: 0.5, steps: 10),
            "exponentialStaircase": .exponential(
                from: 1, rate: 0.5, steps: 10, startingAt: 5, isStaircase: true, end: 0.1),
            "exponentialGrowth": .exponential(from: 0.1, rate: 1.5, steps: 10, startingAt: 3, end: 0.3),
            "cosinePower": .cosine(from: 0.5, to: 0.05, steps: 40, power: 2),
            "piecewise": .piecewise(from: 1, factors: [10: 0.5, 30: 0.1]),
            "interpolatedLinear": .interpolated(from: 1, factors: [10: 0.5, 30: 3], .linear),
            "interpolatedCosine": .interpolated(from: 1, factors: [10: 0.5, 30: 3], .cosine),
            "oneCycleLinear": .oneCycleLinear(peak: 0.5, steps: 40),
            "oneCycleCosine": .oneCycleCosine(peak: 0.5, steps: 40),
            "warmUpCosine": warm.warmedUp(from: 0, steps: 10),
            "warmUpExponential": Schedule.exponential(from: 0.5, rate: 0.8, steps: 5, end: 0.2)
                .warmedUp(from: 0.1, steps: 10),
            "warmUpConstant": Schedule.constant(0.5).warmedUp(from: 0.1, steps: 10),
            "restarts": .join(
                [
                    Schedule.cosine(from: 0.5, steps: 15).warmedUp(from: 0, steps: 5),
                    Schedule.cosine(from: 0.3, steps: 20).warmedUp(from: 0.1, steps: 5),
                ], at: [20]),
            "joined": .join([.constant(0.3), .linear(from: 0.3, to: 0, steps: 10), .constant(0.1)], at: [8, 30]),
        ]
        let golden = try OptaxGoldens.load().schedules
        #expect(Set(golden.values.keys) == Set(ours.keys))
        for (name, values) in golden.values {
            let schedule = try #require(ours[name])
            for (step, value) in zip(golden.steps, values) {
                // A few operations in double precision; optax keeps some constants in float32 (power).
                #expect(abs(schedule(step) - value) <= 1e-14, "\(name) at \(step): \(schedule(step)), \(value)")
            }
        }
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) { _ = Schedule.join([.constant(1)], at: [3]) }
        await #expect(processExitsWith: .failure) { _ = Schedule.interpolated(from: 1, factors: [0: 1], .linear) }
        await #expect(processExitsWith: .failure) { _ = Lookahead(Adam(), period: 0) }
        await #expect(processExitsWith: .failure) { _ = AccumulateSteps(Adam(), count: 0) }
        await #expect(processExitsWith: .failure) { _ = ExponentialMovingAverage(decay: 1) }
        await #expect(processExitsWith: .failure) { _ = ClipByRootMeanSquare(0) }
    }
}
