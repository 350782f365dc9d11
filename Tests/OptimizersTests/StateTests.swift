import Optimizers
import Tensors
import Testing

@Suite struct StateTests {
    private let problem = Problem(dtype: .float64)

    private func advance<Optimizer: GradientTransform>(
        _ optimizer: Optimizer, _ parameters: inout Leaves, _ state: inout Optimizer.State, steps: Int
    ) {
        for _ in 0..<steps {
            optimizer.step(&parameters, gradients: problem.gradient(at: parameters), state: &state)
        }
    }

    /// Saving after some steps and going on from the tensors gives the undisturbed run, bit for bit.
    private func checkResume<Optimizer: GradientTransform>(
        _ optimizer: Optimizer, counters: Int, tensors: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var parameters = problem.start
        var state = optimizer.initialState(for: parameters)
        advance(optimizer, &parameters, &state, steps: 5)
        let named = state.namedTensors(prefix: "optimizer.")
        #expect(named.count == counters + tensors, sourceLocation: sourceLocation)
        #expect(named.values.filter { $0.dtype == .int64 }.count == counters, sourceLocation: sourceLocation)
        let read = named.mapValues { $0.copied() }

        var resumed = parameters
        var resumedState = try optimizer.initialState(for: problem.start)
            .restored(from: read, prefix: "optimizer.")
        advance(optimizer, &resumed, &resumedState, steps: 5)
        advance(optimizer, &parameters, &state, steps: 5)
        #expect(
            resumed.weight.array(of: Double.self) == parameters.weight.array(of: Double.self),
            sourceLocation: sourceLocation)
        #expect(
            resumed.bias.array(of: Double.self) == parameters.bias.array(of: Double.self),
            sourceLocation: sourceLocation)
    }

    @Test func everyOptimiserResumesExactly() throws {
        let cosine = Hyperparameter.scheduled(.cosine(from: 0.1, steps: 10))
        try checkResume(SGD(learningRate: cosine), counters: 1, tensors: 0)
        try checkResume(SGD(learningRate: cosine, momentum: 0.9, dampening: 0.1), counters: 1, tensors: 2)
        try checkResume(Adam(learningRate: cosine, weightDecay: 0.1), counters: 1, tensors: 4)
        try checkResume(AdamW(learningRate: cosine), counters: 1, tensors: 4)
        try checkResume(AdamW(options: AdamOptions(amsgrad: true)), counters: 1, tensors: 6)
        try checkResume(
            chain {
                ClipByGlobalNorm(1)
                Masked(SGD(learningRate: -1, momentum: 0.5), where: .matrices)
                Scale(by: cosine)
            }, counters: 2, tensors: 1)
    }

    @Test func namesSayWhatTheyHold() {
        let state = AdamW().initialState(for: problem.start)
        #expect(
            Set(state.namedTensors(prefix: "o.").keys) == [
                "o.step", "o.first.weight", "o.first.bias", "o.second.weight", "o.second.bias",
            ])
    }

    @Test func mistakesInAFileAreSaid() throws {
        let state = AdamW().initialState(for: problem.start)
        let named = state.namedTensors()
        var missing = named
        missing["first.bias"] = nil
        #expect(throws: OptimizersError.missingTensor(name: "first.bias")) { try state.restored(from: missing) }
        var noCounter = named
        noCounter["step"] = nil
        #expect(throws: OptimizersError.missingTensor(name: "step")) { try state.restored(from: noCounter) }
        var strange = named
        strange["third.bias"] = Tensor.zeros([1])
        #expect(throws: OptimizersError.unknownTensor(name: "third.bias")) { try state.restored(from: strange) }
        var other = named
        other["second.bias"] = Tensor.zeros([6], dtype: .float64)
        let error = #expect(throws: OptimizersError.self) { try state.restored(from: other) }
        #expect(
            error
                == .differentTensor(name: "second.bias", expected: "float64 [5]", found: "float64 [6]"))
        #expect(error?.description.contains("'second.bias' as float64 [6]") == true)
        var beside = named
        beside["model.weight"] = Tensor.zeros([1])
        #expect(throws: OptimizersError.self) { try state.restored(from: beside) }
        let prefixed = state.namedTensors(prefix: "optimizer.").merging(["model.weight": Tensor.zeros([1])]) { a, _ in a
        }
        #expect(throws: Never.self) { try state.restored(from: prefixed, prefix: "optimizer.") }
    }

    /// Torch's `sgd` twin in another library kept its first step in the transform; here one value serves two runs.
    @Test func oneTransformServesManyRuns() {
        let optimizer = SGD(learningRate: 0.1, momentum: 0.9, dampening: 0.5)
        func run() -> [Double] {
            var parameters = [Tensor([1.0], dtype: .float64)]
            var state = optimizer.initialState(for: parameters)
            for _ in 0..<2 {
                optimizer.step(&parameters, gradients: [Tensor([1.0], dtype: .float64)], state: &state)
            }
            return parameters[0].array()
        }
        // Steps 0.1·1 and 0.1·(0.9 + 0.5).
        #expect(abs(run()[0] - (1 - 0.1 - 0.14)) < 1e-15)
        #expect(run() == run())
    }

    @Test func copyOfAStateIsASnapshot() {
        let optimizer = AdamW(learningRate: 0.1)
        var parameters = problem.start
        var state = optimizer.initialState(for: parameters)
        advance(optimizer, &parameters, &state, steps: 3)
        let (kept, keptState) = (parameters, state)
        advance(optimizer, &parameters, &state, steps: 3)
        var (again, againState) = (kept, keptState)
        advance(optimizer, &again, &againState, steps: 3)
        #expect(again.weight.array(of: Double.self) == parameters.weight.array(of: Double.self))
        #expect(keptState.step == 3)
    }
}
