import Foundation
import Networks
public import Tensors

/// A decoder with its tokenizer, as one folder: `config.json`, `model.safetensors` and `tokenizer.json`.
public struct DecoderCheckpoint: Sendable {
    /// The decoder.
    public var model: DecoderModel
    /// The tokenizer that its vocabulary belongs to.
    public var tokenizer: Tokenizer

    /// A checkpoint of a model.
    ///
    /// - Parameters:
    ///   - model: the decoder.
    ///   - tokenizer: has as many tokens as the model; else it traps.
    public init(model: DecoderModel, tokenizer: Tokenizer) {
        precondition(
            model.configuration.vocabularySize == tokenizer.vocabularySize,
            "a model of \(model.configuration.vocabularySize) tokens can't have a tokenizer of "
                + "\(tokenizer.vocabularySize)")
        self.model = model
        self.tokenizer = tokenizer
    }

    /// Reads a folder.
    ///
    /// Names, shapes and types of all weights are compared with the configuration before anything of their size is
    /// allocated, and every number must be finite.
    ///
    /// - Parameters:
    ///   - folder: path of the folder.
    ///   - dtype: type of the parameters in memory, whatever it is on disk.
    /// - Throws: ``LanguageModelError``, which names the file and what is wrong with it.
    public init(folder: String, dtype: DType = .float32) throws(LanguageModelError) {
        let files = Files(folder)
        tokenizer = try Tokenizer(contentsOf: files.tokenizer)
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: files.configuration))
        } catch {
            throw .unreadable(path: files.configuration, problem: error.localizedDescription)
        }
        let configuration = try DecoderConfigurationFile.read(json: data, path: files.configuration)
        guard configuration.vocabularySize == tokenizer.vocabularySize else {
            throw .invalidConfiguration(
                path: files.configuration,
                problem: "vocabularySize is \(configuration.vocabularySize) but the tokenizer beside it has "
                    + "\(tokenizer.vocabularySize) tokens")
        }
        let weights: SafeTensors
        do {
            weights = try SafeTensors(contentsOf: files.weights)
        } catch {
            throw .invalidCheckpoint(path: files.weights, problem: error.problem)
        }
        try Self.compare(weights, with: configuration)
        model = DecoderModel(configuration, dtype: dtype, initializer: .zeros, generator: TensorGenerator(seed: 0))
        do {
            model = try weights.load(model)
        } catch {
            throw .invalidCheckpoint(path: files.weights, problem: error.problem)
        }
        for (path, tensor) in model.flattened() where tensor.isFinite().all().to(.int64).integerItem() == 0 {
            throw .invalidCheckpoint(path: files.weights, problem: "\(path) holds numbers that are not finite")
        }
    }

    /// Writes the folder, whole or not at all; one that is there is replaced.
    ///
    /// - Parameters:
    ///   - folder: path of the folder; the folder around it must exist.
    ///   - storedType: type of the weights on disk; `bfloat16` takes two bytes a parameter and rounds to 8 bits.
    /// - Throws: ``LanguageModelError/unwritable(path:problem:)``.
    public func write(to folder: String, storedAs storedType: DType = .bfloat16) throws(LanguageModelError) {
        precondition(storedType.isFloatingPoint, "weights can't be stored as \(storedType)")
        let manager = FileManager.default
        let target = URL(filePath: folder).standardizedFileURL
        let mark = UUID().uuidString.prefix(8)
        let fresh = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent)-\(mark)")
        let former = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent)-old-\(mark)")
        defer { try? manager.removeItem(at: fresh) }
        do {
            try manager.createDirectory(at: fresh, withIntermediateDirectories: false)
            let files = Files(fresh.path)
            try SafeTensors.write(model.converted(to: storedType), metadata: ["format": "ludus"], to: files.weights)
            try DecoderConfigurationFile(model.configuration).json().write(to: URL(filePath: files.configuration))
            try tokenizer.json().write(to: URL(filePath: files.tokenizer))
            let isReplacing = manager.fileExists(atPath: target.path)
            if isReplacing { try manager.moveItem(at: target, to: former) }
            do {
                try manager.moveItem(at: fresh, to: target)
            } catch {
                if isReplacing { try manager.moveItem(at: former, to: target) }
                throw error
            }
            if isReplacing { try manager.removeItem(at: former) }
        } catch let error as TensorFileError {
            throw .unwritable(path: folder, problem: error.problem)
        } catch {
            throw .unwritable(path: folder, problem: error.localizedDescription)
        }
    }

    private static func compare(
        _ weights: SafeTensors, with configuration: DecoderConfiguration
    ) throws(LanguageModelError) {
        func refuse(_ problem: String) -> LanguageModelError {
            .invalidCheckpoint(path: weights.path, problem: problem)
        }
        var entries = Dictionary(weights.entries.map { ($0.name, $0) }) { first, _ in first }
        for (path, shape) in configuration.parameterShapes {
            guard let entry = entries.removeValue(forKey: path) else { throw refuse("\(path) is missing") }
            guard entry.shape == shape else {
                throw refuse("\(path) has the shape \(entry.shape) but the configuration asks for \(shape)")
            }
            guard entry.dtype.isFloatingPoint else { throw refuse("\(path) has the type \(entry.dtype)") }
        }
        if let stranger = entries.keys.min() { throw refuse("\(stranger) is no parameter of this model") }
    }

    /// The files of a folder.
    private struct Files {
        let configuration: String
        let weights: String
        let tokenizer: String

        init(_ folder: String) {
            let url = URL(filePath: folder)
            configuration = url.appending(path: "config.json").path
            weights = url.appending(path: "model.safetensors").path
            tokenizer = url.appending(path: "tokenizer.json").path
        }
    }
}

extension TensorFileError {
    /// What is wrong, without the path, which the checkpoint's own error names.
    fileprivate var problem: String {
        switch self {
        case .unreadable(_, let reason), .unwritable(_, let reason), .unsupported(_, let reason): reason
        case .malformed(_, let offset, let reason): (offset.map { "at byte \($0): " } ?? "") + reason
        case .mismatch(_, let tensor, let reason): "\(tensor) \(reason)"
        }
    }
}
