extension SafeTensors {
    /// Writes tensors to a file, all of it or nothing.
    ///
    /// Larger element types come first, so that each tensor is aligned for zero-copy reading.
    ///
    /// - Parameters:
    ///   - tensors: with names that differ; the name `__metadata__` is the format's own.
    ///   - metadata: texts to go with them.
    ///   - path: the file, which is replaced.
    /// - Throws: `TensorFileError.unwritable`.
    /// - Precondition: names differ; otherwise it traps.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
    ) throws(TensorFileError) {
        precondition(
            Set(tensors.map(\.name) + [SafeTensorsHeader.metadataName]).count == tensors.count + 1,
            "Tensors: two tensors of one name, or one of the name \(SafeTensorsHeader.metadataName), for \(path)")
        let ordered = tensors.sorted {
            ($1.tensor.dtype.byteCount, $0.name) < ($0.tensor.dtype.byteCount, $1.name)
        }
        let header = headerBytes(ordered, metadata)
        try writeAtomically(path: path) { put throws(TensorFileError) in
            try write(header, put)
            for (_, tensor) in ordered { try write(tensor.to(.cpu).detached().contiguous(), put) }
        }
    }

    /// Writes the tensors of a tree under their paths; see the other `write`.
    ///
    /// - Throws: `TensorFileError.unwritable`.
    public static func write<Tree: TensorTree>(
        _ tree: Tree, metadata: [String: String] = [:], to path: String
    ) throws(TensorFileError) {
        try write(tree.flattened().map { (name: $0.path, tensor: $0.tensor) }, metadata: metadata, to: path)
    }

    private static func write(
        _ header: [UInt8], _ put: (UnsafeRawBufferPointer) throws(TensorFileError) -> Void
    ) throws(TensorFileError) {
        // `withUnsafeBytes` of Array rethrows any error, so carry the typed one around it.
        let result = header.withUnsafeBytes { bytes in Result { () throws(TensorFileError) in try put(bytes) } }
        try result.get()
    }

    private static func write(
        _ tensor: Tensor, _ put: (UnsafeRawBufferPointer) throws(TensorFileError) -> Void
    ) throws(TensorFileError) {
        let result = tensor.withUnsafeBytes { bytes in Result { () throws(TensorFileError) in try put(bytes) } }
        try result.get()
    }

    private static func headerBytes(
        _ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]
    ) -> [UInt8] {
        let codes = Dictionary(dtypes.map { ($1, $0) }) { first, _ in first }
        var parts: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            parts.append("\(quoted(SafeTensorsHeader.metadataName)):{\(texts.joined(separator: ","))}")
        }
        var start = 0
        for (name, tensor) in tensors {
            let end = start + tensor.elementCount * tensor.dtype.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let code = codes[tensor.dtype] ?? "\(tensor.dtype)"
            parts.append(
                "\(quoted(name)):{\"dtype\":\"\(code)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
            start = end
        }
        var text = Array("{\(parts.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(0x20, count: (8 - text.count % 8) % 8))
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
