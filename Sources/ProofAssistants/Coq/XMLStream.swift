/// A piece of an XML text.
enum XMLToken: Hashable, Sendable {
    /// A start tag; `<a/>` gives an opening and a closing token.
    case open(name: String, attributes: [String: String])
    /// Text with its entities replaced, never empty.
    case text(String)
    /// An end tag.
    case close
}

/// What is wrong with an XML text that a process sent.
enum XMLError: Error, Hashable, Sendable {
    /// A byte that can't stand where it stands; the offset counts from the start of the element in question.
    case unexpected(byte: UInt8, offset: Int)
    /// An end tag without its start tag.
    case mismatched(offset: Int)
    /// An entity that isn't known.
    case entity(String, offset: Int)
    /// An element that is larger or deeper than allowed.
    case tooLarge
}

/// Cuts the endless stream of top-level elements that a process sends into single elements, as bytes come in.
///
/// A tiny subset of XML: elements, attributes, text, the predefined entities, numeric ones and `&nbsp;` (a plain blank
/// in Coq's use). No comments, no declarations, no CDATA. Made for untrusted input: it throws and never traps, and it
/// holds at most `limit` bytes.
struct XMLStream {
    /// Most bytes in one top-level element.
    let limit: Int
    /// Most elements inside each other.
    let depthLimit: Int
    private var bytes: [UInt8] = []
    /// Start of the element in work within `bytes`.
    private var start = 0
    /// Bytes of the element in work that were dropped from `bytes` already.
    private var carried = 0
    /// First byte not yet looked at.
    private var position = 0
    /// No text that was begun ends before this byte, so that each byte is looked at once.
    private var searched = 0
    private var names: [String] = []
    private var tokens: [XMLToken] = []

    init(limit: Int = 32 << 20, depthLimit: Int = 10_000) {
        self.limit = limit
        self.depthLimit = depthLimit
    }

    /// Most bytes in one tag.
    private static let longestTag = 1 << 16

    /// Takes in bytes.
    mutating func append(_ more: some Collection<UInt8>) {
        if position == bytes.count {
            carried += names.isEmpty ? 0 : bytes.count - start
            bytes.removeAll(keepingCapacity: true)
            start = 0
            position = 0
            searched = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The tokens of the next complete top-level element, or nil until more bytes come.
    mutating func next() throws(XMLError) -> [XMLToken]? {
        while true {
            if names.isEmpty { skipBlanks() }
            guard position < bytes.count else { break }
            let isComplete = bytes[position] == UInt8(ascii: "<") ? try readTag() : try readText()
            guard isComplete else { break }
            if names.isEmpty {
                let element = tokens
                tokens = []
                compact()
                return element
            }
        }
        if carried + bytes.count - start > limit { throw .tooLarge }
        return nil
    }

    private mutating func compact() {
        start = position
        carried = 0
        if start > 1 << 20 {
            bytes.removeSubrange(..<start)
            start = 0
            position = 0
            searched = 0
        }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
        start = position
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Reads text up to the next tag; false if the tag isn't there yet.
    private mutating func readText() throws(XMLError) -> Bool {
        if names.isEmpty { throw .unexpected(byte: bytes[position], offset: position - start) }
        guard let end = bytes[max(position, searched)...].firstIndex(of: UInt8(ascii: "<")) else {
            searched = bytes.count
            return false
        }
        let text = try decode(position..<end)
        if !text.isEmpty { tokens.append(.text(text)) }
        position = end
        return true
    }

    /// Reads a tag; false if its end isn't there yet.
    private mutating func readTag() throws(XMLError) -> Bool {
        guard let end = tagEnd() else {
            if bytes.count - position > Self.longestTag { throw .tooLarge }
            return false
        }
        var scanner = TagScanner(bytes: bytes[(position + 1)..<end], base: start)
        if scanner.take(UInt8(ascii: "/")) {
            let name = try scanner.name()
            guard names.popLast() == name else { throw .mismatched(offset: position - start) }
            try scanner.end()
            tokens.append(.close)
        } else {
            let name = try scanner.name()
            var attributes: [String: String] = [:]
            while let (key, range) = try scanner.attribute() { attributes[key] = try decode(range) }
            let isEmpty = scanner.take(UInt8(ascii: "/"))
            try scanner.end()
            tokens.append(.open(name: name, attributes: attributes))
            if isEmpty { tokens.append(.close) } else { names.append(name) }
            if names.count > depthLimit { throw .tooLarge }
        }
        position = end + 1
        return true
    }

    /// The `>` that ends the tag at `position`; quotes hide it.
    private func tagEnd() -> Int? {
        var quote: UInt8?
        for index in position..<bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index
            }
        }
        return nil
    }

    /// Text with its entities replaced.
    private func decode(_ range: Range<Int>) throws(XMLError) -> String {
        let slice = bytes[range]
        guard slice.contains(UInt8(ascii: "&")) else { return String(decoding: slice, as: UTF8.self) }
        var output: [UInt8] = []
        output.reserveCapacity(slice.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "&") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let window = bytes[index..<min(index + 12, range.upperBound)]
            guard let end = window.firstIndex(of: UInt8(ascii: ";")) else {
                throw .entity(String(decoding: window, as: UTF8.self), offset: index - start)
            }
            let name = bytes[(index + 1)..<end]
            guard let scalar = Self.scalar(named: name) else {
                throw .entity(String(decoding: name, as: UTF8.self), offset: index - start)
            }
            output.append(contentsOf: String(Character(scalar)).utf8)
            index = end + 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func scalar(named name: ArraySlice<UInt8>) -> Unicode.Scalar? {
        if name.elementsEqual("nbsp".utf8) { return " " }
        if name.elementsEqual("lt".utf8) { return "<" }
        if name.elementsEqual("gt".utf8) { return ">" }
        if name.elementsEqual("amp".utf8) { return "&" }
        if name.elementsEqual("quot".utf8) { return "\"" }
        if name.elementsEqual("apos".utf8) { return "'" }
        guard name.first == UInt8(ascii: "#") else { return nil }
        let digits = String(decoding: name.dropFirst(), as: UTF8.self)
        let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { Unicode.Scalar($0) }
    }
}

/// Reads the inside of one tag.
private struct TagScanner {
    let bytes: ArraySlice<UInt8>
    let base: Int
    var position: Int

    init(bytes: ArraySlice<UInt8>, base: Int) {
        self.bytes = bytes
        self.base = base
        position = bytes.startIndex
    }

    mutating func skipBlanks() {
        while position < bytes.endIndex, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.endIndex, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    func unexpected() -> XMLError {
        .unexpected(
            byte: position < bytes.endIndex ? bytes[position] : UInt8(ascii: ">"), offset: position - base)
    }

    mutating func name() throws(XMLError) -> String {
        let first = position
        while position < bytes.endIndex, Self.isNameByte(bytes[position]) { position += 1 }
        if position == first { throw unexpected() }
        return String(decoding: bytes[first..<position], as: UTF8.self)
    }

    /// The next attribute's name and the range of its value, or nil if none follows.
    mutating func attribute() throws(XMLError) -> (String, Range<Int>)? {
        skipBlanks()
        guard position < bytes.endIndex, Self.isNameByte(bytes[position]) else { return nil }
        let key = try name()
        skipBlanks()
        guard take(UInt8(ascii: "=")) else { throw unexpected() }
        skipBlanks()
        guard position < bytes.endIndex else { throw unexpected() }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw unexpected() }
        let first = position + 1
        guard let last = bytes[first...].firstIndex(of: quote) else { throw unexpected() }
        position = last + 1
        return (key, first..<last)
    }

    mutating func end() throws(XMLError) {
        skipBlanks()
        if position != bytes.endIndex { throw unexpected() }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ":")
    }
}
