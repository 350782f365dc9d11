public import LanguageModels
import Tensors

extension DecoderPolicy {
    /// Network and tokenizer, to be written in any type.
    public var checkpoint: DecoderCheckpoint { DecoderCheckpoint(model: network, tokenizer: tokenizer) }

    /// Writes tokenizer, configuration and float32 weights to a folder, whole or not at all.
    ///
    /// - Parameter folder: made, or replaced where it exists.
    /// - Throws: `LanguageModelError`.
    public func save(to folder: String) throws {
        try checkpoint.write(to: folder, storedAs: .float32)
    }

    /// Writes the same with weights rounded to bfloat16, at half the size: for handing on, not for resuming.
    ///
    /// - Parameter folder: made, or replaced where it exists.
    /// - Throws: `LanguageModelError`.
    public func saveRounded(to folder: String) throws {
        try checkpoint.write(to: folder, storedAs: .bfloat16)
    }

    /// The policy in a folder, with this one's settings.
    ///
    /// - Parameter folder: what ``save(to:)`` wrote.
    /// - Returns: the same network, bit for bit.
    /// - Throws: `LanguageModelError` or `TheoremProvingError`, naming the file.
    public func loaded(from folder: String) throws -> DecoderPolicy {
        try DecoderPolicy(folder: folder, options: options)
    }

    /// The policy in a folder.
    ///
    /// - Parameters:
    ///   - folder: what ``save(to:)`` or a checkpoint of a decoder wrote.
    ///   - options: how it is trained and sampled.
    /// - Throws: `LanguageModelError`, or `TheoremProvingError.badCheckpoint` where the tokenizer has no end token.
    public init(folder: String, options: DecoderPolicyOptions = DecoderPolicyOptions()) throws {
        let checkpoint = try DecoderCheckpoint(folder: folder)
        guard checkpoint.tokenizer.specialToken(Self.endToken) != nil else {
            throw TheoremProvingError.badCheckpoint(
                path: folder, reason: "its tokenizer has no token \(Self.endToken)")
        }
        self.init(tokenizer: checkpoint.tokenizer, network: checkpoint.model, options: options)
    }
}
