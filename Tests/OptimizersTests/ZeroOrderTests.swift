import Optimizers
import Tensors
import Testing

/// Estimates of gradients against their expectations, with error bars from the estimators' own variances.
@Suite struct ZeroOrderTests {
    /// f(x) = |x|² + 3 at each sample; gradient (2, 4) at (1, 2).
    private func square(_ batch: [Tensor]) -> Tensor { (batch[0] * batch[0]).sum(dimensions: [1]) + 3 }

    private let point = [Tensor([1.0, 2.0], dtype: .float64)]

    /// The mean of many estimates lies within five standard errors, known in closed form, of the gradient.
    ///
    /// With normal z and g = (2, 4): antithetic and the linear part of forward give (g·z) z, whose i-th element has the
    /// variance |g|² + gᵢ²; forward adds σ|z|² z (variance σ² E[|z|⁴ zᵢ²] = 48 σ² in two dimensions); naive adds f(x) z / σ.
    @Test(arguments: ZeroOrder.Method.allCases, [0.1, 1.0])
    func isUnbiased(method: ZeroOrder.Method, deviation: Double) {
        let samples = 200_000
        let estimator = ZeroOrder(method, samples: samples, deviation: deviation)
        let estimate = estimator.estimate(at: point, generator: TensorGenerator(seed: 5)) { square($0) }
        let gradient = estimate.gradient[0].array(of: Double.self)
        for (index, exact) in [2.0, 4.0].enumerated() {
            let linear = 20 + exact * exact
            let quadratic = 48 * deviation * deviation
            // (g·z) z, σ|z|² z and f z / σ; the cross term of the last two is 2 f E[|z|² zᵢ²] = 8 f.
            let variance =
                switch method {
                case .antithetic: linear
                case .forward: linear + quadratic
                case .naive: linear + quadratic + 64 / (deviation * deviation) + 2 * 8 * 4
                }
            let error = 5 * (variance / Double(samples)).squareRoot()
            #expect(abs(gradient[index] - exact) <= error, "\(gradient[index]) is not \(exact) ± \(error)")
        }
    }

    /// Directions of ±1 have (g·z) z = g on average, and one direction in one dimension gives a quadratic's exactly.
    @Test func signsAreExactInOneDimension() {
        let estimator = ZeroOrder(.antithetic, samples: 1, deviation: 0.5, directions: .signs)
        let at = [Tensor([3.0], dtype: .float64)]
        let estimate = estimator.estimate(at: at, generator: TensorGenerator(seed: 1)) { square($0) }
        // Differences of values near 12, each rounded to 2e-15, over 2σ = 1.
        #expect(abs(estimate.gradient[0].item() - 6) < 1e-13)
    }

    /// Every distribution has mean 0 and a unit covariance, within five standard errors of 100 000 draws.
    @Test(arguments: [("normal", RandomDirections.normal), ("signs", .signs), ("uniform", .uniform)])
    func directionsAreStandard(name: String, directions: RandomDirections) {
        let estimator = ZeroOrder(.naive, samples: 100_000, deviation: 1, directions: directions)
        let zero = [Tensor([0.0, 0.0], dtype: .float64)]
        // Values 1 give the mean of z; values z₀ and z₁ give columns of the covariance.
        func estimate(_ function: ([Tensor]) -> Tensor) -> [Double] {
            estimator.estimate(at: zero, generator: TensorGenerator(seed: 3), function).gradient[0].array()
        }
        let mean = estimate { Tensor.ones(like: $0[0].select(dimension: 1, index: 0)) }
        let first = estimate { $0[0].select(dimension: 1, index: 0) }
        // Fourth moments are at most 3, so variances of products are at most 3.
        let error = 5 * (3.0 / 100_000).squareRoot()
        for (found, exact) in zip(mean + first, [0.0, 0.0, 1.0, 0.0]) {
            #expect(abs(found - exact) <= error, "\(name): \(mean), \(first)")
        }
    }

    /// One batch gives what a function of one point gives under `vmap`, and a seed gives the same numbers again.
    @Test func vectorizedAndSeeded() {
        let estimator = ZeroOrder(samples: 10, deviation: 0.1)
        let batch = estimator.estimate(at: point, generator: TensorGenerator(seed: 9)) { square($0) }
        let one = estimator.estimate(
            at: point, generator: TensorGenerator(seed: 9),
            vectorizing: { leaves in
                (leaves[0] * leaves[0]).sum() + 3
            })
        #expect(batch.gradient[0].isClose(to: one.gradient[0], relative: 1e-12))
        #expect(batch.value.isClose(to: one.value, relative: 1e-12))
        let other = estimator.estimate(at: point, generator: TensorGenerator(seed: 10)) { square($0) }
        #expect(!batch.gradient[0].isClose(to: other.gradient[0], relative: 1e-3))
    }

    /// Whole numbers in a tree stay as they are, once a sample, and have no gradient.
    @Test func integersStay() {
        let tree = ["count": Tensor([7, 8]), "weight": Tensor([1.0, 2.0], dtype: .float64)]
        let estimator = ZeroOrder(.forward, samples: 4, deviation: 0.1)
        let estimate = estimator.estimate(at: tree, generator: TensorGenerator(seed: 2)) { batch in
            #expect(batch["count"]?.shape == [5, 2])
            return (batch["weight"] ?? Tensor(0.0)).sum(dimensions: [1])
        }
        #expect(estimate.gradient["count"]?.array(of: Int.self) == [0, 0])
        #expect(estimate.value.item() == 3)
    }

    /// A population of ranks: any increasing function of the losses gives the same direction.
    @Test func ranksIgnoreScale() {
        let strategy = EvolutionStrategy(population: 20, deviation: 0.1)
        let plain = strategy.estimate(at: point, generator: TensorGenerator(seed: 4)) { square($0) }.gradient[0]
        let bent = strategy.estimate(at: point, generator: TensorGenerator(seed: 4)) { square($0).exp() }.gradient[0]
        #expect(plain.isClose(to: bent, relative: 1e-12))
        let flat = strategy.estimate(at: point, generator: TensorGenerator(seed: 4)) { square($0) * 0 }.gradient[0]
        #expect(flat.array(of: Double.self) == [0, 0])
    }

    /// Unshaped and mirrored, a strategy is the antithetic estimator.
    @Test func rawIsAntithetic() {
        let strategy = EvolutionStrategy(population: 20, deviation: 0.1, shaping: .raw)
        let ours = strategy.estimate(at: point, generator: TensorGenerator(seed: 4)) { square($0) }
        let other = ZeroOrder(samples: 10, deviation: 0.1)
            .estimate(at: point, generator: TensorGenerator(seed: 4)) { square($0) }
        #expect(ours.gradient[0].isClose(to: other.gradient[0], relative: 1e-12))
    }

    /// With Adam, strategies find the minimum of a badly scaled quadratic.
    @Test(arguments: EvolutionStrategy.Shaping.allCases)
    func minimises(shaping: EvolutionStrategy.Shaping) {
        let strategy = EvolutionStrategy(population: 32, deviation: 0.05, shaping: shaping)
        let generator = TensorGenerator(seed: 8)
        let optimizer = Adam(learningRate: .scheduled(.linear(from: 0.1, to: 0, steps: 300)))
        var parameters = [Tensor([3.0, -2.0], dtype: .float64)]
        var state = optimizer.initialState(for: parameters)
        let scale = Tensor([1.0, 10.0], dtype: .float64)
        for _ in 0..<300 {
            let estimate = strategy.estimate(at: parameters, generator: generator) { batch in
                (batch[0] * batch[0] * scale).sum(dimensions: [1])
            }
            optimizer.step(&parameters, gradients: estimate.gradient, state: &state)
        }
        // From 3.6; the noise of σ = 0.05 alone moves a parameter by about that much.
        #expect(parameters[0].norm().item() < 0.1, "\(parameters[0])")
    }

    @Test func badArgumentsTrap() async {
        await #expect(processExitsWith: .failure) { _ = ZeroOrder(samples: 0, deviation: 0.1) }
        await #expect(processExitsWith: .failure) { _ = ZeroOrder(samples: 1, deviation: 0) }
        await #expect(processExitsWith: .failure) { _ = ZeroOrder(samples: 1, deviation: -.infinity) }
        await #expect(processExitsWith: .failure) { _ = EvolutionStrategy(population: 3, deviation: 0.1) }
        await #expect(processExitsWith: .failure) { _ = EvolutionStrategy(population: 4, deviation: .nan) }
        await #expect(processExitsWith: .failure) {
            _ = ZeroOrder(samples: 4, deviation: 0.1).estimate(
                at: Tensor([1.0]), generator: TensorGenerator(seed: 1)
            ) { $0 }
        }
    }
}
