import LanguageModels
import Tensors
import Testing

@testable import Inference

@Suite struct DecodingNetworkTests {
    @Test(arguments: [(DType.float64, 1e-10), (.float32, 1e-5)], [2, 4, 6, 8])
    func `cached logits equal those of the whole sequence`(type: (DType, Double), heads: Int) {
        // 1 to 4 query heads to each of the 2 key heads; tied and untied embedding.
        let model = SmallDecoders.model(dtype: type.0, tiesEmbedding: heads > 4, headCount: heads)
        let network = DecodingNetwork(model)
        let tokens = SmallDecoders.prompt(30, seed: 1)
        let expected = model(Tensor(tokens, shape: [1, 30]))
        let bound = type.1 * max(1, expected.absolute().max().item())
        for promptLength in [1, 2, 17] {
            let (prefix, first) = network.read(Array(tokens.prefix(promptLength)))
            #expect(
                SmallDecoders.distance(
                    first, expected[0].slice(dimension: 0, start: promptLength - 1, end: promptLength)) < bound)
            var cache = KeyValueCache(network, rows: 1, end: promptLength + 3, capacity: 40)
            cache.replace(row: 0, with: prefix)
            for position in promptLength..<30 {
                let logits = network.step([tokens[position]], positions: [position], cache: &cache)
                let whole = expected[0].slice(dimension: 0, start: position, end: position + 1)
                #expect(SmallDecoders.distance(logits, whole) < bound)
            }
        }
    }

    @Test func `rows of different lengths don't see each other`() {
        let model = SmallDecoders.model()
        let network = DecodingNetwork(model)
        let sequences = [(5, 2), (20, 3), (1, 4), (12, 5)].map { SmallDecoders.prompt($0.0 + 10, seed: $0.1) }
        let prompts = [5, 20, 1, 12]
        var cache = KeyValueCache(network, rows: 4, end: 22, capacity: 40)
        for row in 0..<4 {
            cache.replace(row: row, with: network.read(Array(sequences[row].prefix(prompts[row]))).prefix)
        }
        var rows = [0, 1, 2, 3]
        for step in 0..<10 {
            if step == 4 {
                // Rows leave and the others change places.
                rows = [3, 0, 2]
                cache = cache.moved(rows: [3, 0, 2], end: 16, capacity: 30)
                #expect(cache.span == 16)
            }
            let positions = rows.map { prompts[$0] + step }
            let tokens = zip(rows, positions).map { sequences[$0][$1] }
            let logits = network.step(tokens, positions: positions, cache: &cache)
            for (place, row) in rows.enumerated() {
                let read = Array(sequences[row].prefix(prompts[row] + step + 1))
                let whole = model(Tensor(read, shape: [1, read.count]))[0, -1]
                #expect(SmallDecoders.distance(logits[place], whole) < 1e-10)
            }
        }
    }

    @Test func `a row that is taken over forgets what it held`() {
        let model = SmallDecoders.model()
        let network = DecodingNetwork(model)
        var cache = KeyValueCache(network, rows: 2, end: 12, capacity: 20)
        cache.replace(row: 0, with: network.read(SmallDecoders.prompt(12, seed: 1)).prefix)
        cache.replace(row: 1, with: network.read(SmallDecoders.prompt(7, seed: 2)).prefix)
        _ = network.step([1, 2], positions: [12, 7], cache: &cache)
        cache.clear(row: 0)
        #expect(cache.span == 8)
        let prompt = SmallDecoders.prompt(4, seed: 3)
        cache.replace(row: 0, with: network.read(prompt).prefix)
        let logits = network.step([5, 6], positions: [4, 8], cache: &cache)
        let whole = model(Tensor(prompt + [5], shape: [1, 5]))[0, -1]
        #expect(SmallDecoders.distance(logits[0], whole) < 1e-10)
    }

    @Test func `a cache without room traps`() async {
        await #expect(processExitsWith: .failure) {
            let network = DecodingNetwork(SmallDecoders.model())
            var cache = KeyValueCache(network, rows: 1, end: 1, capacity: 1)
            _ = network.step([1], positions: [0], cache: &cache)
        }
    }
}
