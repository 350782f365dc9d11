/// Cuts formal text into the pieces inside which byte pairs may merge.
///
/// Works on bytes, so any input is accepted and the pieces joined give the input back. A piece is one of
/// - a word: a run of ASCII letters, `_` and `'`, with one space on its left if there is one;
/// - a run of other printable ASCII characters, with one space on its left if there is one;
/// - a single digit, never joined with anything, so that a number's digits are always the same tokens;
/// - a run of bytes above 127 (letters and signs outside ASCII), with one space on its left if there is one;
/// - a run of the remaining bytes: white space and control characters.
///
/// The design follows the chain of splits of DeepSeek LLM's tokenizer (arXiv:2401.02954, section 2.1) with the
/// classes that matter in proof scripts.
struct FormalTextSplitter: Sequence, IteratorProtocol {
    private enum Class {
        case word, digit, symbol, beyondASCII, space
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard position < bytes.count else { return nil }
        let start = position
        position = end(ofPieceAt: start)
        return bytes[start..<position]
    }

    private func end(ofPieceAt start: Int) -> Int {
        let first = Self.classify(bytes[start])
        if first == .digit { return start + 1 }
        let end = end(ofRunAt: start, of: first)
        guard first == .space else { return end }
        // The last space of a run goes to the word or sign after it.
        guard bytes[end - 1] == UInt8(ascii: " "), end < bytes.count, Self.classify(bytes[end]) != .digit else {
            return end
        }
        return end - 1 > start ? end - 1 : self.end(ofRunAt: end, of: Self.classify(bytes[end]))
    }

    private func end(ofRunAt start: Int, of kind: Class) -> Int {
        var end = start + 1
        while end < bytes.count, Self.classify(bytes[end]) == kind { end += 1 }
        return end
    }

    private static func classify(_ byte: UInt8) -> Class {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), UInt8(ascii: "'"):
            .word
        case 0x80...: .beyondASCII
        case 0x21...0x7E: .symbol
        default: .space
        }
    }
}
