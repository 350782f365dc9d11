import HeapModule

/// Learns the merges of a ``Tokenizer`` from texts.
///
/// The same texts and options always give the same tokenizer.
public struct TokenizerTrainer: Sendable {
    /// What to learn.
    public struct Options: Sendable {
        /// Number of tokens to aim at, special tokens and the 256 bytes included; fewer if the texts run out of pairs.
        public var vocabularySize: Int
        /// Names of the special tokens, in the order of their identifiers.
        public var specialTokens: [String]
        /// A pair met less often than this is not merged.
        public var minimumPairCount: Int
        /// Longest token in bytes.
        public var longestToken: Int

        /// The options of a small tokenizer for proof scripts.
        public init(
            vocabularySize: Int = 512, specialTokens: [String] = ["<end>"], minimumPairCount: Int = 2,
            longestToken: Int = 32
        ) {
            self.vocabularySize = vocabularySize
            self.specialTokens = specialTokens
            self.minimumPairCount = minimumPairCount
            self.longestToken = longestToken
        }
    }

    /// What to learn.
    public let options: Options

    /// A trainer.
    ///
    /// - Precondition: the vocabulary has room for the special tokens and the 256 bytes, special tokens have different
    ///   and non-empty names, counts and lengths are positive.
    public init(_ options: Options = Options()) {
        precondition(
            options.vocabularySize >= options.specialTokens.count + 256,
            "a vocabulary of \(options.vocabularySize) has no room for \(options.specialTokens.count) special tokens"
                + " and 256 bytes")
        precondition(
            Set(options.specialTokens).count == options.specialTokens.count && !options.specialTokens.contains(""),
            "special tokens need different, non-empty names: \(options.specialTokens)")
        precondition(options.minimumPairCount >= 1, "minimumPairCount must be at least 1")
        precondition((1...Tokenizer.longestToken).contains(options.longestToken), "longestToken must be in 1...4096")
        self.options = options
    }

    /// Learns from texts.
    ///
    /// The most frequent pair of adjacent tokens inside the pieces becomes a token, again and again; equal counts are
    /// decided by the smaller identifiers, so no hash order matters.
    ///
    /// - Complexity: O(n) for counting the pieces; each merge costs the length of the pieces that contain it.
    public func train(on texts: some Sequence<String>) -> Tokenizer {
        var counts: [ArraySlice<UInt8>: Int] = [:]
        for text in texts {
            for piece in FormalTextSplitter(Array(text.utf8)) { counts[piece, default: 0] += 1 }
        }
        var learner = MergeLearner(counts: counts, firstByte: options.specialTokens.count)
        var merges: [Tokenizer.Merge] = []
        let wanted = options.vocabularySize - options.specialTokens.count - 256
        while merges.count < wanted, let best = learner.mostFrequentPair(options) {
            learner.apply(best, as: options.specialTokens.count + 256 + merges.count)
            merges.append(best)
        }
        do {
            return try Tokenizer(specialTokens: options.specialTokens, merges: merges)
        } catch {
            preconditionFailure("learned merges are always well formed: \(error.sentence)")
        }
    }
}

/// Pieces as tokens with their counts, and how often each pair of adjacent tokens occurs in them.
private struct MergeLearner {
    private struct Piece {
        var tokens: [Int]
        var count: Int
    }

    private struct Candidate: Comparable {
        var count: Int
        var pair: Tokenizer.Merge

        /// More frequent is greater; among equals the pair with smaller identifiers is greater.
        static func < (first: Candidate, second: Candidate) -> Bool {
            (first.count, second.pair.left, second.pair.right) < (second.count, first.pair.left, first.pair.right)
        }
    }

    private var pieces: [Piece]
    private var pairCounts: [Tokenizer.Merge: Int] = [:]
    private var piecesWithPair: [Tokenizer.Merge: Set<Int>] = [:]
    private var candidates = Heap<Candidate>()
    private var lengths: [Int: Int] = [:]

    init(counts: [ArraySlice<UInt8>: Int], firstByte: Int) {
        pieces = counts.map { piece, count in Piece(tokens: piece.map { firstByte + Int($0) }, count: count) }
        for index in pieces.indices { addPairs(of: index, times: pieces[index].count) }
        for (pair, count) in pairCounts { candidates.insert(Candidate(count: count, pair: pair)) }
    }

    /// The next pair to merge, or nil when none is frequent and short enough.
    mutating func mostFrequentPair(_ options: TokenizerTrainer.Options) -> Tokenizer.Merge? {
        while let top = candidates.popMax() {
            let count = pairCounts[top.pair, default: 0]
            if count != top.count {
                // An old entry; the present count is entered again when it is still of use.
                if count > 0 { candidates.insert(Candidate(count: count, pair: top.pair)) }
                continue
            }
            if count < options.minimumPairCount { return nil }
            if length(top.pair.left) + length(top.pair.right) <= options.longestToken { return top.pair }
        }
        return nil
    }

    mutating func apply(_ pair: Tokenizer.Merge, as token: Int) {
        lengths[token] = length(pair.left) + length(pair.right)
        var touched: Set<Tokenizer.Merge> = []
        for index in piecesWithPair[pair] ?? [] {
            addPairs(of: index, times: -pieces[index].count)
            pieces[index].tokens = Self.replace(pair, by: token, in: pieces[index].tokens)
            addPairs(of: index, times: pieces[index].count)
            let tokens = pieces[index].tokens
            for position in tokens.indices.dropLast() where tokens[position] == token || tokens[position + 1] == token {
                touched.insert(Tokenizer.Merge(left: tokens[position], right: tokens[position + 1]))
            }
        }
        piecesWithPair[pair] = nil
        for pair in touched { candidates.insert(Candidate(count: pairCounts[pair, default: 0], pair: pair)) }
    }

    private func length(_ token: Int) -> Int {
        lengths[token] ?? 1
    }

    private mutating func addPairs(of index: Int, times count: Int) {
        let tokens = pieces[index].tokens
        for position in tokens.indices.dropLast() {
            let pair = Tokenizer.Merge(left: tokens[position], right: tokens[position + 1])
            pairCounts[pair, default: 0] += count
            if count > 0 {
                piecesWithPair[pair, default: []].insert(index)
            } else {
                piecesWithPair[pair]?.remove(index)
            }
        }
    }

    private static func replace(_ pair: Tokenizer.Merge, by token: Int, in tokens: [Int]) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(tokens.count)
        var position = 0
        while position < tokens.count {
            if position + 1 < tokens.count, tokens[position] == pair.left, tokens[position + 1] == pair.right {
                result.append(token)
                position += 2
            } else {
                result.append(tokens[position])
                position += 1
            }
        }
        return result
    }
}
