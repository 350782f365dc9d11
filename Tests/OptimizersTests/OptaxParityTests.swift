import Optimizers
import Tensors
import Testing

/// Transforms and schedules follow optax.
@Suite struct OptaxParityTests {
    private struct Goldens: Decodable {
        struct Schedules: Decodable {
            var steps: [Int]
            var values: [String: [Double]]
        }
        var schedules: Schedules
        var runs: [TorchGoldens.Run]
    }

    private let goldens: Goldens
    private let weight = ParameterMask.matrices

    init() throws {
        goldens = try decodeFixture("optax.json")
    }

    @Test func rules() {
        follow("lion", Lion(learningRate: 0.01, directionDecay: 0.8, momentumDecay: 0.9, weightDecay: 0.1))
        follow("lamb", LAMB(learningRate: 0.02, weightDecay: 0.1))
        follow("maskedLion", Lion(learningRate: 0.01, weightDecay: 0.2, decayMask: weight))
        let options = AdamOptions(epsilon: 1e-4, epsilonRoot: 1e-2)
        follow("epsilonRoot", Adam(learningRate: 0.05, options: options))
        follow("epsilonRootW", AdamW(learningRate: 0.05, weightDecay: 0.1, options: options))
        follow(
            "trustRatio",
            chain {
                ScaleByTrustRatio()
                Scale(by: -0.02)
            })
    }

    @Test func averages() {
        follow("lookahead", Lookahead(Adam(learningRate: 0.05), period: 4, slowRate: 0.3))
        follow("lookaheadRestarting", Lookahead(Adam(learningRate: 0.05), period: 4, slowRate: 0.3, restartsFast: true))
        for (kind, debias) in [("average", true), ("biasedAverage", false)] {
            follow(
                kind,
                chain {
                    ExponentialMovingAverage(decay: 0.9, debias: debias)
                    Scale(by: -0.05)
                })
        }
        follow("accumulatedMean", AccumulateSteps(Adam(learningRate: 0.05), count: 3))
        follow(
            "accumulatedSum", AccumulateSteps(SGD(learningRate: 0.02, momentum: 0.9), count: 3, takesMean: false))
    }

    @Test func groups() {
        // optax's trace is SGD's momentum with the opposite sign and rate 1.
        follow(
            "masked",
            chain {
                Masked(SGD(learningRate: -1, momentum: 0.9), where: weight)
                Scale(by: -0.02)
            })
        follow(
            "byGroup",
            ByGroup(Adam(learningRate: 0.05), where: weight, others: SGD(learningRate: 0.03, momentum: 0.9)))
    }

    @Test func clipping() {
        follow("clippedGlobally", clipped(ClipByGlobalNorm(0.5, epsilon: 0)))
        follow("clippedByRootMeanSquare", clipped(ClipByRootMeanSquare(0.2)))
        follow("clippedByValue", clipped(ClipByValue(0.2)))
        follow("adaptiveClip", clipped(AdaptiveGradientClip(0.2)))
    }

    private func clipped<Clip: GradientTransform>(_ clip: Clip) -> some GradientTransform {
        chain {
            clip
            SGD(learningRate: 0.1)
        }
    }

    /// Gradients that are not finite are skipped three times in a row, and let through after.
    @Test func applyIfFinite() {
        follow("applyIfFinite", ApplyIfFinite(Adam(learningRate: 0.05), maximumErrors: 3)) { step, gradients, _ in
            guard [3, 4, 10, 11, 12].contains(step) else { return }
            var values = gradients.bias.array(of: Double.self)
            values[2] = step.isMultiple(of: 2) ? .infinity : .nan
            gradients.bias = Tensor(values, shape: gradients.bias.shape, dtype: .float64)
        }
    }

    /// Learning rate and momentum changed in the state before step 20.
    @Test func injected() {
        let optimizer = InjectHyperparameters(
            SGD(learningRate: 0.05, momentum: 0.9), ["rate": \.learningRate, "momentum": \.momentum])
        follow("injected", optimizer) { step, _, state in
            guard step == 20 else { return }
            state.values["rate"] = Tensor(0.01, dtype: .float64)
            state.values["momentum"] = Tensor(0.5, dtype: .float64)
        }
    }

    @Test func schedules() throws {
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
            "warmUpCosine": Schedule.cosine(from: 0.5, to: 0.05, steps: 30).warmedUp(from: 0, steps: 10),
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
        #expect(Set(ours.keys) == Set(goldens.schedules.values.keys))
        for (name, schedule) in ours {
            let reference = try #require(goldens.schedules.values[name])
            for (step, value) in zip(goldens.schedules.steps, reference) {
                // optax computes boundaries in float32 at places: 1e-7 relative.
                #expect(abs(schedule(step) - value) <= 2e-7 * (0.01 + abs(value)), "\(name), step \(step)")
            }
        }
    }

    private func follow<Optimizer: GradientTransform>(
        _ kind: String, _ optimizer: Optimizer,
        change: (Int, inout Leaves, inout Optimizer.State) -> Void = { _, _, _ in }
    ) {
        let runs = goldens.runs.filter { $0.kind == kind }
        #expect(!runs.isEmpty, "\(kind)")
        for run in runs {
            let problem = Problem(dtype: run.elementType)
            var parameters = problem.start
            var state = optimizer.initialState(for: parameters)
            var compared = 0
            for step in 1...50 {
                var gradients = problem.gradient(at: parameters)
                change(step, &gradients, &state)
                optimizer.step(&parameters, gradients: gradients, state: &state)
                guard let record = run.records.first(where: { $0.step == step }) else { continue }
                compared += 1
                let difference = largestDifference(parameters, weight: record.weight, bias: record.bias)
                #expect(difference <= run.tolerance, "\(run), step \(step)")
            }
            #expect(compared == 3)
        }
    }
}
