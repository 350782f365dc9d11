/// A sequence of tokens to learn from, and which of them count in the loss.
public struct TokenExample: Hashable, Codable, Sendable {
    /// The tokens.
    public let tokens: [Int]
    /// For each token whether predicting it from the ones before it counts; the first has none before it and never does.
    public let lossMask: [Bool]

    /// An example from its tokens and mask.
    ///
    /// - Precondition: at least two tokens, and as many mask elements.
    public init(tokens: [Int], lossMask: [Bool]) {
        precondition(tokens.count >= 2, "an example needs at least 2 tokens, not \(tokens.count)")
        precondition(
            tokens.count == lossMask.count, "an example of \(tokens.count) tokens has \(lossMask.count) mask elements")
        self.tokens = tokens
        self.lossMask = [false] + lossMask.dropFirst()
    }

    /// An example in which the tokens of the completion count and those of the prompt don't.
    ///
    /// - Precondition: at least two tokens together.
    public init(prompt: [Int], completion: [Int]) {
        self.init(
            tokens: prompt + completion,
            lossMask: prompt.map { _ in false } + completion.map { _ in true })
    }

    /// Number of tokens that count in the loss.
    public var scoredCount: Int {
        lossMask.count { $0 }
    }

    /// Joins examples end to end and cuts the result into rows of at most `length` tokens.
    ///
    /// No row begins inside an example unless that example alone is longer; a token is predicted only from tokens of
    /// its own example or, as in random concatenation, of the examples before it in the row; an example's first token
    /// never counts. The rest of an example that is too long is dropped.
    ///
    /// Source: DeepSeek-Prover-V1.5, arXiv:2408.08152, section 2.3 (random concatenation to the context length).
    ///
    /// - Parameters:
    ///   - examples: in the order in which they are to be joined.
    ///   - length: tokens in a row, at least 2.
    /// - Returns: the rows, in order.
    public static func concatenated(_ examples: some Sequence<TokenExample>, length: Int) -> [TokenExample] {
        precondition(length >= 2, "rows need room for at least 2 tokens, not \(length)")
        var rows: [TokenExample] = []
        var tokens: [Int] = []
        var mask: [Bool] = []
        for example in examples {
            let part = min(example.tokens.count, length)
            if tokens.count + part > length {
                rows.append(TokenExample(tokens: tokens, lossMask: mask))
                tokens.removeAll(keepingCapacity: true)
                mask.removeAll(keepingCapacity: true)
            }
            tokens += example.tokens.prefix(part)
            mask += example.lossMask.prefix(part)
        }
        if !tokens.isEmpty { rows.append(TokenExample(tokens: tokens, lossMask: mask)) }
        return rows
    }
}
