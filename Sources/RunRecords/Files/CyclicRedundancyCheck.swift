/// CRC-32C, the Castagnoli polynomial 0x1EDC6F41 in reflected form.
///
/// Source: RFC 3720, appendix B.4 (test vectors); eight tables at once after Kounavis and Berry 2005
/// ("A systematic approach to building high performance software-based CRC generators").
///
/// - Complexity: O(bytes), about one table look-up per byte.
public struct CyclicRedundancyCheck: Sendable, Equatable {
    private var register: UInt32 = ~0

    /// The checksum of no bytes.
    public init() {}

    /// The checksum of some bytes.
    ///
    /// - Parameter bytes: what to sum up.
    public init(of bytes: some Sequence<UInt8>) {
        update(bytes)
    }

    /// The checksum so far.
    public var value: UInt32 { ~register }

    /// The checksum as the record framing of event files wants it: rotated right by 15 bits plus a constant, so that
    /// a checksum stored inside checksummed data does no harm.
    public var maskedValue: UInt32 {
        ((value >> 15) | (value << 17)) &+ 0xa282_ead8
    }

    /// Goes on with more bytes.
    ///
    /// - Parameter bytes: the bytes that follow.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let fast: Void? = bytes.withContiguousStorageIfAvailable { update(contiguous: $0) }
        if fast == nil { update(contiguous: Array(bytes)[...]) }
    }

    private mutating func update(contiguous bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBufferPointer { update(contiguous: $0) }
    }

    private mutating func update(contiguous bytes: UnsafeBufferPointer<UInt8>) {
        var crc = register
        Self.tables.withUnsafeBufferPointer { table in
            let raw = UnsafeRawBufferPointer(bytes)
            var index = 0
            while index + 8 <= raw.count {
                let low = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt32.self)) ^ crc
                let high = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self))
                crc =
                    table[7 * 256 + Int(low & 0xff)] ^ table[6 * 256 + Int((low >> 8) & 0xff)]
                    ^ table[5 * 256 + Int((low >> 16) & 0xff)] ^ table[4 * 256 + Int(low >> 24)]
                crc ^=
                    table[3 * 256 + Int(high & 0xff)] ^ table[2 * 256 + Int((high >> 8) & 0xff)]
                    ^ table[256 + Int((high >> 16) & 0xff)] ^ table[Int(high >> 24)]
                index += 8
            }
            while index < raw.count {
                crc = table[Int((crc ^ UInt32(raw[index])) & 0xff)] ^ (crc >> 8)
                index += 1
            }
        }
        register = crc
    }

    /// `tables[256 k + b]`: the register after byte `b` followed by `k` zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0x82f6_3b78 : 0) }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = tables[Int(before & 0xff)] ^ (before >> 8)
        }
        return tables
    }()
}
