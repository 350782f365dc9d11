import Foundation
import Optimizers
import Randomness
import RunRecords
import Tensors

/// How far meta-gradients are from the exact one on linear regression, where that is known.
///
/// Task t adapts w to minimise ½ mean (X w − y)² + ½ λ ‖w − θ‖², so w = (H + λ)⁻¹ (Xᵀy / n + λ θ) with H = XᵀX / n, and
/// the meta-gradient is the mean of λ (H + λ)⁻¹ ∇query(w). Everything in float64.
struct GradientAccuracy {
    private let tasks = 8
    private let points = 20
    private let dimensions = 30
    private let strength = 0.2
    private let support: (x: Tensor, y: Tensor)
    private let query: (x: Tensor, y: Tensor)
    private let center: Tensor
    private let learningRate: Double

    init(seed: SplittableGenerator) {
        var seed = seed
        let generator = TensorGenerator(seed: seed.next())
        func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }
        let truth = normal([tasks, dimensions, 1])
        func sample(_ count: Int, _ points: Int, _ dimensions: Int) -> (x: Tensor, y: Tensor) {
            let x = normal([count, points, dimensions])
            return (x, x.matmul(truth) + normal([count, points, 1]) * 0.5)
        }
        support = sample(tasks, points, dimensions)
        query = sample(tasks, points, dimensions)
        center = normal([dimensions])
        let curvature = support.x.transposed().matmul(support.x) / Double(points)
        // 1 / (largest eigenvalue), which a bound by the norm gives without a decomposition that could fail.
        let largest = curvature.norm(dimensions: [-2, -1]).max().item() + strength
        learningRate = 1 / largest
    }

    /// Errors by numbers of steps; logs all of them.
    ///
    /// - Parameters:
    ///   - all: inner steps after which nothing moves any more.
    ///   - run: takes the curves: `accuracy/...` with the number of inner steps as the step.
    /// - Returns: the results that claims speak of.
    /// - Throws: `RunRecordsError` when the log cannot be written.
    func measure(steps all: Int, logTo run: Run) throws -> [String: Double] {
        let exact = exactGradient()
        func error(_ gradient: Tensor) -> Double { ((gradient - exact).norm() / exact.norm()).item() }
        let isFresh = run.resumedFrom == nil
        for steps in [4, 8, 16, 32, 64, 128, 256] where isFresh && steps < all {
            for products in [1, 2, 5, 10, 20] {
                try run.log("accuracy/iMAML, \(products) products", error(implicit(steps, products)), step: steps)
            }
            try run.log("accuracy/MAML", error(unrolled(steps)), step: steps)
        }
        let one = error(implicit(all, 1))
        let five = error(implicit(all, 5))
        return [
            "error of the meta-gradient, all steps": error(implicit(all, 40)),
            "error at 1 conjugate-gradient step": one, "error at 5 conjugate-gradient steps": five,
            "error at 5 over error at 1 conjugate-gradient steps": five / one,
            "error of iMAML, 16 steps": error(implicit(16, 16)), "error of MAML, 16 steps": error(unrolled(16)),
            "error of iMAML over MAML, 16 steps each": error(implicit(16, 16)) / error(unrolled(16)),
        ]
    }

    /// Sum over tasks of ½ mean (X w − y)², w `[T, d]`.
    private func loss(_ weights: Tensor, _ data: (x: Tensor, y: Tensor)) -> Tensor {
        (data.x.matmul(weights.unsqueezed(-1)) - data.y).square().sum() * (0.5 / Double(points))
    }

    private func implicit(_ steps: Int, _ products: Int) -> Tensor {
        let adaptation = ProximalAdaptation(
            strength: strength, learningRate: learningRate, steps: steps, conjugateGradientSteps: products)
        return grad(at: center) { center in
            loss(adaptation.adapt(center, taskCount: tasks) { loss($0, support) }.value, query) / Double(tasks)
        }
    }

    /// MAML's: through every step of the same descent.
    private func unrolled(_ steps: Int) -> Tensor {
        grad(at: center) { center in
            var weights = center.expanded([tasks, dimensions])
            for _ in 0..<steps {
                let gradient = grad(at: weights, createGraph: true) { loss($0, support) }
                weights = weights - (gradient + (weights - center) * strength) * learningRate
            }
            return loss(weights, query) / Double(tasks)
        }
    }

    private func exactGradient() -> Tensor {
        let hessian = support.x.transposed().matmul(support.x) / Double(points)
        let system = hessian + Tensor.identity(dimensions, dtype: .float64) * strength
        let target = support.x.transposed().matmul(support.y) / Double(points) + center.unsqueezed(-1) * strength
        // Positive definite by the strength, so these don't fail.
        guard let weights = try? system.solve(target) else { return Tensor.full(like: center, .nan) }
        let slope = query.x.transposed().matmul(query.x.matmul(weights) - query.y) / Double(points)
        guard let pulled = try? system.solve(slope) else { return Tensor.full(like: center, .nan) }
        return pulled.squeezed(-1).mean(dimension: 0) * strength
    }
}
