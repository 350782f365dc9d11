/// A file of named tensors in the safetensors format.
///
/// Opening one reads its header only. Tensors are views of the mapped file where their place allows it, so that a
/// large model costs no memory until its numbers are used; they keep the mapping alive. Do not write into a file that
/// is open: replace it, as `write` does.
public struct SafeTensors: Sendable {
    /// What the file says of one tensor.
    public struct Entry: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its elements' type.
        public let dtype: DType
        /// Its sizes.
        public let shape: [Int]
        /// Its bytes, counted from the start of the data.
        public let range: Range<Int>
    }

    static let dtypes: [String: DType] = [
        "BOOL": .bool, "U8": .uint8, "I8": .int8, "I16": .int16, "I32": .int32, "I64": .int64, "F16": .float16,
        "BF16": .bfloat16, "F32": .float32, "F64": .float64,
    ]

    /// The file's path.
    public let path: String
    /// Texts that came with the tensors.
    public let metadata: [String: String]
    /// All tensors, in the order of their data.
    public let entries: [Entry]
    private let places: [String: Entry]
    private let dataStart: Int
    private let file: MappedFile

    /// Opens a file, and checks the whole of its header.
    ///
    /// - Throws: `TensorFileError`: `unreadable`, `malformed` or `unsupported`.
    public init(contentsOf path: String) throws(TensorFileError) {
        file = try MappedFile(path: path)
        let header = try SafeTensorsHeader(file.bytes, path: path)
        self.path = path
        metadata = header.metadata
        entries = header.entries
        dataStart = header.dataStart
        places = Dictionary(header.entries.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The tensor of a name.
    ///
    /// - Throws: `TensorFileError.mismatch` when there is none, `.malformed` for a bool that is neither 0 nor 1.
    public func tensor(_ name: String) throws(TensorFileError) -> Tensor {
        guard let entry = places[name] else {
            throw .mismatch(path: path, tensor: name, reason: "is not in it (it has \(entries.count) others)")
        }
        let bytes = UnsafeRawBufferPointer(
            rebasing: file.bytes[dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound])
        if entry.dtype == .bool, let place = bytes.firstIndex(where: { $0 > 1 }) {
            throw .malformed(
                path: path, offset: dataStart + entry.range.lowerBound + place,
                reason: "a bool of \"\(name)\" is \(bytes[place])")
        }
        let start = file.start + dataStart + entry.range.lowerBound
        if Int(bitPattern: start) % entry.dtype.byteCount == 0, !bytes.isEmpty {
            return Tensor(viewing: start, shape: entry.shape, dtype: entry.dtype, owner: file)
        }
        return Tensor(hostBytes: bytes, shape: entry.shape, dtype: entry.dtype)
    }

    /// A tree like `tree`, with the tensors that the file has under the tree's paths.
    ///
    /// - Parameters:
    ///   - tree: gives the paths, shapes and types; tensors are converted to its types and moved to its devices.
    ///   - prefix: comes before each path.
    /// - Returns: the tree with the file's tensors. Tensors in the file that the tree has not are left out.
    /// - Throws: `TensorFileError.mismatch` for a tensor that is not there, or has another shape.
    public func load<Tree: TensorTree>(_ tree: Tree, prefix: String = "") throws(TensorFileError) -> Tree {
        var loaded: [Tensor] = []
        for (path, tensor) in tree.flattened() {
            let found = try self.tensor(prefix + path)
            guard found.shape == tensor.shape else {
                throw .mismatch(
                    path: self.path, tensor: prefix + path, reason: "has the shape \(found.shape), not \(tensor.shape)")
            }
            loaded.append(found.to(tensor.dtype, device: tensor.device))
        }
        return tree.replacingTensors(with: loaded)
    }
}
