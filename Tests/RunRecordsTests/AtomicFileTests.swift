import Foundation
import RunRecords
import Testing

@Suite struct AtomicFileTests {
    @Test func replacesContentsAndLeavesNothingElse() throws {
        let folder = try TemporaryFolder()
        let file = AtomicFile(folder.file("a.txt"))
        try file.write("one")
        try file.write("two")
        #expect(try String(contentsOf: folder.file("a.txt"), encoding: .utf8) == "two")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.txt"])
    }

    @Test func failedWriteKeepsTheOldContents() throws {
        struct Interruption: Error {}
        let folder = try TemporaryFolder()
        let file = AtomicFile(folder.file("a.txt"))
        try file.write("old")
        #expect(throws: Interruption.self) {
            try file.write(through: { temporary in
                try Data("new".utf8).write(to: temporary)
                throw Interruption()
            })
        }
        #expect(try String(contentsOf: folder.file("a.txt"), encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.txt"])
    }

    @Test func replacesWholeFolders() throws {
        let folder = try TemporaryFolder()
        let target = AtomicFile(folder.file("set"))
        for name in ["one", "two"] {
            try target.write(through: { temporary in
                try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: false)
                try Data(name.utf8).write(to: temporary.appendingPathComponent(name))
            })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("set").path) == ["two"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["set"])
    }

    @Test func missingFolderIsOneSentence() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: RunRecordsError.self) {
            try AtomicFile(folder.file("absent/a.txt")).write("x")
        }
        #expect(error?.description.contains("No such file or directory; check the path.") == true)
    }

    /// `/dev/full` answers every write with "no space left", as a full disk does.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDiskIsReported() throws {
        let folder = try TemporaryFolder()
        #expect(throws: RunRecordsError.self) {
            try AtomicFile(folder.file("a.txt")).write(through: { temporary in
                try FileManager.default.createSymbolicLink(
                    at: temporary, withDestinationURL: URL(fileURLWithPath: "/dev/full"))
                throw RunRecordsError.system(operation: "write", path: temporary.path, code: ENOSPC)
            })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
