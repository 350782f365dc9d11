/// One text that a model is asked to continue.
public struct SampleRequest: Hashable, Sendable {
    /// Text of ``PromptFormat/prompt(for:track:after:state:)``.
    public var prompt: String
    /// Seed of all randomness of this sample.
    public var seed: UInt64

    /// A request from its parts.
    public init(prompt: String, seed: UInt64) {
        self.prompt = prompt
        self.seed = seed
    }
}

/// A policy over proof texts.
public protocol ScriptModel: Sendable {
    /// Continues each prompt until its end token or length limit.
    ///
    /// - Parameter requests: at least one.
    /// - Returns: the texts behind the prompts, in order; the same for the same batch.
    /// - Throws: what the model's machinery throws.
    func sample(_ requests: [SampleRequest]) async throws -> [String]
}

/// A policy that can be fitted to proofs and kept in files.
public protocol TrainableScriptModel: ScriptModel {
    /// A policy fitted to examples.
    ///
    /// - Parameters:
    ///   - examples: in random order already; each is used once.
    ///   - seed: decides all randomness, so that the same call gives the same policy.
    ///   - folder: where unfinished work may be kept, so that a killed process goes on; empty at first.
    /// - Returns: the new policy and its mean loss over the last tenth of the examples, nats a token.
    /// - Throws: what the model's machinery throws.
    func trained(on examples: [TrainingExample], seed: UInt64, folder: String) async throws -> (
        model: Self, loss: Double
    )

    /// Writes the policy to a folder, which is made or replaced.
    func save(to folder: String) throws

    /// The policy in a folder that ``save(to:)`` wrote, with this one's settings.
    func loaded(from folder: String) throws -> Self
}
