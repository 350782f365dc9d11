import Foundation
import RunRecords
import Tensors

/// Float32 tensors in a safetensors file: 8 bytes of header length, a JSON header, the data.
enum WeightsFile {
    private struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    private static let largestHeader = 1 << 24

    static func write(_ tensors: [(path: String, tensor: Tensor)], to url: URL) throws {
        var header: [String: Entry] = [:]
        var data = Data()
        for (path, tensor) in tensors {
            let start = data.count
            for value in tensor.to(.float32).array(of: Float.self) {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            header[path] = Entry(dtype: "F32", shape: tensor.shape, data_offsets: [start, data.count])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = try encoder.encode(header)
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        var file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        file.append(text)
        file.append(data)
        try AtomicFile(url).write(file)
    }

    /// The tensors of these names, in order.
    static func read(_ url: URL, shapes: [(path: String, shape: [Int])]) throws(TheoremProvingError) -> [Tensor] {
        func bad(_ reason: String) -> TheoremProvingError { .badCheckpoint(path: url.path, reason: reason) }
        guard let file = try? Data(contentsOf: url) else { throw bad("the file is missing or can't be read") }
        guard file.count >= 8 else { throw bad("the file is cut off") }
        let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= largestHeader, file.count >= 8 + Int(length) else { throw bad("its header is cut off") }
        let text = file.dropFirst(8).prefix(Int(length))
        guard let header = try? JSONDecoder().decode([String: Entry].self, from: Data(text)) else {
            throw bad("its header isn't that of a safetensors file")
        }
        let data = file.dropFirst(8 + Int(length))
        var tensors: [Tensor] = []
        for (path, shape) in shapes {
            guard let entry = header[path], entry.dtype == "F32", entry.shape == shape, entry.data_offsets.count == 2
            else { throw bad("the tensor \(path) is missing or has another shape") }
            let (start, end) = (entry.data_offsets[0], entry.data_offsets[1])
            let count = shape.reduce(1, *)
            guard start >= 0, start <= end, end <= data.count, end - start == 4 * count else {
                throw bad("the data of \(path) is cut off")
            }
            let bytes = data.dropFirst(start).prefix(end - start)
            let values: [Float] = bytes.withUnsafeBytes { buffer in
                (0..<count).map { index in
                    Float(
                        bitPattern: UInt32(
                            littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
                }
            }
            tensors.append(Tensor(values, shape: shape))
        }
        return tensors
    }
}
