import Optimizers
import Tensors
import Testing

/// Every run of the parameter grid follows torch.optim.
@Suite struct TrajectoryTests {
    @Test(arguments: ["sgd", "adam", "adamW", "clipThenMaskedAdamW", "cosineSGD", "cosineAdamW"])
    func functionalFollowsTorch(kind: String) throws {
        let runs = try TorchGoldens.load().runs.filter { $0.kind == kind }
        #expect(runs.count >= 2)
        for run in runs {
            try follow(run)
        }
    }

    /// Makes the optimiser of a run and compares its trajectory.
    private func follow(_ run: TorchGoldens.Run) throws {
        let options = run.options
        switch run.kind {
        case "sgd":
            compare(run, try sgd(options))
        case "adam":
            compare(
                run,
                Adam(
                    learningRate: .constant(try #require(options.learningRate)),
                    weightDecay: .constant(try #require(options.weightDecay)), options: try moments(options)))
        case "adamW":
            compare(
                run,
                AdamW(
                    learningRate: .constant(try #require(options.learningRate)),
                    weightDecay: .constant(try #require(options.weightDecay)), options: try moments(options)))
        case "clipThenMaskedAdamW":
            let maximum = try #require(options.maximumNorm)
            compare(
                run,
                chain {
                    ClipByGlobalNorm(maximum)
                    AdamW(learningRate: 0.03, weightDecay: 0.1, decayMask: .matrices)
                })
        case "cosineSGD":
            compare(
                run,
                SGD(
                    learningRate: .scheduled(.cosine(from: 0.05, steps: 100)), momentum: 0.9, weightDecay: 0.01))
        default:
            compare(run, AdamW(learningRate: .scheduled(.cosine(from: 0.05, steps: 100)), weightDecay: 0.01))
        }
    }

    private func compare<Optimizer: GradientTransform>(_ run: TorchGoldens.Run, _ optimizer: Optimizer) {
        let problem = Problem(dtype: run.elementType)
        var parameters = problem.start
        var state = optimizer.initialState(for: parameters)
        var compared = 0
        for step in 1...100 {
            let gradients = problem.gradient(at: parameters)
            optimizer.step(&parameters, gradients: gradients, state: &state)
            guard let record = run.records.first(where: { $0.step == step }) else { continue }
            compared += 1
            let difference = largestDifference(parameters, weight: record.weight, bias: record.bias)
            #expect(difference <= run.tolerance, "\(run), step \(step)")
        }
        #expect(compared == 4)
    }
}

/// The SGD of a golden run.
func sgd(_ options: TorchGoldens.Options) throws -> SGD {
    SGD(
        learningRate: .constant(try #require(options.learningRate)),
        momentum: .constant(try #require(options.momentum)), dampening: try #require(options.dampening),
        nesterov: try #require(options.nesterov as Bool?), weightDecay: .constant(try #require(options.weightDecay)))
}

/// The moment estimates of a golden run.
func moments(_ options: TorchGoldens.Options) throws -> AdamOptions {
    AdamOptions(
        firstMomentDecay: try #require(options.firstMomentDecay),
        secondMomentDecay: try #require(options.secondMomentDecay), epsilon: try #require(options.epsilon),
        amsgrad: try #require(options.amsgrad as Bool?))
}
