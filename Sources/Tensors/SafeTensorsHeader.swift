/// The checked header of a safetensors file.
///
/// Format: 8 bytes with the header's length (little-endian), the header (a JSON object), the data. The header names
/// each tensor's type, shape and range in the data. The ranges must cover the data without gap or overlap, and no
/// name may come twice. Source: huggingface.co/docs/safetensors, "Format".
struct SafeTensorsHeader {
    /// The format's own limit, against headers that would fill the memory.
    static let longestHeader = 100_000_000
    /// libtorch's operations take no more.
    static let mostDimensions = 64
    static let metadataName = "__metadata__"

    var entries: [SafeTensors.Entry] = []
    var metadata: [String: String] = [:]
    /// Where the data starts in the file.
    var dataStart = 0

    init(_ file: UnsafeRawBufferPointer, path: String) throws(TensorFileError) {
        guard file.count >= 8 else {
            throw .malformed(path: path, offset: 0, reason: "\(file.count) bytes are too few for a header's length")
        }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= Self.longestHeader else {
            throw .malformed(
                path: path, offset: 0,
                reason: "the header claims \(length) bytes, more than the \(Self.longestHeader) allowed")
        }
        guard Int(length) <= file.count - 8 else {
            throw .malformed(
                path: path, offset: 0, reason: "the header claims \(length) bytes, but only \(file.count - 8) follow")
        }
        dataStart = 8 + Int(length)
        var cursor = HeaderCursor(
            UnsafeRawBufferPointer(rebasing: file[8..<dataStart]), path: path, base: 8)
        guard cursor.peek() == 0x7B else { throw cursor.fail("the header does not start with {") }
        try parseObject(&cursor)
        cursor.skipSpace()
        guard cursor.isAtEnd else { throw cursor.fail("something follows the header's object") }
        try checkCover(dataCount: file.count - dataStart, path: path)
    }

    private mutating func parseObject(_ cursor: inout HeaderCursor) throws(TensorFileError) {
        try cursor.expect("{")
        if cursor.take("}") { return }
        var names: Set<String> = []
        repeat {
            let name = try cursor.jsonString()
            guard names.insert(name).inserted else { throw cursor.fail("the name \"\(name)\" comes twice") }
            try cursor.expect(":")
            if name == Self.metadataName {
                metadata = try Self.parseMetadata(&cursor)
            } else {
                entries.append(try Self.parseEntry(name, &cursor))
            }
        } while cursor.take(",")
        try cursor.expect("}")
    }

    private static func parseMetadata(_ cursor: inout HeaderCursor) throws(TensorFileError) -> [String: String] {
        var result: [String: String] = [:]
        try cursor.expect("{")
        if cursor.take("}") { return result }
        repeat {
            let key = try cursor.jsonString()
            try cursor.expect(":")
            let value = try cursor.jsonString()
            guard result.updateValue(value, forKey: key) == nil else {
                throw cursor.fail("the metadata \"\(key)\" comes twice")
            }
        } while cursor.take(",")
        try cursor.expect("}")
        return result
    }

    private static func parseEntry(_ name: String, _ cursor: inout HeaderCursor) throws(TensorFileError)
        -> SafeTensors.Entry
    {
        var dtype: DType?
        var shape: [Int]?
        var range: [Int]?
        try cursor.expect("{")
        repeat {
            let key = try cursor.jsonString()
            try cursor.expect(":")
            switch key {
            case "dtype" where dtype == nil:
                let code = try cursor.jsonString()
                dtype = SafeTensors.dtypes[code]
                if dtype == nil {
                    throw .unsupported(path: cursor.path, reason: "tensor \"\(name)\" has the type \"\(code)\"")
                }
            case "shape" where shape == nil: shape = try parseNumbers(&cursor)
            case "data_offsets" where range == nil: range = try parseNumbers(&cursor)
            default: throw cursor.fail("tensor \"\(name)\" has the key \"\(key)\" too often or unexpectedly")
            }
        } while cursor.take(",")
        try cursor.expect("}")
        guard let dtype, let shape, let range else {
            throw cursor.fail("tensor \"\(name)\" lacks dtype, shape or data_offsets")
        }
        guard shape.count <= Self.mostDimensions else {
            throw cursor.fail("tensor \"\(name)\" has \(shape.count) dimensions, more than \(Self.mostDimensions)")
        }
        guard range.count == 2, range[0] <= range[1] else {
            throw cursor.fail("tensor \"\(name)\" has the data_offsets \(range), which are no range")
        }
        guard byteCount(shape: shape, dtype: dtype) == range[1] - range[0] else {
            throw cursor.fail(
                "tensor \"\(name)\" of shape \(shape) and type \(dtype) does not take \(range[1] - range[0]) bytes")
        }
        return SafeTensors.Entry(name: name, dtype: dtype, shape: shape, range: range[0]..<range[1])
    }

    private static func parseNumbers(_ cursor: inout HeaderCursor) throws(TensorFileError) -> [Int] {
        var numbers: [Int] = []
        try cursor.expect("[")
        if cursor.take("]") { return numbers }
        repeat { numbers.append(try cursor.naturalNumber()) } while cursor.take(",")
        try cursor.expect("]")
        return numbers
    }

    /// Sorts entries by place, and checks that they cover the data exactly.
    private mutating func checkCover(dataCount: Int, path: String) throws(TensorFileError) {
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                let fault = entry.range.lowerBound < end ? "overlaps the one before it" : "leaves a gap before it"
                throw .malformed(
                    path: path, offset: nil,
                    reason: "tensor \"\(entry.name)\" at \(entry.range) \(fault), which ends at \(end)")
            }
            end = entry.range.upperBound
        }
        guard end == dataCount else {
            throw .malformed(
                path: path, offset: nil, reason: "the tensors take \(end) bytes, but \(dataCount) are there")
        }
    }
}
