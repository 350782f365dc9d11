/// The digests of the golden scripts of environments: chains over arrays of 64-bit words.
///
/// The digest of an array is the sum of its words times the odd numbers `(2i + 1) · 0x9e3779b97f4a7c15 | 1`; a chain is
/// exclusive-ored with each digest and multiplied by `0x100000001b3`, all modulo 2⁶⁴.
public struct Digest: Sendable {
    private var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// An empty chain.
    public init() {}

    /// Adds bytes, padded with zeros to whole words.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var sum: UInt64 = 0
        for index in 0..<((bytes.count + 7) / 8) {
            let left = bytes.count - 8 * index
            var word: UInt64 = 0
            if left >= 8 {
                word = bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
            } else {
                for byte in 0..<left { word |= UInt64(bytes[8 * index + byte]) << UInt64(8 * byte) }
            }
            sum &+= word &* (((2 &* UInt64(index) &+ 1) &* 0x9e37_79b9_7f4a_7c15) | 1)
        }
        value = (value ^ sum) &* 0x100_0000_01b3
    }

    /// Adds numbers as they lie in memory.
    public mutating func add<Number: BitwiseCopyable>(_ numbers: [Number]) {
        numbers.withUnsafeBytes { add($0) }
    }

    /// 16 hexadecimal digits.
    public var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
