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
            try followTorch(run)
        }
    }

    /// Makes the optimiser of a run and compares its trajectory.
    private func followTorch(_ run: TorchGoldens.Run) throws {
        let options = run.options
        switch run.kind {
        case "sgd":
            follow(run, try sgd(options))
        case "adam":
            follow(
                run,
                Adam(
                    learningRate: .constant(try #require(options.learningRate)),
                    weightDecay: .constant(try #require(options.weightDecay)), options: try moments(options)))
        case "adamW":
            follow(
                run,
                AdamW(
                    learningRate: .constant(try #require(options.learningRate)),
                    weightDecay: .constant(try #require(options.weightDecay)), options: try moments(options)))
        case "clipThenMaskedAdamW":
            let maximum = try #require(options.maximumNorm)
            follow(
                run,
                chain {
                    ClipByGlobalNorm(maximum)
                    AdamW(learningRate: 0.03, weightDecay: 0.1, decayMask: .matrices)
                })
        case "cosineSGD":
            follow(
                run,
                SGD(
                    learningRate: .scheduled(.cosine(from: 0.05, steps: 100)), momentum: 0.9, weightDecay: 0.01))
        default:
            follow(run, AdamW(learningRate: .scheduled(.cosine(from: 0.05, steps: 100)), weightDecay: 0.01))
        }
    }
}

/// The SGD of a golden run.
func sgd(_ options: TorchGoldens.Options) throws -> SGD {
    SGD(
        learningRate: .constant(try #require(options.learningRate)),
        momentum: .constant(try #require(options.momentum)), dampening: try #require(options.dampening),
        nesterov: try #require(options.nesterov as Bool?), weightDecay: .constant(try #require(options.weightDecay)), maximizes: options.maximizes ?? false)
}

/// The moment estimates of a golden run.
func moments(_ options: TorchGoldens.Options) throws -> AdamOptions {
    AdamOptions(
        firstMomentDecay: try #require(options.firstMomentDecay),
        secondMomentDecay: try #require(options.secondMomentDecay), epsilon: try #require(options.epsilon),
        amsgrad: try #require(options.amsgrad as Bool?))
}
