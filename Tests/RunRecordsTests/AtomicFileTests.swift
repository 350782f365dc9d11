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
        let path = folder.file("absent/a.txt").path
        #expect(error?.description == "Cannot write \(path): No such file or directory; check the path.")
    }

    /// A limit on the size of files cuts writes short, as a full disk does: 10,000 bytes of 30,000 get through.
    @Test func cutShortWritesLeaveNothing() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let file = AtomicFile(folder.file("a.txt"))
            try file.write("old")
            let run = try Run.create(
                at: folder.file("run"),
                description: RunDescription(name: "x", configuration: [1], seed: 1, commandLine: []))
            try run.log("a", 1, step: 1)
            let before = try Data(contentsOf: folder.file("run/metrics.jsonl"))
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 10_000, rlim_max: 10_000)
            guard setrlimit(__rlimit_resource_t(1), &limit) == 0 else { exit(2) }  // RLIMIT_FSIZE
            let long = String(repeating: "x", count: 30_000)
            do {
                try file.write(long)
                exit(3)
            } catch let error as RunRecordsError {
                guard error.description.contains("File too large") else { exit(4) }
            }
            do {
                try run.log("b", text: long, step: 2)
                exit(5)
            } catch is RunRecordsError {}
            guard try Data(contentsOf: folder.file("run/metrics.jsonl")) == before else { exit(6) }
            guard try String(contentsOf: folder.file("a.txt"), encoding: .utf8) == "old" else { exit(7) }
            guard try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["a.txt", "run"]
            else { exit(8) }
        }
    }
}
