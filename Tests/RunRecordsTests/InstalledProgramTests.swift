import Foundation
import RunRecords
import Testing

@Suite struct InstalledProgramTests {
    @Test func answersAndFailures() async throws {
        // Other tests may keep every thread busy for minutes.
        #expect(try await InstalledProgram("echo", limit: .seconds(900)).answer(to: ["a b", "c"]) == "a b c")
        await #expect(throws: RunRecordsError.self) { try await InstalledProgram("no-such-program-x").answer(to: []) }
        await #expect(throws: RunRecordsError.self) { try await InstalledProgram("/bin/no-such").answer(to: []) }
        await #expect(throws: RunRecordsError.self) { try await InstalledProgram("false").answer(to: []) }
    }

    @Test func noCommitOutsideARepository() async throws {
        let folder = try TemporaryFolder()
        #expect(await SourceRevision.current(in: folder.url) == nil)
    }
}
