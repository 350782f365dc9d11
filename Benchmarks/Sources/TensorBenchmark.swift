import Optimizers
import Tensors

/// Our side of `ludus bench tensors`; the peer's is `Benchmarks/Peers/tensors.py`, case by case the same work.
public enum TensorBenchmark {
    /// Times ours and Python torch in turn, on one thread.
    ///
    /// - Parameters:
    ///   - rounds: how often each side is measured.
    ///   - progress: told the case about to run.
    /// - Returns: a row for each case.
    /// - Throws: ``PeerError`` where the peer's environment is missing.
    public static func run(rounds: Int = 4, progress: (String) -> Void = { _ in }) async throws -> Comparison {
        setIntraOpThreads(1)
        return try await Comparison.run(
            field: "tensors", cases: cases(), peer: PeerProcess(script: "tensors.py"),
            peerName: "torch 2.13.0 (Python)",
            rounds: rounds, progress: progress)
    }

    /// Every case, with its tensors made.
    public static func cases() -> [BenchmarkCase] {
        let generator = TensorGenerator(seed: 0)
        return elementwise(generator) + policies(generator) + [transformer(generator), metaGradient(generator)]
            + products(generator)
    }

    private static func elementwise(_ generator: TensorGenerator) -> [BenchmarkCase] {
        let a = generator.normal([8, 8])
        let b = generator.normal([8, 8])
        // A tensor whose operations are recorded: kept from within a gradient.
        var leaf = a
        _ = grad(at: a) { variable in
            leaf = variable
            return variable.sum()
        }
        let recorded = leaf
        return [
            BenchmarkCase("add") { _ = a + b },
            BenchmarkCase("add-recorded") { _ = recorded + b },
            BenchmarkCase("add-in-scope") { withoutGradients { _ = recorded + b } },
            BenchmarkCase("product-gradient") { _ = grad(at: Pair(a, b)) { ($0.first * $0.second).sum() } },
        ]
    }

    /// Weights and biases of a 17-64-64-6 network.
    private static func policyWeights(_ generator: TensorGenerator) -> [Tensor] {
        [(64, 17), (64, 64), (6, 64)].flatMap { [generator.normal([$0, $1]) * 0.1, Tensor.zeros([$0])] }
    }

    private static func policy(_ weights: [Tensor], _ x: Tensor) -> Tensor {
        x.linear(weight: weights[0], bias: weights[1]).tanh().linear(weight: weights[2], bias: weights[3]).tanh()
            .linear(weight: weights[4], bias: weights[5])
    }

    private static func policies(_ generator: TensorGenerator) -> [BenchmarkCase] {
        let weights = policyWeights(generator)
        let one = generator.normal([1, 17])
        let batch = generator.normal([64, 17])
        let target = generator.normal([64, 6])
        let options = AdamW(learningRate: 1e-3, weightDecay: 0)
        let stepping = FusedAdam(options, model: weights)
        let training = FusedAdam(options, model: weights)
        let constant = weights.map { generator.normal($0.shape) }
        func loss(_ weights: [Tensor]) -> Tensor { (policy(weights, batch) - target).square().mean() }
        return [
            BenchmarkCase("policy-forward-1") { withoutGradients { _ = policy(weights, one) } },
            BenchmarkCase("policy-forward-64") { withoutGradients { _ = policy(weights, batch) } },
            BenchmarkCase("policy-gradient-64") { _ = grad(at: weights, loss) },
            BenchmarkCase("adam-step") { stepping.step(constant) },
            BenchmarkCase("train-step-64") { training.step(training.withModel { grad(at: $0, loss) }) },
        ]
    }

    private static func metaGradient(_ generator: TensorGenerator) -> BenchmarkCase {
        let weights = policyWeights(generator)
        let x = generator.normal([64, 17])
        let y = generator.normal([64, 6])
        func loss(_ weights: [Tensor]) -> Tensor { (policy(weights, x) - y).square().mean() }
        return BenchmarkCase("meta-gradient-5") {
            _ = grad(at: weights) { start in
                var fast = start
                for _ in 0..<5 {
                    let gradients = grad(at: fast, createGraph: true, loss)
                    fast = zip(fast, gradients).map { $0.adding($1, scale: -0.1) }
                }
                return loss(fast)
            }
        }
    }

    private static func products(_ generator: TensorGenerator) -> [BenchmarkCase] {
        let a = generator.normal([1024, 1024])
        let b = generator.normal([1024, 1024])
        let (shortA, shortB) = (a.to(.bfloat16), b.to(.bfloat16))
        return [
            BenchmarkCase("matmul-1024-float32") { _ = a.matmul(b) },
            BenchmarkCase("matmul-1024-bfloat16") { _ = shortA.matmul(shortB) },
        ]
    }

    /// A step of two pre-norm blocks, width 256, 4 heads, 8 sequences of 256.
    private static func transformer(_ generator: TensorGenerator) -> BenchmarkCase {
        let (width, heads, batch, length) = (256, 4, 8, 256)
        let model = (0..<2).map { _ in Block(width: width, heads: heads, generator) }
        let x = generator.normal([batch, length, width])
        let target = generator.normal([batch, length, width])
        let optimizer = FusedAdam(AdamW(learningRate: 1e-4, weightDecay: 0), model: model)
        return BenchmarkCase("transformer-step") {
            let gradients = optimizer.withModel { blocks in
                grad(at: blocks) { blocks in
                    (blocks.reduce(x) { $1($0) } - target).square().mean()
                }
            }
            optimizer.step(gradients)
        }
    }

    private struct Block: TensorTree {
        var firstNorm, queryKeyValue, output, secondNorm, up, down: Tensor
        let heads: Int

        init(width: Int, heads: Int, _ generator: TensorGenerator) {
            func matrix(_ rows: Int, _ columns: Int) -> Tensor { generator.normal([rows, columns]) * 0.02 }
            firstNorm = .ones([width])
            queryKeyValue = matrix(3 * width, width)
            output = matrix(width, width)
            secondNorm = .ones([width])
            up = matrix(4 * width, width)
            down = matrix(width, 4 * width)
            self.heads = heads
        }

        mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
            visitor.visit("first_norm", &firstNorm)
            visitor.visit("query_key_value", &queryKeyValue)
            visitor.visit("output", &output)
            visitor.visit("second_norm", &secondNorm)
            visitor.visit("up", &up)
            visitor.visit("down", &down)
        }

        func callAsFunction(_ x: Tensor) -> Tensor {
            let (batch, length, width) = (x.size(0), x.size(1), x.size(2))
            let parts = x.rmsNorm(weight: firstNorm).linear(weight: queryKeyValue).chunked(3, dimension: -1)
                .map { $0.reshaped([batch, length, heads, -1]).transposed(1, 2) }
            let mixed = Tensor.attention(query: parts[0], key: parts[1], value: parts[2], causal: true)
            let h = x + mixed.transposed(1, 2).reshaped([batch, length, width]).linear(weight: output)
            return h + h.rmsNorm(weight: secondNorm).linear(weight: up).silu().linear(weight: down)
        }
    }
}
