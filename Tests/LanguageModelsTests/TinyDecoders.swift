import Networks
import Tensors

@testable import LanguageModels

/// Decoders small enough for exhaustive checks, with every parameter drawn anew so that none is 0 or 1.
enum TinyDecoders {
    static func configuration(tiesEmbedding: Bool = false, keyValueHeads: Int = 2) -> DecoderConfiguration {
        DecoderConfiguration(
            vocabularySize: 11, contextLength: 24, width: 16, layerCount: 2, headCount: 4,
            keyValueHeadCount: keyValueHeads, feedForwardWidth: 12, rotaryBase: 100, tiesEmbedding: tiesEmbedding)
    }

    static func model(
        _ configuration: DecoderConfiguration = configuration(), dtype: DType = .float64,
        kernel: AttentionKernel = .fused, seed: UInt64 = 1
    ) -> DecoderModel {
        let generator = TensorGenerator(seed: seed)
        let model = DecoderModel(configuration, dtype: dtype, kernel: kernel, generator: generator)
        return model.mapTensorsWithPaths { path, tensor in
            let noise = generator.normal(tensor.shape, dtype: dtype)
            return path.hasSuffix("ormalization.weight") ? noise * 0.2 + 1 : noise * 0.3
        }
    }

    /// Largest absolute difference of two tensors of the same shape.
    static func distance(_ first: Tensor, _ second: Tensor) -> Double {
        precondition(first.shape == second.shape, "\(first.shape) against \(second.shape)")
        return (first - second).absolute().max().item()
    }
}
