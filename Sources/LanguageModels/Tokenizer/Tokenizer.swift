/// A byte-level byte-pair-encoding tokenizer.
///
/// Token identifiers are laid out as: special tokens `0 ..< S`, then the 256 bytes, then one token per merge in
/// the order in which the merges were learned. Every byte string can be encoded and decoding gives it back
/// exactly. Special tokens never come out of ``encode(_:)``, whatever the text is.
///
/// Source: Sennrich, Haddow and Birch 2016, arXiv:1508.07909 (byte pairs); the byte-level variant of DeepSeek LLM,
/// arXiv:2401.02954, section 2.1.
public struct Tokenizer: Sendable {
    /// Names of the special tokens; the token of `specialTokens[i]` has the identifier `i`.
    public let specialTokens: [String]
    /// Identifiers of the left and right part of each merged token, in the order of learning.
    let merges: [Merge]
    /// Token made of a pair, by both identifiers in one key.
    let mergedTokens: [UInt64: Int]
    /// Bytes of every token; empty for special tokens.
    let bytesOfTokens: [[UInt8]]
    let cache: PieceCache

    /// Two adjacent tokens that become one.
    struct Merge: Hashable, Sendable {
        var left: Int
        var right: Int
    }

    /// Number of tokens: special tokens, 256 bytes and merges.
    public var vocabularySize: Int { bytesOfTokens.count }

    /// A tokenizer from its special tokens and merges.
    ///
    /// - Throws: ``TokenizerProblem`` if a name is empty or double, or a merge refers to a special token, to a token
    ///   that doesn't exist yet, or repeats an earlier merge.
    init(specialTokens: [String], merges: [Merge]) throws(TokenizerProblem) {
        try Self.check(specialTokens: specialTokens)
        let specialCount = specialTokens.count
        var bytesOfTokens = [[UInt8]](repeating: [], count: specialCount)
        bytesOfTokens.reserveCapacity(specialCount + 256 + merges.count)
        for byte in UInt8.min...UInt8.max { bytesOfTokens.append([byte]) }
        var mergedTokens = [UInt64: Int](minimumCapacity: merges.count)
        for (index, merge) in merges.enumerated() {
            let identifier = specialCount + 256 + index
            let known = specialCount..<identifier
            guard known.contains(merge.left), known.contains(merge.right) else {
                throw TokenizerProblem("merge \(index) is [\(merge.left), \(merge.right)] but must refer to \(known)")
            }
            guard mergedTokens.updateValue(identifier, forKey: Self.key(merge.left, merge.right)) == nil else {
                throw TokenizerProblem("merge \(index) [\(merge.left), \(merge.right)] occurs twice")
            }
            let bytes = bytesOfTokens[merge.left] + bytesOfTokens[merge.right]
            guard bytes.count <= Self.longestToken else {
                throw TokenizerProblem("merge \(index) makes a token of more than \(Self.longestToken) bytes")
            }
            bytesOfTokens.append(bytes)
        }
        cache = PieceCache()
        self.specialTokens = specialTokens
        self.merges = merges
        self.mergedTokens = mergedTokens
        self.bytesOfTokens = bytesOfTokens
    }

    /// Longest token in bytes, so that a hostile file can't double its way through the memory.
    static let longestToken = 4096

    private static func check(specialTokens: [String]) throws(TokenizerProblem) {
        guard !specialTokens.contains("") else { throw TokenizerProblem("a special token has an empty name") }
        var seen = Set<String>()
        for name in specialTokens where !seen.insert(name).inserted {
            throw TokenizerProblem("special token \(name) occurs twice")
        }
    }

    static func key(_ left: Int, _ right: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: left) << 32 | UInt64(truncatingIfNeeded: right)
    }

    /// The identifier of a special token, or nil if the tokenizer has none of that name.
    public func specialToken(_ name: String) -> Int? {
        specialTokens.firstIndex(of: name)
    }

    /// Whether an identifier belongs to a special token.
    public func isSpecial(_ token: Int) -> Bool {
        specialTokens.indices.contains(token)
    }

    /// The text of tokens; special tokens stand for nothing, bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Precondition: every identifier is in `0 ..< vocabularySize`.
    public func decode(_ tokens: some Sequence<Int>) -> String {
        String(decoding: bytes(of: tokens), as: UTF8.self)
    }

    /// The bytes of tokens, exactly; special tokens stand for no bytes.
    ///
    /// - Precondition: every identifier is in `0 ..< vocabularySize`.
    public func bytes(of tokens: some Sequence<Int>) -> [UInt8] {
        var result: [UInt8] = []
        for token in tokens {
            precondition(
                bytesOfTokens.indices.contains(token), "token \(token) is outside 0 ..< \(vocabularySize)")
            result += bytesOfTokens[token]
        }
        return result
    }
}

extension Tokenizer: Hashable {
    /// Two tokenizers are equal when they have the same special tokens and merges.
    public static func == (first: Tokenizer, second: Tokenizer) -> Bool {
        first.specialTokens == second.specialTokens && first.merges == second.merges
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(specialTokens)
        hasher.combine(merges)
    }
}

/// Which rule a tokenizer breaks.
struct TokenizerProblem: Error, Equatable {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}
