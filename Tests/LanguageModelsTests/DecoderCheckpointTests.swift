import Foundation
import Networks
import Randomness
import Tensors
import Testing

@testable import LanguageModels

@Suite struct DecoderCheckpointTests {
    private let checkpoint: DecoderCheckpoint

    init() {
        let tokenizer = FormalTexts.tokenizer(vocabularySize: 280)
        let configuration = DecoderConfiguration(
            vocabularySize: 280, contextLength: 32, width: 8, layerCount: 1, headCount: 2, keyValueHeadCount: 1,
            feedForwardWidth: 12)
        let model = DecoderModel(configuration, generator: TensorGenerator(seed: 4))
        checkpoint = DecoderCheckpoint(model: model, tokenizer: tokenizer)
    }

    /// Runs the body with the path of a folder that doesn't exist yet, inside one that does.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let outer = FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: outer, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: outer) }
        try body(outer.appending(path: "model").path)
        // Nothing half-written stays beside the folder.
        let left = try FileManager.default.contentsOfDirectory(atPath: outer.path)
        #expect(left == ["model"] || left == [])
    }

    @Test(arguments: [DType.float32, .bfloat16, .float64]) func `a written folder reads back`(type: DType) throws {
        try withFolder { folder in
            // Twice: the second time a folder is replaced.
            try checkpoint.write(to: folder)
            try checkpoint.write(to: folder, storedAs: type)
            let read = try DecoderCheckpoint(folder: folder)
            #expect(read.tokenizer == checkpoint.tokenizer)
            #expect(read.model.configuration == checkpoint.model.configuration)
            for (found, written) in zip(read.model.tensors, checkpoint.model.tensors) {
                #expect(found.dtype == .float32)
                #expect(TinyDecoders.distance(found, written.to(type).to(.float32)) == 0)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(files == ["config.json", "model.safetensors", "tokenizer.json"])
        }
    }

    @Test func `the default model takes less than 8 MB`() throws {
        #expect(DecoderConfiguration().parameterCount * DType.bfloat16.byteCount < 5_000_000)
    }

    @Test(arguments: ["config.json", "model.safetensors", "tokenizer.json"])
    func `a missing or cut file is named`(name: String) throws {
        try withFolder { folder in
            try checkpoint.write(to: folder)
            let file = URL(filePath: folder).appending(path: name)
            let data = try Data(contentsOf: file)
            try data.prefix(data.count / 2).write(to: file)
            let cut = #expect(throws: LanguageModelError.self) { try DecoderCheckpoint(folder: folder) }
            #expect(cut?.description.contains(file.path) == true)
            try FileManager.default.removeItem(at: file)
            let missing = #expect(throws: LanguageModelError.self) { try DecoderCheckpoint(folder: folder) }
            #expect(missing?.description.contains(file.path) == true)
        }
    }

    @Test(arguments: [
        ("\"width\" : 8", "\"width\" : 16", "embedding.weight has the shape [280, 8]"),
        ("\"layerCount\" : 1", "\"layerCount\" : 2", "blocks.1.attentionNormalization.weight is missing"),
        ("\"tiesEmbedding\" : true", "\"tiesEmbedding\" : false", "head.weight is missing"),
        ("\"headCount\" : 2", "\"headCount\" : 3", "headCount 3 does not divide"),
        ("\"vocabularySize\" : 280", "\"vocabularySize\" : 281", "the tokenizer beside it has 280"),
        ("\"width\" : 8", "\"width\" : 1048576", "embedding.weight has the shape"),
        ("\"width\" : 8", "\"breadth\" : 8", "\"breadth\" is unknown"),
        ("\"version\" : 1", "\"version\" : 9", "version 9"),
        ("\"width\" : 8", "\"width\" : \"x\"", "at width"),
    ])
    func `a configuration that doesn't fit says why`(old: String, new: String, reason: String) throws {
        try withFolder { folder in
            try checkpoint.write(to: folder)
            let path = URL(filePath: folder).appending(path: "config.json")
            let text = try String(contentsOf: path, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacing(old, with: new).write(to: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: LanguageModelError.self) { try DecoderCheckpoint(folder: folder) }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
        }
    }

    @Test func `weights that don't fit say why`() throws {
        try withFolder { folder in
            try checkpoint.write(to: folder)
            let path = folder + "/model.safetensors"
            let good = checkpoint.model.flattened().map { (name: $0.path, tensor: $0.tensor) }
            func reason(_ tensors: [(name: String, tensor: Tensor)]) throws -> String {
                try SafeTensors.write(tensors, to: path)
                let error = #expect(throws: LanguageModelError.self) { try DecoderCheckpoint(folder: folder) }
                return error?.description ?? "no error"
            }
            #expect(try reason(good + [("extra", Tensor([1.0]))]).contains("extra is no parameter"))
            #expect(try reason(Array(good.dropLast())).contains("normalization.weight is missing"))
            let last = good.count - 1
            var bad = good
            bad[last].tensor = Tensor.ones([8], dtype: .int64)
            #expect(try reason(bad).contains("normalization.weight has the type int64"))
            bad[last].tensor = Tensor.full([8], Double.nan)
            #expect(try reason(bad).contains("normalization.weight holds numbers that are not finite"))
        }
    }

    @Test(arguments: 0..<10) func `damaged files throw or give a working model`(seed: UInt64) throws {
        try withFolder { folder in
            var generator = SplittableGenerator(seed: seed)
            for name in ["config.json", "model.safetensors", "tokenizer.json"] {
                try checkpoint.write(to: folder)
                let file = URL(filePath: folder).appending(path: name)
                let original = try Data(contentsOf: file)
                for _ in 0..<10 {
                    var data = original
                    let place = generator.integer(below: min(data.count, 1200))
                    data[place] = UInt8(truncatingIfNeeded: generator.next())
                    try data.write(to: file, options: .atomic)
                    do {
                        let read = try DecoderCheckpoint(folder: folder)
                        #expect(read.model(Tensor([1, 2], shape: [1, 2])).shape == [1, 2, 280])
                    } catch let error as LanguageModelError {
                        #expect(!error.description.isEmpty)
                    }
                }
            }
        }
    }

    @Test func `a folder that can't be made is named`() {
        let error = #expect(throws: LanguageModelError.self) { try checkpoint.write(to: "/nonexistent-folder/model") }
        #expect(error?.description.contains("/nonexistent-folder/model") == true)
    }
}
