/// How tokens are drawn.
public struct SamplingOptions: Hashable, Codable, Sendable {
    /// Divides the logits before the softmax; 0 always takes the likeliest token.
    public var temperature: Double
    /// Mass of the nucleus: only the likeliest tokens that together reach it are drawn from; 1 keeps all.
    ///
    /// Source: Holtzman et al. 2020, arXiv:1904.09751, section 3.1.
    public var topProbability: Double
    /// Most tokens in a completion, the stop token included.
    public var maximumTokens: Int
    /// A completion ends with the first of these; it is part of the completion.
    public var stopTokens: Set<Int>
    /// Tokens that are never drawn; the others share their mass.
    public var forbiddenTokens: Set<Int>

    /// Options; the defaults draw from the model's own distribution.
    public init(
        temperature: Double = 1, topProbability: Double = 1, maximumTokens: Int = 256, stopTokens: Set<Int> = [],
        forbiddenTokens: Set<Int> = []
    ) {
        self.temperature = temperature
        self.topProbability = topProbability
        self.maximumTokens = maximumTokens
        self.stopTokens = stopTokens
        self.forbiddenTokens = forbiddenTokens
    }

    /// Traps on values without a meaning.
    func check(vocabularySize: Int) {
        precondition(
            temperature >= 0 && temperature.isFinite, "temperature \(temperature) must be finite and not negative")
        precondition(topProbability > 0 && topProbability <= 1, "topProbability \(topProbability) must be in (0, 1]")
        precondition(maximumTokens >= 1, "maximumTokens \(maximumTokens) must be at least 1")
        for token in stopTokens.union(forbiddenTokens) {
            precondition(
                (0..<vocabularySize).contains(token), "token \(token) is outside the vocabulary 0 ..< \(vocabularySize)"
            )
        }
        precondition(forbiddenTokens.count < vocabularySize, "every token is forbidden")
    }
}
