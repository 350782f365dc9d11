import RunRecords
import Testing

@Suite struct CyclicRedundancyCheckTests {
    /// RFC 3720, appendix B.4, and the usual check value of "123456789".
    static let known: [(bytes: [UInt8], checksum: UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
        ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
        ([UInt8](0..<32), 0x46dd_794e),
        ([UInt8]((0..<32).reversed()), 0x113f_db5c),
        ([UInt8]("123456789".utf8), 0xe306_9283),
        ([], 0),
    ]

    @Test(arguments: 0..<6)
    func knownValues(index: Int) {
        let (bytes, checksum) = Self.known[index]
        #expect(CyclicRedundancyCheck(of: bytes).value == checksum)
    }

    /// The definition, bit by bit.
    private func reference(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = (crc >> 1) ^ ((crc & 1) * 0x82f6_3b78) }
        }
        return ~crc
    }

    @Test func agreesWithTheDefinitionAtAllLengthsAndCuts() {
        var random = SplitMix(seed: 1)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let cut = Int.random(in: 0...length, using: &random)
            var checksum = CyclicRedundancyCheck(of: bytes[..<cut])
            checksum.update(bytes[cut...])
            #expect(checksum.value == reference(bytes))
            #expect(CyclicRedundancyCheck(of: AnySequence(bytes)).value == reference(bytes))
        }
    }
}
