import Foundation
import RunRecords
import Synchronization
import TheoremProving

/// The outcomes of a proving run, one JSON line each, written as they come: what a killed run goes on from.
final class OutcomeLog: Sendable {
    /// What was known when the run started, by theorem name.
    let known: [String: ProofOutcome]
    private let url: URL
    private let state: Mutex<(file: AppendFile, failure: (any Error)?)>

    /// Opens the log of a run folder.
    ///
    /// Lines that a kill left half-written are dropped, and so are outcomes that say only that something failed.
    init(_ folder: URL) throws {
        url = folder.appendingPathComponent("outcomes.jsonl")
        var known: [String: ProofOutcome] = [:]
        if FileManager.default.fileExists(atPath: url.path) {
            for line in try JSONLines<ProofOutcome>(url).readAll().lines where line.value.kind != .infrastructure {
                known[line.value.name] = line.value
            }
        }
        self.known = known
        let bytes = try Self.lines(known.values.sorted { $0.name < $1.name })
        try AtomicFile(url).write(bytes)
        state = try Mutex((file: AppendFile(url, length: UInt64(bytes.count)), failure: nil))
    }

    /// Writes an outcome down; the first failure to do so is kept for ``finish(_:)``.
    func append(_ outcome: ProofOutcome) {
        state.withLock { state in
            do {
                try state.file.append(Array(Self.lines([outcome])))
            } catch {
                state.failure = state.failure ?? error
            }
        }
    }

    /// Replaces the log with all outcomes in their final order.
    ///
    /// - Throws: what kept an outcome from being written earlier, or keeps them now.
    func finish(_ outcomes: [ProofOutcome]) throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        try AtomicFile(url).write(Self.lines(outcomes))
    }

    private static func lines(_ outcomes: [ProofOutcome]) throws -> Data {
        try outcomes.reduce(into: Data()) { $0.append(Data((try JSONValue(encoding: $1).text + "\n").utf8)) }
    }
}
