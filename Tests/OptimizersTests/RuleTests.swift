import Optimizers
import Tensors
import Testing

/// The rules beside SGD, Adam and AdamW follow torch.optim over their options.
@Suite struct RuleTests {
    @Test(arguments: ["adaMax", "adaDelta", "adaGrad", "rAdam", "rmsProp", "sgd", "adam", "adamW"])
    func followsTorch(kind: String) throws {
        let runs = try TorchGoldens.rules().filter { $0.kind == kind }
        #expect(runs.count >= 2)
        for run in runs { try followTorch(run) }
    }

    private func followTorch(_ run: TorchGoldens.Run) throws {
        let options = run.options
        let rate = Hyperparameter.constant(try #require(options.learningRate))
        let decay = Hyperparameter.constant(try #require(options.weightDecay))
        let maximizes = try #require(options.maximizes as Bool?)
        switch run.kind {
        case "adaMax":
            follow(
                run,
                AdaMax(
                    learningRate: rate, firstMomentDecay: try #require(options.firstMomentDecay),
                    magnitudeDecay: try #require(options.secondMomentDecay), epsilon: try #require(options.epsilon),
                    weightDecay: decay, maximizes: maximizes))
        case "adaDelta":
            follow(
                run,
                AdaDelta(
                    learningRate: rate, decay: try #require(options.decay), epsilon: try #require(options.epsilon),
                    weightDecay: decay, maximizes: maximizes))
        case "adaGrad":
            follow(
                run,
                AdaGrad(
                    learningRate: rate, rateDecay: try #require(options.rateDecay),
                    initialSum: try #require(options.initialSum), epsilon: try #require(options.epsilon),
                    weightDecay: decay, maximizes: maximizes))
        case "rAdam":
            follow(
                run,
                RAdam(
                    learningRate: rate, weightDecay: decay,
                    isDecayDecoupled: try #require(options.isDecayDecoupled as Bool?), maximizes: maximizes,
                    options: try momentsWithoutAmsgrad(options)))
        case "rmsProp":
            follow(
                run,
                RMSProp(
                    learningRate: rate, decay: try #require(options.decay), epsilon: try #require(options.epsilon),
                    momentum: .constant(try #require(options.momentum)),
                    isCentred: try #require(options.isCentred as Bool?), weightDecay: decay, maximizes: maximizes))
        default:
            try followMaximizing(run, rate, decay)
        }
    }

    /// `maximizes` of the first three rules, functional and in place.
    private func followMaximizing(
        _ run: TorchGoldens.Run, _ rate: Hyperparameter, _ decay: Hyperparameter
    ) throws {
        let problem = Problem(dtype: run.elementType)
        let last = try #require(run.records.last)
        func check(_ step: () -> Leaves) {
            let end = (0..<last.step).map { _ in step() }[last.step - 1]
            #expect(largestDifference(end, weight: last.weight, bias: last.bias) <= run.tolerance, "\(run)")
        }
        switch run.kind {
        case "sgd":
            follow(run, try sgd(run.options))
            let trainer = InPlaceSGD(try sgd(run.options), model: problem.start)
            check {
                trainer.step(trainer.withModel { problem.gradient(at: $0) })
                return trainer.snapshot()
            }
        case "adam":
            let rule = Adam(learningRate: rate, weightDecay: decay, maximizes: true)
            follow(run, rule)
            let trainer = FusedAdam(rule, model: problem.start)
            check {
                trainer.step(trainer.withModel { problem.gradient(at: $0) })
                return trainer.snapshot()
            }
        default:
            let rule = AdamW(learningRate: rate, weightDecay: decay, maximizes: true)
            follow(run, rule)
            let trainer = FusedAdam(rule, model: problem.start)
            check {
                trainer.step(trainer.withModel { problem.gradient(at: $0) })
                return trainer.snapshot()
            }
        }
    }

    private func momentsWithoutAmsgrad(_ options: TorchGoldens.Options) throws -> AdamOptions {
        AdamOptions(
            firstMomentDecay: try #require(options.firstMomentDecay),
            secondMomentDecay: try #require(options.secondMomentDecay), epsilon: try #require(options.epsilon))
    }

    @Test func muonFollowsTorch() throws {
        let runs = try TorchGoldens.rules().filter { $0.kind == "muon" }
        #expect(runs.count == 6)
        for run in runs {
            let options = run.options
            let isHalf = try #require(options.half as Bool?)
            let muon = Muon(
                learningRate: .constant(try #require(options.learningRate)), momentum: try #require(options.momentum),
                nesterov: try #require(options.nesterov as Bool?),
                weightDecay: .constant(try #require(options.weightDecay)),
                adjustment: options.adjustment == "original" ? .keepsSpectralSize : .matchesAdam,
                iteration: NewtonSchulz(computationType: isHalf ? .bfloat16 : nil))
            // bfloat16 matrix products round by 2⁻⁸ as the processor likes, on steps of 0.02·10. The iteration
            // multiplies rounding of the matrix by up to 3.4⁵ = 480, and torch's float32 run rounds its rate.
            let tolerance = isHalf ? 2e-3 : run.dtype == "float64" ? 1e-12 : 1e-5
            follow(
                run, ByGroup(muon, where: .matrices, others: Scale(by: 0)), tolerance: tolerance)
        }
    }

    /// Batched matrices are made orthogonal one by one, and all singular values end near 1.
    @Test func newtonSchulzMakesOrthogonal() throws {
        let generator = TensorGenerator(seed: 3)
        for shape in [[4, 6], [6, 4], [5, 5]] {
            let batch = generator.normal([3] + shape, dtype: .float64)
            let together = NewtonSchulz().orthogonalized(batch)
            for index in 0..<3 {
                let one = NewtonSchulz().orthogonalized(batch[index])
                #expect(together[index].isClose(to: one, relative: 1e-12, absolute: 1e-12))
            }
            let values = try together[0].singularValues().values.array(of: Double.self)
            #expect(values.allSatisfy { (0.3...1.3).contains($0) }, "\(values)")
        }
        #expect(NewtonSchulz().orthogonalized(Tensor.zeros([2, 3])).array(of: Double.self) == Array(repeating: 0, count: 6))
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) { _ = AdaMax(firstMomentDecay: 1) }
        await #expect(processExitsWith: .failure) { _ = AdaDelta(decay: -0.1) }
        await #expect(processExitsWith: .failure) { _ = AdaGrad(epsilon: -1) }
        await #expect(processExitsWith: .failure) { _ = RMSProp(epsilon: -1) }
        await #expect(processExitsWith: .failure) { _ = RAdam(options: AdamOptions(amsgrad: true)) }
        await #expect(processExitsWith: .failure) { _ = Muon().initialState(for: ["bias": Tensor.zeros([3])]) }
        await #expect(processExitsWith: .failure) { _ = AdamOptions(epsilonRoot: -1) }
        await #expect(processExitsWith: .failure) {
            _ = FusedAdam(Adam(options: AdamOptions(epsilonRoot: 1)), model: [Tensor.zeros([2])])
        }
        await #expect(processExitsWith: .failure) {
            // A state of another rule.
            let tree = [Tensor.zeros([2])]
            _ = AdaDelta().update(tree, state: AdaGrad().initialState(for: tree), parameters: tree)
        }
    }
}
