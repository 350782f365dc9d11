import Foundation
import Subprocess
import SystemPackage

/// What goes wrong between a benchmark and the program it compares against.
public enum PeerError: Error, CustomStringConvertible {
    /// The peer's interpreter or script is not where it was looked for.
    case missing(path: String, advice: String)
    /// The peer ended, or answered with something that is no reply.
    case badReply(String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .missing(let path, let advice): "\(path) is not there; \(advice)"
        case .badReply(let reply): "the peer answered \(reply.debugDescription)"
        }
    }
}

/// A peer's program that times one case for each line it is sent.
///
/// Requests and replies are JSON lines: `{"case": NAME, "seconds": S}` and `{"seconds": T}`, perhaps with wall seconds and
/// a number that the call computed. So both sides of a
/// comparison run in turn, within one run.
public struct PeerProcess {
    /// The program and its script.
    public let executable: String
    let script: String

    /// Python of the environment that `Scripts/bootstrap --peers` makes, with a script of `Benchmarks/Peers`.
    ///
    /// - Throws: ``PeerError/missing(path:advice:)`` if either is not there.
    public init(script: String) throws(PeerError) {
        try self.init(script: script, environment: "peers")
    }

    /// Python of one of the environments that `Scripts/bootstrap` makes, with a script of `Benchmarks/Peers`.
    ///
    /// - Parameters:
    ///   - script: the script's name.
    ///   - environment: the environment's folder under `.deps`.
    /// - Throws: ``PeerError/missing(path:advice:)`` if either is not there.
    public init(script: String, environment: String) throws(PeerError) {
        let root = FileManager.default.currentDirectoryPath
        try self.init(
            executable: root + "/.deps/\(environment)/bin/python", script: root + "/Benchmarks/Peers/" + script)
    }

    /// Any interpreter with any script.
    ///
    /// - Parameters:
    ///   - executable: path of an interpreter.
    ///   - script: path of the script that it runs.
    /// - Throws: ``PeerError/missing(path:advice:)`` if either is not there.
    public init(executable: String, script: String) throws(PeerError) {
        self.executable = executable
        self.script = script
        for path in [executable, script] where !FileManager.default.fileExists(atPath: path) {
            throw .missing(path: path, advice: "run Scripts/bootstrap --peers in a checkout, and start there")
        }
    }

    private struct Request: Encodable {
        let `case`: String
        let seconds: Double
    }

    private struct Reply: Decodable {
        var seconds: Double?
        var wall: Double?
        var check: Double?
        var error: String?
    }

    /// What a peer's case takes.
    public struct Timing: Codable, Sendable {
        /// Processor seconds of one call.
        public var seconds: Double
        /// Wall seconds of one call, where the peer tells.
        public var wall: Double?
        /// What the call computed, where the peer tells.
        public var check: Double?
    }

    /// Writing to a peer that has ended must be an error, not the end of this process; done once, for good.
    private static let brokenPipesAreErrors: Bool = signal(SIGPIPE, SIG_IGN) != nil

    /// Starts the peer, lets the body send it any number of requests, and ends it.
    ///
    /// - Parameter body: receives a function from a case's name and a time budget to what a call takes.
    /// - Returns: what the body returns.
    /// - Throws: ``PeerError``, what the body throws, or what starting the process throws.
    public func session<Result: Sendable>(
        _ body: ((_ name: String, _ seconds: Double) async throws -> Timing) async throws -> Result
    ) async throws -> Result {
        _ = Self.brokenPipesAreErrors
        let outcome = try await Subprocess.run(
            .path(FilePath(executable)), arguments: [script], input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            _ = try await lines.next()
            let writer = execution.standardInputWriter
            let result = try await body { name, seconds in
                let request = try JSONEncoder().encode(Request(case: name, seconds: seconds))
                _ = try await writer.write(Array(request) + [UInt8(ascii: "\n")])
                let line = try await lines.next() ?? ""
                guard let reply = try? JSONDecoder().decode(Reply.self, from: Data(line.utf8)),
                    let time = reply.seconds
                else { throw PeerError.badReply(line) }
                return Timing(seconds: time, wall: reply.wall, check: reply.check)
            }
            try await writer.finish()
            return result
        }
        return outcome.closureResult
    }
}
