/// How a decoder policy is trained and sampled.
public struct DecoderPolicyOptions: Sendable, Hashable, Codable {
    /// Highest learning rate of AdamW.
    public var learningRate = 2e-3
    /// Share of the steps of a call that the learning rate takes to rise.
    public var warmUpShare = 0.05
    /// Weight decay of the matrices.
    public var weightDecay = 0.05
    /// Most examples in a batch.
    public var batchSize = 32
    /// Most tokens in a batch, padding included.
    public var batchTokens = 6_000
    /// Most steps of one call; longer lists of examples are cut.
    public var maximumSteps = 4_000
    /// Threads of libtorch while training; sampling keeps what is set.
    ///
    /// Two are nearly twice as fast on an idle machine, and slower than one on a busy one.
    public var trainingThreads = 1
    /// Temperature of sampling.
    public var temperature = 1.0
    /// Mass of the nucleus in sampling.
    public var topProbability = 0.98
    /// Longest completion in tokens.
    public var maximumTokens = 96
    /// Completions that are drawn side by side.
    public var samplingBatch = 64

    /// The standard settings.
    public init() {}
}
