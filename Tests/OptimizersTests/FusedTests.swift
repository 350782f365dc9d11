import Optimizers
import Tensors
import Testing

/// The in-place paths follow torch.optim and the functional optimisers.
@Suite struct FusedTests {
    @Test(arguments: ["adamW", "adam"])
    func fusedAdamFollowsTorch(kind: String) throws {
        let runs = try TorchGoldens.load().runs.filter { $0.kind == kind && $0.options.amsgrad == false }
        #expect(runs.count >= 4)
        for run in runs {
            let problem = Problem(dtype: run.elementType)
            let rate = Hyperparameter.constant(try #require(run.options.learningRate))
            let decay = Hyperparameter.constant(try #require(run.options.weightDecay))
            let options = try moments(run.options)
            let trainer =
                kind == "adamW"
                ? FusedAdam(AdamW(learningRate: rate, weightDecay: decay, options: options), model: problem.start)
                : FusedAdam(Adam(learningRate: rate, weightDecay: decay, options: options), model: problem.start)
            compare(run) {
                trainer.step(trainer.withModel { problem.gradient(at: $0) })
                return trainer.snapshot()
            }
        }
    }

    @Test func inPlaceSGDFollowsTorch() throws {
        let runs = try TorchGoldens.load().runs.filter { $0.kind == "sgd" }
        #expect(runs.count >= 16)
        for run in runs {
            let problem = Problem(dtype: run.elementType)
            let trainer = InPlaceSGD(try sgd(run.options), model: problem.start)
            compare(run) {
                trainer.step(trainer.withModel { problem.gradient(at: $0) })
                return trainer.snapshot()
            }
        }
    }

    /// Calls a step a hundred times and compares the recorded ones.
    private func compare(_ run: TorchGoldens.Run, _ step: () -> Leaves) {
        var compared = 0
        for count in 1...100 {
            let parameters = step()
            guard let record = run.records.first(where: { $0.step == count }) else { continue }
            compared += 1
            let difference = largestDifference(parameters, weight: record.weight, bias: record.bias)
            #expect(difference <= run.tolerance, "\(run), step \(count)")
        }
        #expect(compared == 4)
    }

    /// Schedules, masks and clipping together: as language models are trained.
    @Test(arguments: [DType.float32, .float64])
    func fusedEqualsFunctionalWithEverything(dtype: DType) {
        let problem = Problem(dtype: dtype)
        let optimizer = AdamW(
            learningRate: .scheduled(.deepSeekMultiStep(maximum: 0.05, totalSteps: 60, warmUpSteps: 10)),
            weightDecay: 0.1, decayMask: .matrices)
        let trainer = FusedAdam(optimizer, model: problem.start)
        var parameters = problem.start
        var state = optimizer.initialState(for: parameters)
        for _ in 0..<60 {
            let clipped = problem.gradient(at: parameters).clippedByGlobalNorm(0.7).clipped
            optimizer.step(&parameters, gradients: clipped, state: &state)
            trainer.step(trainer.withModel { problem.gradient(at: $0).clippedByGlobalNorm(0.7).clipped })
        }
        let fused = trainer.snapshot()
        // Rounding of 60 steps in another order of operations, relative to numbers of order 1.
        let tolerance = dtype == .float64 ? 1e-14 : 1e-6
        #expect(fused.weight.isClose(to: parameters.weight, relative: tolerance, absolute: tolerance))
        #expect(fused.bias.isClose(to: parameters.bias, relative: tolerance, absolute: tolerance))
        #expect(trainer.stepCount == 60)
    }

    /// The functional optimiser goes on where the fused one stopped, and the other way round.
    @Test func statesAreInterchangeable() {
        let problem = Problem(dtype: .float64)
        let optimizer = AdamW(learningRate: 0.02)
        var whole = problem.start
        var wholeState = optimizer.initialState(for: whole)
        for _ in 0..<9 {
            optimizer.step(&whole, gradients: problem.gradient(at: whole), state: &wholeState)
        }
        let first = FusedAdam(optimizer, model: problem.start)
        for _ in 0..<3 { first.step(first.withModel { problem.gradient(at: $0) }) }
        var parameters = first.snapshot()
        var state = first.state()
        for _ in 0..<3 { optimizer.step(&parameters, gradients: problem.gradient(at: parameters), state: &state) }
        let last = FusedAdam(optimizer, model: parameters, state: state)
        for _ in 0..<3 { last.step(last.withModel { problem.gradient(at: $0) }) }
        #expect(last.state().step == 9)
        #expect(last.snapshot().weight.isClose(to: whole.weight, relative: 1e-14, absolute: 1e-14))
        #expect(last.snapshot().bias.isClose(to: whole.bias, relative: 1e-14, absolute: 1e-14))
    }

    /// Nothing that a caller holds is written to: not the starting model, snapshots, states or gradients.
    @Test func nobodyElsesTensorsChange() {
        let problem = Problem(dtype: .float64)
        let start = problem.start
        let before = start.weight.array(of: Double.self)
        let adam = FusedAdam(AdamW(learningRate: 0.1), model: start)
        let descent = InPlaceSGD(SGD(learningRate: 0.1, momentum: 0.9, weightDecay: 0.1), model: start)
        let gradient = problem.gradient(at: start)
        let gradientBefore = gradient.weight.array(of: Double.self)
        adam.step(gradient)
        descent.step(gradient)
        let (snapshot, state, buffers) = (adam.snapshot(), adam.state(), descent.state())
        let held =
            [snapshot.weight, state.firstMoments.tensors[0], state.secondMoments.tensors[0]]
            + (buffers.buffers.map { [$0.tensors[0]] } ?? [])
        let heldBefore = held.map { $0.array(of: Double.self) }
        adam.step(gradient)
        descent.step(gradient)
        #expect(start.weight.array(of: Double.self) == before)
        #expect(gradient.weight.array(of: Double.self) == gradientBefore)
        #expect(held.map { $0.array(of: Double.self) } == heldBefore)
        #expect(adam.snapshot().weight.array(of: Double.self) != heldBefore[0])
    }

    @Test func gradientsThroughTheLentModelAreThoseOfTheLoss() {
        let problem = Problem(dtype: .float64)
        let trainer = FusedAdam(AdamW(learningRate: 0.1), model: problem.start)
        for _ in 0..<3 {
            let (_, gradient) = trainer.withModel { model in valueAndGrad(at: model) { problem.loss($0) } }
            let expected = trainer.withModel { problem.gradient(at: $0) }
            #expect(gradient.weight.isClose(to: expected.weight, relative: 1e-13, absolute: 1e-13))
            trainer.step(gradient)
        }
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = FusedAdam(AdamW(options: AdamOptions(amsgrad: true)), model: Problem(dtype: .float64).start)
        }
        await #expect(processExitsWith: .failure) {
            let trainer = FusedAdam(AdamW(), model: [Tensor.zeros([2])])
            trainer.step([Tensor.zeros([3])])
        }
        await #expect(processExitsWith: .failure) {
            let trainer = InPlaceSGD(SGD(learningRate: 1), model: [Tensor.zeros([2])])
            trainer.step([Tensor.zeros([2]), Tensor.zeros([2])])
        }
    }
}
