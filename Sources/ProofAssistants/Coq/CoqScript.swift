/// An untrusted proof script, cut into sentences that were judged one by one.
///
/// Proofs may only hold tactics. Commands of Coq begin with an upper-case letter or `#[`; a tactic begins with a
/// lower-case letter or `(`. So the filter looks at how each sentence begins, and bans what lets text get out of a
/// sentence: string literals. What Coq sees holds no comment and no string, so both lexers agree on it.
public struct CoqScript: Hashable, Sendable {
    /// Tactics, bullets, braces and a leading `Proof.`, in order, up to the first failure or `Qed.`.
    public private(set) var sentences: [CoqSentence] = []
    /// The closing `Qed.` if the script holds one.
    public private(set) var closing: CoqSentence?
    /// Why the script ends early, or nil.
    public private(set) var failure: ScriptFailure?

    /// Cuts and judges a script.
    ///
    /// - Parameters:
    ///   - text: any text.
    ///   - isPrefix: whether more follows, so that `Qed.` isn't allowed.
    ///   - isContinuation: whether something went before, so that `Proof.` isn't allowed.
    public init(_ text: String, isPrefix: Bool = false, isContinuation: Bool = false) {
        let cut = CoqSentences(text)
        for (index, sentence) in cut.sentences.enumerated() {
            if closing != nil {
                fail(sentence.range, "nothing may follow `Qed.`", .forbidden)
                closing = nil
                return
            }
            if index == 0, !isContinuation, Self.isExactly("Proof", sentence) {
                sentences.append(sentence)
            } else if !isPrefix, Self.isExactly("Qed", sentence) {
                closing = sentence
            } else if let reason = Self.reasonToForbid(sentence.text) {
                fail(sentence.range, reason, .forbidden)
                return
            } else {
                sentences.append(sentence)
            }
        }
        if let problem = cut.problem {
            closing = nil
            fail(problem.range, problem.message, .error)
        }
    }

    private mutating func fail(_ range: Range<Int>, _ message: String, _ kind: ScriptFailure.Kind) {
        failure = ScriptFailure(range: range, message: message, kind: kind)
    }

    /// Whether a sentence is one word and a full stop.
    static func isExactly(_ word: String, _ sentence: CoqSentence) -> Bool {
        sentence.text.filter { !$0.isWhitespace } == word + "."
    }

    /// Why a sentence may not stand in a proof, or nil if it may.
    static func reasonToForbid(_ sentence: String) -> String? {
        if sentence.utf8.contains(UInt8(ascii: "\"")) { return "string literals may not stand in a proof" }
        if sentence.utf8.contains(0) { return "zero bytes may not stand in a proof" }
        let bytes = Array(sentence.utf8)
        guard let first = bytes.first else { return "the sentence is empty" }
        if bytes.count == 1, first == UInt8(ascii: "{") || first == UInt8(ascii: "}") { return nil }
        if bytes.allSatisfy({ $0 == first }), "-+*".utf8.contains(first) { return nil }
        var rest = bytes[...]
        if let selected = behindSelector(rest) { rest = selected }
        guard let start = rest.first else { return "the sentence holds nothing but a goal selector" }
        if rest.count == 1, start == UInt8(ascii: "{") { return nil }
        if start == UInt8(ascii: "(") || start == UInt8(ascii: "[") && rest.dropFirst().first == UInt8(ascii: ">") {
            return nil
        }
        guard (0x61...0x7A).contains(start) else {
            return "only tactics, bullets, braces and goal selectors may stand in a proof; commands may not"
        }
        let word = String(decoding: rest.prefix { isWordByte($0) }, as: UTF8.self)
        if word == "par" { return "`par:` starts processes of its own and may not stand in a proof" }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "'")
    }

    /// What follows `1:`, `1,3-4:`, `all:`, `!:` or `[name]:` and its blanks; nil without a selector.
    private static func behindSelector(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let after = bytes.index(after: colon)
        if after < bytes.endIndex, bytes[after] == UInt8(ascii: "=") || bytes[after] == UInt8(ascii: ":") { return nil }
        let head = bytes[..<colon].filter { !isBlank($0) }
        let isNumbers = head.allSatisfy {
            (0x30...0x39).contains($0) || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "-")
        }
        let isName =
            head.first == UInt8(ascii: "[") && head.last == UInt8(ascii: "]")
            && head.dropFirst().dropLast().allSatisfy { isWordByte($0) || $0 == UInt8(ascii: "?") }
        guard isNumbers || isName || head.elementsEqual("all".utf8) || head.elementsEqual("!".utf8) else { return nil }
        return bytes[after...].drop { isBlank($0) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
