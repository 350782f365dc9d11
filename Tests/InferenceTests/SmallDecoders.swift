import LanguageModels
import Networks
import Randomness
import Tensors

/// Decoders for the tests of sampling, with every parameter drawn so that distributions are neither flat nor certain.
enum SmallDecoders {
    static func model(
        dtype: DType = .float64, tiesEmbedding: Bool = false, contextLength: Int = 40, headCount: Int = 4,
        seed: UInt64 = 3
    ) -> DecoderModel {
        let configuration = DecoderConfiguration(
            vocabularySize: 13, contextLength: contextLength, width: 4 * headCount, layerCount: 2, headCount: headCount,
            keyValueHeadCount: 2, feedForwardWidth: 12, rotaryBase: 100, tiesEmbedding: tiesEmbedding)
        let generator = TensorGenerator(seed: seed)
        let model = DecoderModel(configuration, dtype: dtype, generator: generator)
        return model.mapTensorsWithPaths { path, tensor in
            let noise = generator.normal(tensor.shape, dtype: dtype)
            return path.hasSuffix("ormalization.weight") ? noise * 0.2 + 1 : noise * 0.4
        }
    }

    static func prompt(_ length: Int, seed: UInt64) -> [Int] {
        var generator = SplittableGenerator(seed: seed)
        return (0..<length).map { _ in generator.integer(below: 13) }
    }

    static func distance(_ first: Tensor, _ second: Tensor) -> Double {
        precondition(first.shape == second.shape, "\(first.shape) against \(second.shape)")
        return (first - second).absolute().max().item()
    }
}
