import Foundation
import Testing

@testable import RunRecords

@Suite struct EventRecordTests {
    /// Byte for byte what TensorBoard's own writer makes; see `make_events.py` beside the golden file.
    @Test func equalsTensorBoardsOwnBytes() throws {
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/RunRecords/events.golden")
        let records = [
            EventRecord(wallTime: 1_700_000_000.25, step: 0, content: .version),
            EventRecord(wallTime: 1_700_000_001.5, step: 1, content: .scalar(tag: "loss", value: 0.1)),
            EventRecord(wallTime: 1_700_000_002.5, step: 300, content: .scalar(tag: "reward/mean é", value: -1e30)),
            EventRecord(wallTime: 1_700_000_003.5, step: 1 << 40, content: .scalar(tag: "odd", value: .infinity)),
            EventRecord(wallTime: 1_700_000_004.5, step: 0, content: .scalar(tag: "zero", value: 0.5)),
            EventRecord(
                wallTime: 1_700_000_005.5, step: 7,
                content: .text(tag: "sample", text: String(repeating: "x", count: 200) + "\n")),
        ]
        #expect(try Data(records.flatMap(\.framed)) == Data(contentsOf: golden))
    }

    @Test func maskedChecksumIsThatOfTheFormat() {
        // 8 little-endian bytes of the length 24: taken from a file that TensorFlow wrote.
        let length = littleEndianBytes(UInt64(24))
        #expect(littleEndianBytes(CyclicRedundancyCheck(of: length).maskedValue) == [0xa3, 0x7f, 0x4b, 0x22])
    }
}
