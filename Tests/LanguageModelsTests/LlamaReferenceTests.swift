import Foundation
import Networks
import Tensors
import Testing

@testable import LanguageModels

/// A random Llama checkpoint with grouped heads, and what another implementation computed with it.
@Suite(.enabled(if: LlamaReference.folder != nil, "LUDUS_SHARED names no folder with refs/llama_gqa"))
struct LlamaReferenceTests {
    // The float64 reference kept rotary frequencies that were rounded to float32. The same formula with exact ones
    // differs from it by 1.6e-7 at logits up to 3.8, and so do we; with rounded ones it is equal to the last bit.
    @Test(arguments: [(DType.float32, "logits", 1e-5), (.float64, "logits_f64", 1e-7)])
    func `logits equal the reference`(type: DType, name: String, relative: Double) throws {
        let folder = try #require(LlamaReference.folder)
        let reference = try SafeTensors(contentsOf: folder + "/ref.safetensors")
        let model = try LlamaReference.model(folder, dtype: type)
        let expected = try reference.tensor(name)
        let tokens = try reference.tensor("input_ids").slice(dimension: 0, end: expected.size(0))
        let bound = relative * expected.absolute().max().item()
        #expect(TinyDecoders.distance(model(tokens), expected) <= bound)
    }

    @Test func `loss and gradients equal the reference`() throws {
        let folder = try #require(LlamaReference.folder)
        let reference = try SafeTensors(contentsOf: folder + "/ref.safetensors")
        let model = try LlamaReference.model(folder, dtype: .float32)
        let tokens = try reference.tensor("input_ids").array(of: Int.self)
        let examples = stride(from: 0, to: tokens.count, by: 24).map {
            TokenExample(tokens: Array(tokens[$0..<$0 + 24]), lossMask: Array(repeating: true, count: 24))
        }
        let (loss, gradient) = valueAndGrad(at: model) { $0.loss(TokenBatch(examples)) }
        let expectedLoss = try reference.tensor("train.loss").item()
        #expect(abs(loss.item() - expectedLoss) < 1e-5 * expectedLoss)
        let norms = try reference.tensor("train.grad_l2").array(of: Double.self)
        let order = try LlamaReference.parameterOrder(folder)
        let found = Dictionary(uniqueKeysWithValues: gradient.flattened().map { ($0.path, $0.tensor.norm().item()) })
        for (name, norm) in zip(order, norms) {
            let path = try #require(LlamaReference.path(name))
            let ours = try #require(found[path])
            #expect(abs(ours - norm) < 1e-4 * norm, "\(path): \(ours) against \(norm)")
        }
    }
}

/// Reads the reference's own names.
private enum LlamaReference {
    static var folder: String? {
        guard let shared = ProcessInfo.processInfo.environment["LUDUS_SHARED"] else { return nil }
        let folder = shared + "/refs/llama_gqa"
        return FileManager.default.fileExists(atPath: folder + "/model.safetensors") ? folder : nil
    }

    static func model(_ folder: String, dtype: DType) throws -> DecoderModel {
        let configuration = DecoderConfiguration(
            vocabularySize: 320, contextLength: 4096, width: 64, layerCount: 3, headCount: 4, keyValueHeadCount: 2,
            feedForwardWidth: 172, tiesEmbedding: false)
        let file = try SafeTensors(contentsOf: folder + "/model.safetensors")
        var tensors: [String: Tensor] = [:]
        for entry in file.entries {
            let name = try #require(Self.path(entry.name))
            tensors[name] = try file.tensor(entry.name).to(dtype)
        }
        let model = DecoderModel(configuration, dtype: dtype, generator: TensorGenerator(seed: 0))
        #expect(model.flattened().map(\.path).sorted() == tensors.keys.sorted())
        return model.mapTensorsWithPaths { path, tensor in
            let found = tensors[path]
            #expect(found?.shape == tensor.shape)
            return found ?? tensor
        }
    }

    static func parameterOrder(_ folder: String) throws -> [String] {
        struct Reference: Decodable { let param_order: [String] }
        let data = try Data(contentsOf: URL(filePath: folder + "/ref.json"))
        return try JSONDecoder().decode(Reference.self, from: data).param_order
    }

    /// Our path of a parameter of the reference.
    static func path(_ name: String) -> String? {
        let parts = name.split(separator: ".").map(String.init)
        switch parts.first {
        case "lm_head": return "head.weight"
        case "model" where parts[1] == "embed_tokens": return "embedding.weight"
        case "model" where parts[1] == "norm": return "normalization.weight"
        default: break
        }
        let layers = [
            "input_layernorm": "attentionNormalization", "post_attention_layernorm": "feedForwardNormalization",
            "q_proj": "attention.query", "k_proj": "attention.key", "v_proj": "attention.value",
            "o_proj": "attention.output", "gate_proj": "feedForward.gate", "up_proj": "feedForward.up",
            "down_proj": "feedForward.down",
        ]
        return layers[parts[parts.count - 2]].map { "blocks.\(parts[2]).\($0).weight" }
    }
}
