/// States of environments as bytes.
enum Snapshot {
    static func bytes<Number: ColumnElement>(_ numbers: [Number]) -> [UInt8] {
        numbers.withUnsafeBytes { Array($0) }
    }

    static func numbers(_ bytes: [UInt8], count: Int) throws(EnvironmentError) -> [Double] {
        guard bytes.count == 8 * count else {
            throw .badSnapshot(reason: "it has \(bytes.count) bytes, the task needs \(8 * count)")
        }
        return bytes.withUnsafeBytes { buffer in
            (0..<count).map { buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }
}

extension Snapshot {
    static func integers(_ bytes: [UInt8], count: Int) throws(EnvironmentError) -> [Int] {
        guard bytes.count == 8 * count else {
            throw .badSnapshot(reason: "it has \(bytes.count) bytes, the task needs \(8 * count)")
        }
        return bytes.withUnsafeBytes { buffer in
            (0..<count).map { buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Int.self) }
        }
    }
}
