/// One sentence of a Coq text.
public struct CoqSentence: Hashable, Sendable {
    /// UTF-8 offsets in the text, from the sentence's first character to behind its full stop.
    public var range: Range<Int>
    /// The sentence with each comment inside it blanked out, byte for byte, so that offsets still fit.
    public var text: String

    /// A sentence from its parts.
    public init(range: Range<Int>, text: String) {
        self.range = range
        self.text = text
    }

    /// The first word: letters, digits, `_` and `'` from the start; empty for signs.
    var firstWord: Substring {
        text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "'" }
    }
}

/// A Coq text cut into sentences.
public struct CoqSentences: Hashable, Sendable {
    /// Why the rest of a text is no sentence.
    public struct Problem: Error, Hashable, Sendable {
        /// UTF-8 offsets in the text.
        public var range: Range<Int>
        /// One sentence for a person.
        public var message: String
    }

    /// The complete sentences, in order.
    public private(set) var sentences: [CoqSentence] = []
    /// What is wrong behind the last complete sentence, or nil.
    public private(set) var problem: Problem?

    /// Cuts a text the way Coq's own lexer does.
    ///
    /// A sentence ends at a full stop (or `...`) before a blank or the end of the text, outside of strings and nested
    /// comments. At the start of a sentence, runs of one of `-`, `+`, `*` (bullets) and single braces are sentences of
    /// their own, and so is a goal selector with an opening brace (`2: {`).
    ///
    /// - Parameter text: any text; nothing in it traps.
    /// - Complexity: O(bytes).
    public init(_ text: String) {
        var cutter = SentenceCutter(bytes: Array(text.utf8))
        cutter.cut()
        sentences = cutter.sentences
        problem = cutter.problem
    }
}

/// The scanner behind ``CoqSentences``; `position` only moves forward.
private struct SentenceCutter {
    let bytes: [UInt8]
    var position = 0
    var blanked: [UInt8]
    var sentences: [CoqSentence] = []
    var problem: CoqSentences.Problem?

    init(bytes: [UInt8]) {
        self.bytes = bytes
        blanked = bytes
    }

    func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

    func isBlank(at index: Int) -> Bool {
        guard let byte = byte(at: index) else { return true }
        return byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C
    }

    func startsComment(at index: Int) -> Bool {
        byte(at: index) == UInt8(ascii: "(") && byte(at: index + 1) == UInt8(ascii: "*")
    }

    mutating func cut() {
        while problem == nil, skipBlanks() {
            let start = position
            if let end = structuralEnd(from: start) {
                position = end
            } else if !scanToFullStop(from: start) {
                return
            }
            emit(start..<position)
        }
    }

    mutating func emit(_ range: Range<Int>) {
        sentences.append(CoqSentence(range: range, text: String(decoding: blanked[range], as: UTF8.self)))
    }

    /// Moves to the next sentence; false at the end of the text or on a problem.
    mutating func skipBlanks() -> Bool {
        while position < bytes.count {
            if startsComment(at: position) {
                guard skipComment() else { return false }
            } else if isBlank(at: position) {
                position += 1
            } else {
                return true
            }
        }
        return false
    }

    /// The end of a bullet, a brace or a selector with a brace that starts here.
    func structuralEnd(from start: Int) -> Int? {
        let first = bytes[start]
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "}") { return start + 1 }
        if [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*")].contains(first) {
            return bytes[start...].firstIndex { $0 != first } ?? bytes.count
        }
        var index = start
        func skip(while matches: (UInt8) -> Bool) {
            while let byte = byte(at: index), matches(byte) { index += 1 }
        }
        if first == UInt8(ascii: "[") {
            skip { $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ".") }
            guard byte(at: index) == UInt8(ascii: "]") else { return nil }
            index += 1
        } else if first == UInt8(ascii: "!") {
            index += 1
        } else {
            skip { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        }
        skip { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }
        guard byte(at: index) == UInt8(ascii: ":") else { return nil }
        index += 1
        skip { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }
        return byte(at: index) == UInt8(ascii: "{") ? index + 1 : nil
    }

    mutating func scanToFullStop(from start: Int) -> Bool {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                guard skipString(blank: false) else { return false }
            case UInt8(ascii: "(") where startsComment(at: position):
                guard skipComment() else { return false }
            case UInt8(ascii: "."):
                let first = position
                while byte(at: position) == UInt8(ascii: ".") { position += 1 }
                if position - first != 2, isBlank(at: position) || startsComment(at: position) { return true }
            default:
                position += 1
            }
        }
        problem = .init(range: start..<bytes.count, message: "the sentence has no full stop at its end")
        return false
    }

    /// Skips a nested comment and blanks it out; strings inside hide comment signs, as in Coq.
    mutating func skipComment() -> Bool {
        let start = position
        var depth = 0
        repeat {
            guard position < bytes.count else {
                problem = .init(range: start..<bytes.count, message: "the comment isn't closed")
                return false
            }
            if startsComment(at: position) {
                depth += 1
                position += 2
            } else if bytes[position] == UInt8(ascii: "*"), byte(at: position + 1) == UInt8(ascii: ")") {
                depth -= 1
                position += 2
            } else if bytes[position] == UInt8(ascii: "\"") {
                guard skipString(blank: true) else { return false }
            } else {
                position += 1
            }
        } while depth > 0
        for index in start..<position where bytes[index] != 0x0A { blanked[index] = 0x20 }
        return true
    }

    /// Skips a string; `""` inside stands for one quote, which two strings in a row scan the same as.
    mutating func skipString(blank: Bool) -> Bool {
        let start = position
        guard let close = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
            problem = .init(range: start..<bytes.count, message: "the string isn't closed")
            return false
        }
        position = close + 1
        return true
    }
}
