/// Examples side by side, padded on the right, ready for one training step.
///
/// `B` sequences, `T` positions; arrays are row-major `[B, T]`. Position `t` of a row holds token `t` of an example as
/// input and token `t + 1` as target. Padding lies after every real token, so that causal attention can't see it,
/// and has weight 0.
public struct TokenBatch: Hashable, Sendable {
    /// `B`, number of sequences.
    public let count: Int
    /// `T`, number of positions of the longest sequence.
    public let length: Int
    /// `[B, T]` tokens that go in.
    public let inputs: [Int64]
    /// `[B, T]` tokens to be predicted.
    public let targets: [Int64]
    /// `[B, T]` 1 where the target counts in the loss, else 0.
    public let weights: [Float]

    /// A batch of examples.
    ///
    /// - Parameters:
    ///   - examples: at least one.
    ///   - padding: the token put where an example is shorter than the longest; any token of the vocabulary will do.
    ///   - maximumLength: positions at most; what lies beyond in longer examples is cut off.
    public init(_ examples: [TokenExample], padding: Int = 0, maximumLength: Int = .max) {
        precondition(!examples.isEmpty, "a batch needs at least one example")
        precondition(maximumLength >= 1, "a batch needs room for at least one position, not \(maximumLength)")
        let longest = examples.map { $0.tokens.count - 1 }.max() ?? 0
        let length = min(longest, maximumLength)
        var inputs = [Int64](repeating: Int64(padding), count: examples.count * length)
        var targets = inputs
        var weights = [Float](repeating: 0, count: examples.count * length)
        for (row, example) in examples.enumerated() {
            for position in 0..<min(length, example.tokens.count - 1) {
                let place = row * length + position
                inputs[place] = Int64(example.tokens[position])
                targets[place] = Int64(example.tokens[position + 1])
                weights[place] = example.lossMask[position + 1] ? 1 : 0
            }
        }
        count = examples.count
        self.length = length
        self.inputs = inputs
        self.targets = targets
        self.weights = weights
    }

    /// Number of targets that count in the loss.
    public var scoredCount: Int {
        weights.count { $0 != 0 }
    }
}
