import TestSupport
import Testing

@testable import Benchmarks

@Suite("Peers")
struct PeerProcessTests {
    /// A peer that greets and then answers every request with the same line.
    private func peer(answering line: String, in folder: TemporaryFolder) throws -> PeerProcess {
        let script = """
            echo '{"ready": true}'
            while read request; do echo '\(line)'; done
            """
        return try PeerProcess(executable: "/bin/sh", script: try folder.write(Array(script.utf8), to: "peer.sh"))
    }

    @Test("Times come back in the order of the requests")
    func replies() async throws {
        let folder = try TemporaryFolder()
        let peer = try peer(answering: #"{"seconds": 0.25}"#, in: folder)
        let times = try await peer.session { time in
            [try await time("a", 0.1).seconds, try await time("b", 0.1).seconds]
        }
        #expect(times == [0.25, 0.25])
    }

    @Test("A comparison measures both sides in each round")
    func comparison() async throws {
        let folder = try TemporaryFolder()
        let peer = try peer(answering: #"{"seconds": 1.5}"#, in: folder)
        var calls = 0
        let comparison = try await Comparison.run(
            field: "none", cases: [BenchmarkCase("count") { calls += 1 }], peer: peer, peerName: "sh", rounds: 2,
            seconds: 1e-6)
        #expect(comparison.rows.map(\.name) == ["count"])
        #expect(comparison.rows[0].peer == [1.5, 1.5])
        #expect(comparison.rows[0].ours.count == 2)
        #expect(calls > 0)
    }

    @Test(
        "An answer that is no reply is an error that quotes it", arguments: ["{\"error\": \"no case a\"}", "what?", ""])
    func badReply(line: String) async throws {
        let folder = try TemporaryFolder()
        let peer = try peer(answering: line, in: folder)
        await #expect {
            _ = try await peer.session { time in try await time("a", 0.1) }
        } throws: { error in
            guard case PeerError.badReply(let reply)? = error as? PeerError else { return false }
            return reply.contains(line) && String(describing: error).contains("the peer answered")
        }
    }

    @Test("A peer that ends is an error too")
    func endsEarly() async throws {
        let folder = try TemporaryFolder()
        let peer = try PeerProcess(executable: "/bin/sh", script: try folder.write(Array("exit 3".utf8), to: "peer.sh"))
        await #expect(throws: (any Error).self) {
            _ = try await peer.session { time in try await time("a", 0.1) }
        }
    }

    @Test("A missing interpreter or script is named, with what to do")
    func missing() throws {
        let folder = try TemporaryFolder()
        for (executable, script) in [("/nonexistent/python", "/bin/sh"), ("/bin/sh", folder.file("none.py"))] {
            #expect {
                _ = try PeerProcess(executable: executable, script: script)
            } throws: { error in
                let words = String(describing: error)
                let gone = executable == "/bin/sh" ? script : executable
                return words.contains(gone) && words.contains("Scripts/bootstrap --peers")
            }
        }
    }
}
