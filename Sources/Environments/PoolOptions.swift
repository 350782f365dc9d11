/// When an environment whose episode has ended starts the next one.
public enum AutoresetMode: String, Sendable, Hashable, Codable, CaseIterable {
    /// In the next step, whose action is ignored and whose reward is 0: Gymnasium's default, and EnvPool's way.
    case nextStep
    /// In the same step: the row holds the new episode's first observation, and ``StepBatch/finalObservations(as:)`` the last
    /// one of the old.
    case sameStep
    /// Not by itself: reset environments with a mask before they are stepped again.
    case disabled
}

/// How a pool of environments works.
public struct PoolOptions: Sendable, Hashable, Codable {
    /// Environments whose results come back together; nil for all of them, in order.
    ///
    /// Fewer than all make the pool asynchronous.
    public var batchSize: Int?
    /// Threads, the caller's included, at least 1.
    public var threads: Int
    /// The seed from which the environments' seeds come: environment i has `seed + i`.
    public var seed: UInt64
    /// A seed for each environment, instead.
    public var seeds: [UInt64]?
    /// Where random numbers come from.
    public var generator: GeneratorKind
    /// When the next episode starts.
    public var autoreset: AutoresetMode
    /// Steps after which an episode is truncated; nil for the task's own limit.
    public var maximumEpisodeSteps: Int?
    /// Whether threads stay on processors of their own.
    public var pinsThreads: Bool

    /// Settings of a pool.
    ///
    /// - Parameters:
    ///   - batchSize: environments whose results come back together; nil for all.
    ///   - threads: threads, the caller's included.
    ///   - seed: environment i has `seed + i`.
    ///   - seeds: a seed for each environment, instead.
    ///   - generator: where random numbers come from.
    ///   - autoreset: when the next episode starts.
    ///   - maximumEpisodeSteps: steps after which an episode is truncated; nil for the task's own limit.
    ///   - pinsThreads: whether threads stay on processors of their own.
    public init(
        batchSize: Int? = nil, threads: Int = 1, seed: UInt64 = 1, seeds: [UInt64]? = nil,
        generator: GeneratorKind = .fast, autoreset: AutoresetMode = .nextStep, maximumEpisodeSteps: Int? = nil,
        pinsThreads: Bool = false
    ) {
        self.batchSize = batchSize
        self.threads = threads
        self.seed = seed
        self.seeds = seeds
        self.generator = generator
        self.autoreset = autoreset
        self.maximumEpisodeSteps = maximumEpisodeSteps
        self.pinsThreads = pinsThreads
    }
}
