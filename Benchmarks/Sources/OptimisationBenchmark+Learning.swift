import Optimizers
import Tensors

// Meta-learning, implicit and zero-order gradients.
extension OptimisationBenchmark {
    /// Sixteen sinusoids of ten points each, twice, and a perceptron's first weights; all float32.
    private struct Sinusoids {
        static let taskCount = 16
        static let shots = 10
        let start = hashedPerceptron([1, 64, 64, 64, 1], stream: 1).map { $0.to(.float32) }
        let support: (x: Tensor, y: Tensor)
        let query: (x: Tensor, y: Tensor)

        init() {
            let amplitude = hashedUniform(901, [Self.taskCount, 1, 1]) * 4.9 + 0.1
            let phase = hashedUniform(902, [Self.taskCount, 1, 1]) * Double.pi
            func points(_ stream: Int) -> (Tensor, Tensor) {
                let x = hashedUniform(stream, [Self.taskCount, Self.shots, 1]) * 10 - 5
                return (x.to(.float32), (amplitude * (x - phase).sin()).to(.float32))
            }
            support = points(903)
            query = points(904)
        }

        /// The sum over the tasks of the mean squared error.
        func loss(_ p: [Tensor], _ data: (x: Tensor, y: Tensor)) -> Tensor {
            (perceptron(p, data.x) - data.y).square().sum() * (1 / Double(Self.shots))
        }

        func meanLoss(_ p: [Tensor], _ data: (x: Tensor, y: Tensor)) -> Tensor {
            loss(p, data) * (1 / Double(Self.taskCount))
        }
    }

    /// A perceptron whose weights `[..., out, in]` and biases `[..., out]` may have leading dimensions of their own.
    static func perceptron(_ p: [Tensor], _ x: Tensor) -> Tensor {
        var x = x
        for layer in stride(from: 0, to: p.count, by: 2) {
            x = x.matmul(p[layer].transposed()) + p[layer + 1].unsqueezed(-2)
            if layer < p.count - 2 { x = x.relu() }
        }
        return x
    }

    private static let learningPeers = ["torchopt", "higher", "torch", "torch.func", "jax"]

    /// One meta-gradient through five inner steps for all tasks at once: a perceptron whose derivatives are written by
    /// hand, iterates kept.
    static func metaLearning<Transform: GradientTransform>(
        _ name: String, _ optimizer: Transform, tolerance: Double, strangers: Set<String> = []
    ) -> RivalCase {
        let tasks = Sinusoids()
        let start = batchedPerceptron(tasks.start, widths: [1, 64, 64, 64, 1])
        let loop = InnerLoop<BatchedPerceptron, EmptyTree, Transform>(
            steps: 5, memory: .iterates, optimizer: { _ in optimizer },
            objective: start.objective(inputs: tasks.support.x, targets: tasks.support.y))
        return RivalCase(name, peers: learningPeers, bar: "torch", tolerance: tolerance, strangers: strangers) {
            let result = loop.valueAndGradient(from: start.repeated(forTasks: Sinusoids.taskCount)) {
                $0.losses(inputs: tasks.query.x, targets: tasks.query.y).mean()
            }
            return result.parameters.summedOverTasks().globalNorm().item()
        }
    }

    /// The same meta-gradient for any loss: everything recorded and differentiated automatically.
    static func recordedMetaLearning<Transform: GradientTransform>(
        _ name: String, _ optimizer: Transform, tolerance: Double, strangers: Set<String> = []
    ) -> RivalCase {
        let tasks = Sinusoids()
        let loop = InnerLoop<[Tensor], EmptyTree, Transform>(steps: 5, using: optimizer, memory: .full) { p, _ in
            tasks.loss(p, tasks.support)
        }
        return RivalCase(
            "\(name)-recorded", as: name, peers: learningPeers, bar: "torch", tolerance: tolerance,
            strangers: strangers
        ) {
            let result = loop.valueAndGradient(from: tasks.start.repeated(forTasks: Sinusoids.taskCount)) {
                tasks.meanLoss($0, tasks.query)
            }
            return result.parameters.summedOverTasks().globalNorm().item()
        }
    }

    /// One meta-gradient of implicit model-agnostic meta-learning.
    static func implicitLearning() -> RivalCase {
        let tasks = Sinusoids()
        let adaptation = ProximalAdaptation(strength: 2, learningRate: 0.02, steps: 16, conjugateGradientSteps: 5)
        return RivalCase("imaml", peers: ["torchopt", "torch", "jaxopt"], bar: "torch") {
            let result = grad(at: tasks.start) { center in
                let adapted = adaptation.adapt(center, taskCount: Sinusoids.taskCount) {
                    tasks.loss($0, tasks.support)
                }
                return tasks.meanLoss(adapted.value, tasks.query)
            }
            return result.globalNorm().item()
        }
    }

    /// The gradient of a validation loss by one log-penalty a feature.
    static func ridge() -> RivalCase {
        let (n, d) = (400, 100)
        let (x, validation) = (hashedUniform(11, [n, d]) * 2 - 1, hashedUniform(12, [n, d]) * 2 - 1)
        let weights = (hashedUniform(13, [d]) * 2 - 1) * (hashedUniform(14, [d]) .< 0.2).to(.float64)
        let y = x.matmul(weights) + hashedUniform(15, [n]) - 0.5
        let target = validation.matmul(weights) + hashedUniform(16, [n]) - 0.5
        let transposed = x.transposed()
        let gram = transposed.matmul(x) * (1 / Double(n))
        let right = transposed.matmul(y) * (1 / Double(n))
        let penalties = Tensor.full([d], -1, dtype: .float64)
        var options = ImplicitOptions<Tensor>(linearSolver: .conjugateGradient(tolerance: 1e-5))
        options.isSymmetric = true
        return RivalCase("ridge", peers: ["torchopt", "torch", "jaxopt"], bar: "torch") {
            let result = grad(at: penalties) { penalties in
                let solution = root(
                    of: { w, penalties in
                        transposed.matmul(x.matmul(w) - y) * (1 / Double(n)) + penalties.exp() * w
                    }, at: penalties, options: options
                ) { penalties in
                    let matrix = gram + penalties.exp().diagonalMatrix()
                    guard let solved = try? matrix.solve(right.unsqueezed(1)) else {
                        preconditionFailure("a positive definite system has a solution")
                    }
                    return solved.squeezed(1)
                }
                return (validation.matmul(solution) - target).square().mean() * 0.5
            }
            return result.norm().item()
        }
    }

    /// A gradient from a hundred samples; the number computed is its projection on the true one.
    static func zeroOrder(_ method: ZeroOrder.Method, _ name: String) -> RivalCase {
        let parameters = hashedPerceptron([16, 64, 64, 1], stream: 1).map { $0.to(.float32) }
        let x = (hashedUniform(21, [64, 16]) * 2 - 1).to(.float32)
        let y = (hashedUniform(22, [64, 1]) * 2 - 1).to(.float32)
        func losses(_ p: [Tensor]) -> Tensor { (perceptron(p, x) - y).square().mean(dimensions: [-2, -1]) }
        let truth = grad(at: parameters) { losses($0) }
        let scale = truth.map { $0.square().sum().item() }.reduce(0, +)
        let estimator = ZeroOrder(method, samples: 100, deviation: 0.01)
        return RivalCase(
            "zero-order-\(name)", peers: ["torchopt", "torch", "jax"], bar: "torch", tolerance: nil
        ) {
            let generator = TensorGenerator(seed: 3)
            let estimate = estimator.estimate(at: parameters, generator: generator) { losses($0) }.gradient
            return zip(estimate, truth).map { ($0 * $1).sum().item() }.reduce(0, +) / scale
        }
    }
}
