/// One tensor in NumPy's file format (`.npy`), versions 1, 2 and 3.
///
/// Source: numpy.org, "NEP 1 - A simple file format for NumPy arrays".
public enum NumPyArray {
    private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    private static let dtypes: [String: DType] = [
        "<f2": .float16, "<f4": .float32, "<f8": .float64, "<i8": .int64, "<i4": .int32, "<i2": .int16, "|i1": .int8,
        "|u1": .uint8, "|b1": .bool,
    ]

    /// Reads a file.
    ///
    /// - Parameter path: a file of numbers of one type in little-endian order, in C or Fortran order.
    /// - Returns: the array as a tensor of its shape, in memory of its own.
    /// - Throws: `TensorFileError`: `unreadable`, `malformed`, or `unsupported` for another type or byte order.
    public static func read(_ path: String) throws(TensorFileError) -> Tensor {
        let file = try MappedFile(path: path)
        let (start, length) = try headerPlace(file.bytes, path: path)
        var cursor = HeaderCursor(
            UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + length]), path: path, base: start)
        let header = try parse(&cursor)
        let data = UnsafeRawBufferPointer(rebasing: file.bytes[(start + length)...])
        guard byteCount(shape: header.shape, dtype: header.dtype) == data.count else {
            throw .malformed(
                path: path, offset: start + length,
                reason: "an array of shape \(header.shape) and type \(header.dtype) does not take \(data.count) bytes")
        }
        if header.dtype == .bool, let place = data.firstIndex(where: { $0 > 1 }) {
            throw .malformed(path: path, offset: start + length + place, reason: "a bool is \(data[place])")
        }
        if header.isFortran {
            let reversed = Tensor(hostBytes: data, shape: header.shape.reversed(), dtype: header.dtype)
            return reversed.permuted(Array((0..<header.shape.count).reversed())).contiguous()
        }
        return Tensor(hostBytes: data, shape: header.shape, dtype: header.dtype)
    }

    /// Writes a tensor to a file, all of it or nothing.
    ///
    /// - Parameters:
    ///   - tensor: any but bfloat16, which NumPy has not: convert it first, or it traps.
    ///   - path: the file, which is replaced.
    /// - Throws: `TensorFileError.unwritable`.
    public static func write(_ tensor: Tensor, to path: String) throws(TensorFileError) {
        guard let code = dtypes.first(where: { $0.value == tensor.dtype })?.key else {
            preconditionFailure("Tensors: NumPy has no \(tensor.dtype); convert the tensor with to(.float32)")
        }
        let sizes = tensor.shape.map { "\($0)," }.joined(separator: " ")
        var text = Array("{'descr': '\(code)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
        // The data starts at a multiple of 64; a header that needs more than 16 bits of length needs version 2.
        let isLong = text.count + 64 > UInt16.max
        let prefix = isLong ? 12 : 10
        text.append(contentsOf: repeatElement(0x20, count: 63 - (prefix + text.count) % 64))
        text.append(0x0A)
        let version: [UInt8] = isLong ? [2, 0] : [1, 0]
        let length = (0..<(isLong ? 4 : 2)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        let header = magic + version + length + text
        let plain = tensor.to(.cpu).detached().contiguous()
        try writeAtomically(path: path) { put throws(TensorFileError) in
            try header.withUnsafeBytes { bytes in Result { () throws(TensorFileError) in try put(bytes) } }.get()
            try plain.withUnsafeBytes { bytes in Result { () throws(TensorFileError) in try put(bytes) } }.get()
        }
    }

    private static func headerPlace(
        _ file: UnsafeRawBufferPointer, path: String
    ) throws(TensorFileError) -> (start: Int, length: Int) {
        guard file.count >= 10, file.prefix(6).elementsEqual(magic) else {
            throw .malformed(path: path, offset: 0, reason: "it does not start as a NumPy array does")
        }
        let major = file[6]
        guard (1...3).contains(major), file[7] == 0 else {
            throw .unsupported(path: path, reason: "it is of the format's version \(major).\(file[7])")
        }
        let start = major == 1 ? 10 : 12
        guard file.count >= start else {
            throw .malformed(path: path, offset: 8, reason: "the header's length is cut off")
        }
        let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(file[$1]) }
        guard length <= file.count - start else {
            throw .malformed(
                path: path, offset: 8,
                reason: "the header claims \(length) bytes, but only \(file.count - start) follow")
        }
        return (start, length)
    }

    private struct Header {
        var dtype: DType
        var shape: [Int]
        var isFortran: Bool
    }

    /// A dictionary as Python prints it, with these three keys.
    private static func parse(_ cursor: inout HeaderCursor) throws(TensorFileError) -> Header {
        var dtype: DType?
        var shape: [Int]?
        var isFortran: Bool?
        try cursor.expect("{")
        while !cursor.take("}") {
            let key = try pythonString(&cursor)
            try cursor.expect(":")
            switch key {
            case "descr" where dtype == nil: dtype = try parseType(&cursor)
            case "fortran_order" where isFortran == nil:
                isFortran = cursor.take(word: "True")
                if isFortran == false, !cursor.take(word: "False") { throw cursor.fail("True or False was expected") }
            case "shape" where shape == nil: shape = try parseShape(&cursor)
            default: throw cursor.fail("the key '\(key)' comes too often or unexpectedly")
            }
            if !cursor.take(",") {
                try cursor.expect("}")
                break
            }
        }
        cursor.skipSpace()
        guard cursor.isAtEnd else { throw cursor.fail("something follows the header's dictionary") }
        guard let dtype, let shape, let isFortran else { throw cursor.fail("descr, fortran_order or shape is missing") }
        return Header(dtype: dtype, shape: shape, isFortran: isFortran)
    }

    private static func parseType(_ cursor: inout HeaderCursor) throws(TensorFileError) -> DType {
        guard cursor.take("'") || cursor.take("\"") else {
            throw .unsupported(path: cursor.path, reason: "its elements are records")
        }
        cursor.position -= 1
        let code = try pythonString(&cursor)
        guard let dtype = dtypes[code] else {
            throw .unsupported(path: cursor.path, reason: "its elements are of the type '\(code)'")
        }
        return dtype
    }

    private static func parseShape(_ cursor: inout HeaderCursor) throws(TensorFileError) -> [Int] {
        var shape: [Int] = []
        try cursor.expect("(")
        while !cursor.take(")") {
            shape.append(try cursor.naturalNumber())
            if !cursor.take(",") {
                try cursor.expect(")")
                break
            }
        }
        // NumPy's own limit; libtorch's is the same.
        guard shape.count <= 64 else { throw cursor.fail("\(shape.count) dimensions are more than 64") }
        return shape
    }

    private static func pythonString(_ cursor: inout HeaderCursor) throws(TensorFileError) -> String {
        let quote: UInt8 = cursor.take("'") ? 0x27 : 0x22
        if quote == 0x22 { try cursor.expect("\"") }
        let start = cursor.position
        while let byte = cursor.peek(), byte != quote {
            guard byte >= 0x20, byte < 0x7F, byte != 0x5C else { throw cursor.fail("a string with an odd character") }
            cursor.position += 1
        }
        guard !cursor.isAtEnd else { throw cursor.fail("a string does not end") }
        let text = String(decoding: cursor.bytes[start..<cursor.position], as: UTF8.self)
        cursor.position += 1
        return text
    }
}
