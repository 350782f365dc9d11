import Networks
import Tensors
import Testing

@testable import LanguageModels

/// Rounding of float64 sums of a few dozen terms of size 1.
private let doubleRounding = 1e-12

@Suite struct DecoderModelTests {
    @Test(arguments: [true, false], [1, 2, 4]) func `logits equal the plain loops`(tied: Bool, groups: Int) {
        let configuration = TinyDecoders.configuration(tiesEmbedding: tied, keyValueHeads: groups)
        for kernel in [AttentionKernel.fused, .composed] {
            let model = TinyDecoders.model(configuration, kernel: kernel)
            let tokens = [3, 1, 4, 1, 5, 9, 2, 6, 10, 0]
            let logits = model(Tensor(tokens, shape: [1, 10]))
            #expect(logits.shape == [1, 10, 11])
            let expected = Tensor(rows: DecoderReference(model: model).logits(tokens)).unsqueezed(0)
            #expect(TinyDecoders.distance(logits, expected) < doubleRounding)
        }
    }

    @Test func `later tokens and padding change nothing`() {
        let model = TinyDecoders.model()
        let long = [3, 1, 4, 1, 5, 9, 2]
        let alone = model(Tensor([7, 2, 6], shape: [1, 3]))
        for padding in [0, 10] {
            let batch = model(Tensor(rows: [long, [7, 2, 6] + Array(repeating: padding, count: 4)]))
            let part = batch.slice(dimension: 0, start: 1).slice(dimension: 1, end: 3)
            #expect(TinyDecoders.distance(part, alone) < doubleRounding)
        }
    }

    @Test func `parameters have the announced paths, shapes and number`() {
        for tied in [true, false] {
            let configuration = TinyDecoders.configuration(tiesEmbedding: tied)
            let model = TinyDecoders.model(configuration)
            let announced = configuration.parameterShapes
            let found = model.flattened()
            #expect(found.map(\.path) == announced.map(\.path))
            #expect(found.map(\.tensor.shape) == announced.map(\.shape))
            #expect(found.reduce(0) { $0 + $1.tensor.elementCount } == configuration.parameterCount)
        }
        #expect(DecoderConfiguration().parameterCount == 2_460_096)
        #expect(DecoderConfiguration().problem == nil)
    }

    @Test func `matrices start normal and gains start at one`() {
        let configuration = DecoderConfiguration(tiesEmbedding: false)
        let model = DecoderModel(configuration, generator: TensorGenerator(seed: 5))
        for (path, tensor) in model.flattened() {
            if path.hasSuffix("ormalization.weight") {
                #expect(TinyDecoders.distance(tensor, .ones(like: tensor)) == 0)
                continue
            }
            let count = Double(tensor.elementCount)
            // Six standard errors of the mean and of the standard deviation of n normal numbers.
            #expect(abs(tensor.mean().item()) < 6 * 0.006 / count.squareRoot())
            #expect(abs(tensor.standardDeviation().item() - 0.006) < 6 * 0.006 / (2 * count).squareRoot())
        }
        let again = DecoderModel(configuration, generator: TensorGenerator(seed: 5))
        let other = DecoderModel(configuration, generator: TensorGenerator(seed: 6))
        for ((first, second), third) in zip(zip(model.tensors, again.tensors), other.tensors) where first.rank == 2 {
            #expect(TinyDecoders.distance(first, second) == 0)
            #expect(TinyDecoders.distance(first, third) > 0)
        }
    }

    @Test(arguments: [
        ("headCount", DecoderConfiguration(width: 10, headCount: 4)),
        ("even", DecoderConfiguration(width: 9, headCount: 3, keyValueHeadCount: 3)),
        ("keyValueHeadCount", DecoderConfiguration(keyValueHeadCount: 4)),
        ("layerCount", DecoderConfiguration(layerCount: 0)),
        ("vocabularySize", DecoderConfiguration(vocabularySize: 1 << 40)),
        ("rotaryBase", DecoderConfiguration(rotaryBase: .nan)),
        ("initialStandardDeviation", DecoderConfiguration(initialStandardDeviation: -1)),
    ])
    func `a configuration that makes no decoder says why`(word: String, configuration: DecoderConfiguration) {
        #expect(configuration.problem?.contains(word) == true)
    }

    @Test func `more positions than the context trap`() async {
        await #expect(processExitsWith: .failure) {
            _ = TinyDecoders.model()(Tensor.zeros([1, 25], dtype: .int64))
        }
    }
}
