public import Randomness

/// One prompt, and a generator for each completion that is wanted of it.
public struct SamplingRequest: Hashable, Sendable {
    /// Tokens that the completions follow, at least one.
    public var prompt: [Int]
    /// One generator a completion: completion `i` depends on the prompt, the model and `generators[i]` alone.
    public var generators: [SplittableGenerator]

    /// A request with given generators.
    public init(prompt: [Int], generators: [SplittableGenerator]) {
        self.prompt = prompt
        self.generators = generators
    }

    /// A request for `count` completions with the generators `generator.folding(in: 0 ..< count)`.
    public init(prompt: [Int], count: Int, generator: SplittableGenerator) {
        self.init(prompt: prompt, generators: (0..<count).map { generator.folding(in: UInt64($0)) })
    }
}

/// What the model wrote after a prompt.
public struct Completion: Hashable, Sendable {
    /// Why a completion ended.
    public enum Ending: String, Hashable, Codable, Sendable {
        /// With a stop token, which is its last token.
        case stopToken
        /// At the largest number of tokens asked for.
        case maximumTokens
        /// At the end of the model's context.
        case contextLength
    }

    /// The tokens that were drawn, the stop token included.
    public var tokens: [Int]
    /// Log-probability of each token under the model at temperature 1, given all before it.
    ///
    /// Forbidden tokens are left out of the distribution; temperature and nucleus don't enter.
    public var logProbabilities: [Float]
    /// Why it ended.
    public var ending: Ending

    /// A completion.
    public init(tokens: [Int], logProbabilities: [Float], ending: Ending) {
        self.tokens = tokens
        self.logProbabilities = logProbabilities
        self.ending = ending
    }

    /// Log-probability of the whole completion.
    public var totalLogProbability: Double {
        logProbabilities.reduce(0) { $0 + Double($1) }
    }
}
