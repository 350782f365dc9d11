import Foundation
import LanguageModels
import Networks
import RunRecords
import Tensors

extension DecoderPolicy {
    private static let tokenizerFile = "tokenizer.json"
    private static let configurationFile = "configuration.json"
    private static let weightsFile = "weights.safetensors"

    /// Writes tokenizer, configuration and weights to a folder that exists.
    public func save(to folder: String) throws {
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        try tokenizer.write(to: root.appendingPathComponent(Self.tokenizerFile).path)
        try AtomicFile(root.appendingPathComponent(Self.configurationFile)).write(json: network.configuration)
        try WeightsFile.write(network.flattened(), to: root.appendingPathComponent(Self.weightsFile))
    }

    /// The policy in a folder, with this one's settings.
    public func loaded(from folder: String) throws -> DecoderPolicy {
        try DecoderPolicy(folder: folder, options: options)
    }

    /// The policy that ``save(to:)`` wrote.
    ///
    /// - Parameters:
    ///   - folder: with the three files.
    ///   - options: how it is trained and sampled.
    /// - Throws: `LanguageModelError` or `TheoremProvingError.badCheckpoint`, naming the file.
    public init(folder: String, options: DecoderPolicyOptions = DecoderPolicyOptions()) throws {
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        let tokenizer = try Tokenizer(contentsOf: root.appendingPathComponent(Self.tokenizerFile).path)
        let url = root.appendingPathComponent(Self.configurationFile)
        let configuration: DecoderConfiguration
        do {
            configuration = try JSONDecoder().decode(DecoderConfiguration.self, from: Data(contentsOf: url))
        } catch {
            throw TheoremProvingError.badCheckpoint(path: url.path, reason: "\(error.localizedDescription)")
        }
        let path = url.path
        if let problem = configuration.problem {
            throw TheoremProvingError.badCheckpoint(path: path, reason: problem)
        }
        guard configuration.vocabularySize == tokenizer.vocabularySize,
            tokenizer.specialToken(Self.endToken) != nil
        else { throw TheoremProvingError.badCheckpoint(path: path, reason: "the tokenizer doesn't fit the network") }
        let blank = DecoderModel(configuration, generator: TensorGenerator(seed: 0))
        let tensors = try WeightsFile.read(
            root.appendingPathComponent(Self.weightsFile), shapes: blank.flattened().map { ($0.path, $0.tensor.shape) })
        self.init(tokenizer: tokenizer, network: blank.replacingTensors(with: tensors), options: options)
    }
}
