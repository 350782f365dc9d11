/// Reads the text headers of tensor files byte by byte, never past their end.
struct HeaderCursor {
    let bytes: UnsafeRawBufferPointer
    let path: String
    /// Where the header starts in the file, for messages.
    let base: Int
    var position = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String, base: Int) {
        self.bytes = bytes
        self.path = path
        self.base = base
    }

    func fail(_ reason: String) -> TensorFileError {
        .malformed(path: path, offset: base + position, reason: reason)
    }

    var isAtEnd: Bool { position >= bytes.count }

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Takes a character, after white space, if it comes next.
    mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard peek() == character.asciiValue else { return false }
        position += 1
        return true
    }

    mutating func expect(_ character: Character) throws(TensorFileError) {
        guard take(character) else { throw fail("\"\(character)\" was expected") }
    }

    /// Takes a word, after white space, if it comes next.
    mutating func take(word: String) -> Bool {
        skipSpace()
        let end = position + word.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(word.utf8) else { return false }
        position = end
        return true
    }

    /// An integer of 0 or more, without sign or fraction.
    mutating func naturalNumber() throws(TensorFileError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = peek(), byte >= 0x30, byte <= 0x39 {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int(byte) - 0x30)
            guard !isTooLarge, !overflows else { throw fail("a number is too large") }
            value = sum
            position += 1
        }
        guard position > start else { throw fail("an integer of at least 0 was expected") }
        guard position == start + 1 || bytes[start] != 0x30 else { throw fail("a number starts with 0") }
        return value
    }

    /// A JSON string with its escapes.
    mutating func jsonString() throws(TensorFileError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case 0x22:
                guard let string = String(validating: text, as: UTF8.self) else { throw fail("a string is no UTF-8") }
                return string
            case 0x5C:
                text.append(contentsOf: String(try escaped()).utf8)
            case 0..<0x20:
                throw fail("a control character in a string")
            default:
                text.append(byte)
            }
        }
        throw fail("a string does not end")
    }

    private mutating func escaped() throws(TensorFileError) -> Unicode.Scalar {
        guard let byte = peek() else { throw fail("a string does not end") }
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: return Unicode.Scalar(byte)
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75: return try escapedCode()
        default: throw fail("an unknown escape in a string")
        }
    }

    private mutating func escapedCode() throws(TensorFileError) -> Unicode.Scalar {
        let first = try hexCode()
        if first >= 0xD800, first < 0xDC00 {
            guard take(word: "\\u") else { throw fail("half of a surrogate pair in a string") }
            let second = try hexCode()
            guard second >= 0xDC00, second < 0xE000,
                let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            else { throw fail("half of a surrogate pair in a string") }
            return scalar
        }
        guard let scalar = Unicode.Scalar(first) else { throw fail("half of a surrogate pair in a string") }
        return scalar
    }

    private mutating func hexCode() throws(TensorFileError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw fail("an escape in a string is cut off") }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fail("an escape in a string has no four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}

/// How many bytes a tensor of a shape takes; nil when that, or the product of the sizes other than 0, is no `Int`.
func byteCount(shape: [Int], dtype: DType) -> Int? {
    // libtorch works out strides from all sizes, also beside one of 0.
    var count = dtype.byteCount
    for size in shape where size != 0 {
        let (product, overflows) = count.multipliedReportingOverflow(by: size)
        if overflows { return nil }
        count = product
    }
    return shape.contains(0) ? 0 : count
}
