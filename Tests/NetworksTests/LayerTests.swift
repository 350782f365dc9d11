import Networks
import Tensors
import Testing

/// Layers against torch, values and gradients, in double precision.
@Suite struct LayerTests {
    private let goldens: LayerGoldens

    init() throws {
        goldens = try LayerGoldens.load()
    }

    @Test func linearEqualsTorch() {
        let tree = WithInput(
            layer: Linear(weight: wave([5, 4], 2), bias: wave([5], 3)), input: wave([2, 3, 4], 1))
        let names = ["layer.weight": "weight", "layer.bias": "bias", "input": "input"]
        check(goldens.linear, at: tree, names: names) { $0.layer($0.input) }
    }

    @Test func embeddingEqualsTorch() {
        let indices = Tensor([0, 5, 2, 2, 2, 1], shape: [2, 3])
        check(goldens.embedding, at: Embedding(weight: wave([6, 3], 1)), names: ["weight": "weight"]) {
            $0(indices)
        }
    }

    @Test func embeddingScoresAreInnerProducts() {
        let table = Embedding(weight: wave([6, 3], 1))
        let input = wave([2, 3], 4)
        #expect(table.scores(input).isClose(to: input.matmul(table.weight.transposed())))
    }

    @Test func layerNormEqualsTorch() {
        var norm = LayerNorm(width: 4, dtype: .float64)
        #expect(norm.weight.array(of: Double.self) == [1, 1, 1, 1])
        #expect(norm.bias?.array(of: Double.self) == [0, 0, 0, 0])
        norm.weight = wave([4], 2)
        norm.bias = wave([4], 3)
        let names = ["layer.weight": "weight", "layer.bias": "bias", "input": "input"]
        check(goldens.layer_norm, at: WithInput(layer: norm, input: wave([2, 3, 4], 1)), names: names) {
            $0.layer($0.input)
        }
    }

    @Test func rmsNormEqualsTorch() {
        var norm = RMSNorm(width: 4, dtype: .float64)
        norm.weight = wave([4], 2)
        let names = ["layer.weight": "weight", "input": "input"]
        check(goldens.rms_norm, at: WithInput(layer: norm, input: wave([2, 3, 4], 1)), names: names) {
            $0.layer($0.input)
        }
    }

    @Test(
        arguments: [
            Activation.relu, .gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus, .elu(), .leakyReLU(), .identity,
        ])
    func activationsEqualTorch(activation: Activation) throws {
        let golden = try #require(goldens.activations[activation.name])
        check(golden, at: wave([9], 0.4) * 3.0, names: ["": "input"]) { activation($0) * 1.0 }
    }

    @Test func swiGLUEqualsTorch() {
        var layer = SwiGLU(width: 4, hiddenWidth: 6, dtype: .float64, generator: TensorGenerator(seed: 0))
        layer.gate.weight = wave([6, 4], 2)
        layer.up.weight = wave([6, 4], 3)
        layer.down.weight = wave([4, 6], 4)
        let names = [
            "layer.gate.weight": "gate", "layer.up.weight": "up", "layer.down.weight": "down", "input": "input",
        ]
        check(goldens.swiglu, at: WithInput(layer: layer, input: wave([2, 3, 4], 1)), names: names) {
            $0.layer($0.input)
        }
    }

    @Test func multilayerPerceptronEqualsTorch() {
        var network = MultilayerPerceptron(
            widths: [4, 5, 2], activation: .tanh, dtype: .float64, generator: TensorGenerator(seed: 0))
        network.layers = [
            Linear(weight: wave([5, 4], 2), bias: wave([5], 3)), Linear(weight: wave([2, 5], 4), bias: wave([2], 5)),
        ]
        let names = [
            "layer.layers.0.weight": "weight0", "layer.layers.0.bias": "bias0", "layer.layers.1.weight": "weight1",
            "layer.layers.1.bias": "bias1", "input": "input",
        ]
        check(
            goldens.multilayer_perceptron, at: WithInput(layer: network, input: wave([3, 4], 1)), names: names
        ) { $0.layer($0.input) }
    }

    @Test func parameterTreesHaveTheirNamesAndCounts() {
        let generator = TensorGenerator(seed: 1)
        let attention = GroupedQueryAttention(
            width: 8, headCount: 4, keyValueHeadCount: 2, headDimension: 6, generator: generator)
        #expect(
            attention.flattened().map(\.path) == ["query.weight", "key.weight", "value.weight", "output.weight"])
        #expect(attention.parameterCount == 8 * (24 + 12 + 12 + 24))
        let network = MultilayerPerceptron(widths: [2, 3, 1], generator: generator)
        #expect(network.parameterCount == 2 * 3 + 3 + 3 + 1)
        #expect(Linear(inputs: 2, outputs: 3, hasBias: false, generator: generator).flattened().count == 1)
    }

    @Test func callWithOtherParametersIsAnotherValue() {
        let network = MultilayerPerceptron(widths: [2, 3, 1], generator: TensorGenerator(seed: 1))
        let input = Tensor([1.0, -2.0], shape: [1, 2], dtype: .float32)
        let before = network(input).item()
        let silent = network.mapTensors { $0 * 0.0 }
        #expect(silent(input).item() == 0)
        #expect(network(input).item() == before)
    }

    @Test func wrongShapesTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = Linear(weight: Tensor.zeros([2, 3]), bias: Tensor.zeros([3]))
        }
        await #expect(processExitsWith: .failure) {
            _ = GroupedQueryAttention(width: 8, headCount: 3, keyValueHeadCount: 2, generator: .init(seed: 0))
        }
        await #expect(processExitsWith: .failure) { _ = RotaryEmbedding(headDimension: 5) }
        await #expect(processExitsWith: .failure) { _ = Dropout(rate: 1) }
    }
}
