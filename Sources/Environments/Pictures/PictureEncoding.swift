extension Picture {
    /// The picture as a PNG file: 8 bits a color, rows as differences to the row above, compressed.
    ///
    /// Format: ISO/IEC 15948; RFC 1950 and 1951 with the fixed codes.
    public var png: [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (3 * width + 1))
        for row in 0..<height {
            rows.append(2)
            let start = row * 3 * width
            for index in start..<(start + 3 * width) {
                rows.append(pixels[index] &- (row == 0 ? 0 : pixels[index - 3 * width]))
            }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        let header = Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + [8, 2, 0, 0, 0]
        for (name, body) in [("IHDR", header), ("IDAT", Deflate.zlib(rows)), ("IEND", [])] {
            let chunk = Array(name.utf8) + body
            file += Self.bigEndian(UInt32(body.count)) + chunk + Self.bigEndian(Checksum.crc32(chunk))
        }
        return file
    }

    static func bigEndian(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
    }
}

enum Checksum {
    static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { word, _ in word & 1 == 1 ? word >> 1 ^ 0xedb8_8320 : word >> 1 }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xffff_ffff) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}

/// Runs of equal bytes are what drawn pictures are made of: only those are compressed.
enum Deflate {
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        [0x78, 0x01] + block(bytes) + Picture.bigEndian(Checksum.adler32(bytes))
    }

    private static func block(_ bytes: [UInt8]) -> [UInt8] {
        var writer = BitWriter()
        writer.write(0b011, count: 3)
        var place = 0
        while place < bytes.count {
            literal(Int(bytes[place]), &writer)
            var run = 0
            while place + 1 + run < bytes.count, run < 258, bytes[place + 1 + run] == bytes[place] { run += 1 }
            if run >= 3 {
                length(run, &writer)
                // Distance 1: its code is 0.
                writer.write(0, count: 5)
                place += run
            }
            place += 1
        }
        literal(256, &writer)
        return writer.finished()
    }

    /// A symbol below 280 with its fixed code.
    private static func literal(_ symbol: Int, _ writer: inout BitWriter) {
        switch symbol {
        case 0..<144: writer.writeCode(0x30 + symbol, count: 8)
        case 144..<256: writer.writeCode(0x190 + symbol - 144, count: 9)
        case 256..<280: writer.writeCode(symbol - 256, count: 7)
        default: writer.writeCode(0xc0 + symbol - 280, count: 8)
        }
    }

    /// The code of a length from 3 to 258 and its extra bits.
    private static func length(_ length: Int, _ writer: inout BitWriter) {
        if length == 258 { return literal(285, &writer) }
        if length < 11 { return literal(254 + length, &writer) }
        var extra = 1
        while length - 3 >= 8 << extra { extra += 1 }
        let offset = length - 3 - (4 << extra)
        literal(265 + 4 * (extra - 1) + offset >> extra, &writer)
        writer.write(offset & (1 << extra - 1), count: extra)
    }
}

/// Bits into bytes, lowest first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var word = 0
    private var filled = 0

    mutating func write(_ bits: Int, count: Int) {
        word |= bits << filled
        filled += count
        while filled >= 8 {
            bytes.append(UInt8(word & 255))
            word >>= 8
            filled -= 8
        }
    }

    /// A Huffman code: highest bit first.
    mutating func writeCode(_ code: Int, count: Int) {
        var turned = 0
        for bit in 0..<count where code >> bit & 1 == 1 { turned |= 1 << (count - 1 - bit) }
        write(turned, count: count)
    }

    mutating func finished() -> [UInt8] {
        if filled > 0 { write(0, count: 8 - filled) }
        return bytes
    }
}
