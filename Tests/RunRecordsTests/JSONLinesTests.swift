import Foundation
import RunRecords
import Testing

private struct Statement: Codable, Equatable {
    let name: String
    let size: Int
}

@Suite struct JSONLinesTests {
    private func read(_ text: String, longestLine: Int = 1 << 20) throws
        -> (lines: [JSONLine<Statement>], failures: [JSONLineFailure])
    {
        let folder = try TemporaryFolder()
        let file = folder.file("data.jsonl")
        try Data(text.utf8).write(to: file)
        return try JSONLines<Statement>(file, longestLine: longestLine).readAll()
    }

    @Test func goesOnAfterBadLines() throws {
        let (lines, failures) = try read(
            """
            \u{feff}{"name":"a","size":1}\r

            {"name":"b"}
            {"name":"c","size":"three"}
            not JSON
            {"name":"d","size":4}
            {"name":"e","si
            """)
        #expect(lines.map(\.number) == [1, 6])
        #expect(lines.map(\.value.name) == ["a", "d"])
        #expect(failures.map(\.line) == [3, 4, 5, 7])
        #expect(failures.map(\.isUnfinished) == [false, false, false, true])
        #expect(failures[0].reason == "the field \"size\" is missing.")
        #expect(failures[1].reason.hasPrefix("the field \"size\" has the wrong type"))
        #expect(failures[2].reason.hasPrefix("not valid JSON"))
        #expect(failures[2].description.hasSuffix("data.jsonl:5: " + failures[2].reason))
    }

    @Test func lastLineWithoutNewlineCounts() throws {
        let (lines, failures) = try read("{\"name\":\"a\",\"size\":1}")
        #expect(lines.count == 1 && failures.isEmpty)
    }

    @Test func tooLongLinesAreReportedAndPassedOver() throws {
        let long = "{\"name\":\"" + String(repeating: "x", count: 300_000) + "\",\"size\":1}"
        let (lines, failures) = try read(long + "\n{\"name\":\"b\",\"size\":2}\n", longestLine: 1000)
        #expect(lines.map(\.value.name) == ["b"])
        #expect(failures.map(\.reason) == ["the line is longer than 1000 bytes."])
    }

    @Test func absentFilesAndFoldersThrow() throws {
        let folder = try TemporaryFolder()
        #expect(throws: RunRecordsError.self) { try JSONLines<Statement>(folder.file("absent")) }
        #expect(throws: RunRecordsError.self) { try JSONLines<Statement>(folder.url) }
    }

    /// Whatever bytes a file holds, every line gives a value or a failure, and lines left alone are read.
    @Test(arguments: 0..<40)
    func survivesMutations(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let original = (0..<20).map { "{\"name\":\"statement \($0) é\",\"size\":\($0)}" }
        var lines = original.map { Array($0.utf8) }
        var touched: Set<Int> = []
        for _ in 0..<6 {
            let line = Int.random(in: 0..<lines.count, using: &random)
            let position = Int.random(in: 0..<max(1, lines[line].count), using: &random)
            touched.insert(line)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: lines[line].insert(UInt8.random(in: 11...255, using: &random), at: position)
            case 1: lines[line].removeSubrange(min(position, lines[line].count)...)
            case 2: lines[line] += lines[line]
            default:
                if position < lines[line].count { lines[line][position] = UInt8.random(in: 11...255, using: &random) }
            }
        }
        let folder = try TemporaryFolder()
        let file = folder.file("fuzz.jsonl")
        try Data(lines.joined(separator: [0x0a])).write(to: file)
        let (good, bad) = try JSONLines<Statement>(file).readAll()
        for index in 0..<lines.count where !touched.contains(index) {
            let line = try #require(good.first { $0.number == index + 1 })
            #expect(line.value == Statement(name: "statement \(index) é", size: index))
        }
        let blank = lines.filter { $0.allSatisfy { [0x20, 0x09, 0x0d].contains($0) } }.count
        #expect(good.count + bad.count >= lines.count - blank)
        #expect(Set(good.map(\.number)).isDisjoint(with: bad.map(\.line)))
    }

    @Test func deepNestingIsAFailureNotACrash() throws {
        let deep = String(repeating: "[", count: 100_000)
        let (lines, failures) = try read("{\"name\":\(deep)\n{\"name\":\"b\",\"size\":2}\n")
        #expect(lines.count == 1 && failures.count == 1)
    }
}
