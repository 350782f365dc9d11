import Networks
import Tensors
import Testing

/// Queries, keys and values of a kernel test.
private struct Heads: TensorTree, Sendable {
    var query: Tensor
    var key: Tensor
    var value: Tensor

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("query", &query)
        visitor.visit("key", &key)
        visitor.visit("value", &value)
    }
}

@Suite struct AttentionTests {
    private let goldens: LayerGoldens
    private let names = ["query": "query", "key": "key", "value": "value"]

    init() throws {
        goldens = try LayerGoldens.load()
    }

    @Test(
        arguments: [("plain", 4, false), ("causal", 4, true), ("grouped", 2, true), ("multiQuery", 1, false)],
        [AttentionKernel.fused, .composed])
    func kernelEqualsTorch(configuration: (String, Int, Bool), kernel: AttentionKernel) throws {
        let (name, groups, isCausal) = configuration
        let heads = Heads(
            query: wave([2, 4, 5, 3], 1), key: wave([2, groups, 5, 3], 2), value: wave([2, groups, 5, 3], 3))
        let golden = try #require(goldens.attention_kernel[name])
        check(golden, at: heads, names: names) {
            scaledDotProductAttention(
                query: $0.query, key: $0.key, value: $0.value, mask: isCausal ? .causal : .all, kernel: kernel)
        }
    }

    @Test(arguments: [AttentionKernel.fused, .composed])
    func allowedMaskEqualsTorch(kernel: AttentionKernel) throws {
        let heads = Heads(
            query: wave([2, 4, 5, 3], 1), key: wave([2, 4, 7, 3], 2), value: wave([2, 4, 7, 3], 3))
        let sums = Tensor.arange(0, 7) + Tensor.arange(0, 5).unsqueezed(-1)
        let allowed = sums.remainder(3) .!= 0
        let golden = try #require(goldens.attention_kernel["masked"])
        check(golden, at: heads, names: names) {
            scaledDotProductAttention(
                query: $0.query, key: $0.key, value: $0.value, mask: .allowed(allowed), kernel: kernel)
        }
    }

    @Test(arguments: [AttentionKernel.fused, .composed])
    func biasOfMinusInfinityEqualsAllowedMask(kernel: AttentionKernel) {
        let (query, key, value) = (wave([1, 2, 3, 4], 1), wave([1, 2, 6, 4], 2), wave([1, 2, 6, 4], 3))
        let allowed = Tensor.arange(0, 6) .<= (Tensor.arange(0, 3) + 2).unsqueezed(-1)
        let bias = Tensor.zeros([3, 6], dtype: .float64).maskedFill(where: .!allowed, with: -.infinity)
        let masked = scaledDotProductAttention(
            query: query, key: key, value: value, mask: .allowed(allowed), kernel: kernel)
        let biased = scaledDotProductAttention(
            query: query, key: key, value: value, mask: .bias(bias), kernel: kernel)
        #expect(masked.isClose(to: biased, relative: goldenTolerance))
    }

    /// With more keys than queries the last query sees all keys: the end of a full causal pass.
    @Test(arguments: [AttentionKernel.fused, .composed], [1, 2, 4])
    func causalMaskIsAlignedAtTheEnd(kernel: AttentionKernel, last: Int) {
        let (query, key, value) = (wave([2, 4, 6, 4], 1), wave([2, 2, 6, 4], 2), wave([2, 2, 6, 4], 3))
        let whole = scaledDotProductAttention(query: query, key: key, value: value, mask: .causal, kernel: kernel)
        let end = scaledDotProductAttention(
            query: query.slice(dimension: 2, start: 6 - last), key: key, value: value, mask: .causal,
            kernel: kernel)
        #expect(end.isClose(to: whole.slice(dimension: 2, start: 6 - last), relative: goldenTolerance))
    }

    @Test func layerEqualsTorch() {
        var layer = GroupedQueryAttention(
            width: 8, headCount: 4, keyValueHeadCount: 2, headDimension: 6, dtype: .float64,
            generator: TensorGenerator(seed: 0))
        layer.query.weight = wave([24, 8], 2)
        layer.key.weight = wave([12, 8], 3)
        layer.value.weight = wave([12, 8], 4)
        layer.output.weight = wave([8, 24], 5)
        let angles = RotaryEmbedding(headDimension: 6, theta: 500).angles(count: 5, dtype: .float64)
        let names = [
            "layer.query.weight": "query", "layer.key.weight": "key", "layer.value.weight": "value",
            "layer.output.weight": "output", "input": "input",
        ]
        check(
            goldens.attention_layer, at: WithInput(layer: layer, input: wave([2, 5, 8], 1)), names: names
        ) { $0.layer($0.input, angles: angles) }
    }

    /// Feeding positions in pieces through a history gives what one pass gives.
    @Test(arguments: [[1, 1, 1, 1, 1], [3, 2], [2, 1, 2]])
    func historyEqualsOnePass(pieces: [Int]) {
        let layer = GroupedQueryAttention(
            width: 8, headCount: 4, keyValueHeadCount: 2, dtype: .float64, generator: TensorGenerator(seed: 3))
        let rotary = RotaryEmbedding(headDimension: 2)
        let input = wave([2, 5, 8], 1)
        let whole = layer(input, angles: rotary.angles(count: 5, dtype: .float64))
        var outputs: [Tensor] = []
        var history: KeyValueHistory?
        var start = 0
        for piece in pieces {
            let part = input.slice(dimension: 1, start: start, end: start + piece)
            let angles = rotary.angles(start: start, count: piece, dtype: .float64)
            let (output, next) = layer(part, angles: angles, past: history)
            outputs.append(output)
            history = next
            start += piece
        }
        #expect(history?.count == 5)
        let joined = Tensor.concatenated(outputs, dimension: 1)
        #expect(joined.isClose(to: whole, relative: goldenTolerance, absolute: goldenTolerance))
    }

    @Test func causalAttentionNeedsAsManyKeysAsQueries() async {
        await #expect(processExitsWith: .failure) {
            let x = Tensor.zeros([1, 1, 3, 2])
            let short = Tensor.zeros([1, 1, 2, 2])
            _ = scaledDotProductAttention(query: x, key: short, value: short, mask: .causal)
        }
    }
}
