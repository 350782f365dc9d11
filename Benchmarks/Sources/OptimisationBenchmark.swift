import Optimizers
import Tensors

/// Our side of `ludus bench optimisation`; the peers' is `Benchmarks/Peers/optimisation.py`, case by case the same work.
public enum OptimisationBenchmark {
    /// Every case; each is made when its turn comes.
    public static var cases: [() -> RivalCase] {
        sizes.keys.sorted().flatMap { size in [{ adamStep(size) }, { adamGradient(size) }] } + [
            { metaLearning("maml-sgd", SGD(learningRate: 0.01), tolerance: 1e-4) },
            // Small gradients divided by themselves: the peers differ by as much in float32. higher takes other derivatives
            // of the square root near 0.
            { metaLearning("maml-adam", adam(0.01), tolerance: 1e-2, strangers: ["higher"]) },
            { recordedMetaLearning("maml-sgd", SGD(learningRate: 0.01), tolerance: 1e-4) },
            { recordedMetaLearning("maml-adam", adam(0.01), tolerance: 1e-2, strangers: ["higher"]) },
            { ridge() }, { implicitLearning() },
            { zeroOrder(.forward, "forward") }, { zeroOrder(.antithetic, "antithetic") },
        ]
    }

    /// Widths of the perceptrons whose parameters Adam moves.
    private static let sizes = [
        "14k": [16, 64, 64, 64, 64, 4], "269k": [16, 256, 256, 256, 256, 256, 4],
        "4m": [16, 1024, 1024, 1024, 1024, 1024, 4],
    ]

    /// Parameters and constant gradients in float32.
    private static func adamProblem(_ size: String) -> (parameters: [Tensor], gradients: [Tensor]) {
        let parameters = hashedPerceptron(sizes[size] ?? [], stream: 1)
        let gradients = parameters.enumerated().map { (hashedUniform(101 + $0, $1.shape) - 0.5) * 0.02 }
        return (parameters.map { $0.to(.float32) }, gradients.map { $0.to(.float32) })
    }

    /// One step in place.
    private static func adamStep(_ size: String) -> RivalCase {
        let (parameters, gradients) = adamProblem(size)
        let optimizer = FusedAdam(Adam(learningRate: 1e-3), model: parameters)
        return RivalCase(
            "adam-step-\(size)", peers: ["torchopt", "torch", "torch-flat", "optax"], bar: "torch", tolerance: nil
        ) {
            optimizer.step(gradients)
            return 0
        }
    }

    /// Adam as the peers take it: their derivative of a square root at 0 needs the root, while ours is 0 without.
    private static func adam(_ rate: Hyperparameter) -> Adam {
        Adam(learningRate: rate, options: AdamOptions(epsilonRoot: 1e-16))
    }

    /// Three steps on Σ p² + g·p, then the gradient of Σ p² by the first parameters.
    private static func adamGradient(_ size: String) -> RivalCase {
        let (parameters, gradients) = adamProblem(size)
        let optimizer = adam(1e-3)
        return RivalCase(
            "adam-gradient-\(size)", peers: ["torchopt", "optax"], bar: "torchopt", share: 0.5
        ) {
            let result = grad(at: parameters) { start in
                var p = start
                var state = optimizer.initialState(for: start)
                for _ in 0..<3 {
                    let gradient = zip(p, gradients).map { $0 * 2 + $1 }
                    optimizer.step(&p, gradients: gradient, state: &state)
                }
                return p.map { $0.square().sum() }.reduce(Tensor(0.0), +)
            }
            return result.map { $0.to(.float64) }.globalNorm().item()
        }
    }
}
