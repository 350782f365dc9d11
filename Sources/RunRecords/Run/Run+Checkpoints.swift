public import Foundation
import Synchronization

/// Checkpoints, and how a run ends.
extension Run {
    /// Saves a checkpoint after a step, whole or not at all, and removes those that the retention doesn't keep.
    ///
    /// - Parameters:
    ///   - step: the step just done.
    ///   - score: how good the run is now; decides which checkpoint is the best. Not finite counts as none.
    ///   - states: small named states: generators, data position, counters.
    ///   - write: writes files (weights, optimiser) into the folder it is given. What it logs counts as later.
    /// - Returns: the checkpoint's folder.
    /// - Throws: what `write` throws, or `RunRecordsError`; the former checkpoints stay.
    @discardableResult
    public func saveCheckpoint(
        step: Int, score: Double? = nil, states: CheckpointStates = CheckpointStates(),
        write: (URL) throws -> Void = { _ in }
    ) throws -> URL {
        let (positions, elapsed) = try state.withLock { state in
            guard let logs = state.logs else { throw RunRecordsError.closed(path: folder.path) }
            let positions = Checkpoint.Logs(
                metrics: try Self.position(of: logs.metrics), timings: try Self.position(of: logs.timings),
                events: try Self.position(of: logs.events))
            return (positions, state.elapsedSeconds)
        }
        let store = CheckpointStore(folder: names.checkpoints)
        let saved = try store.save(
            step: step,
            record: { files in
                Checkpoint(
                    step: step, score: score.flatMap { $0.isFinite ? $0 : nil }, elapsedSeconds: elapsed,
                    states: states.values, logs: positions, files: files)
            }, write: write)
        store.prune(retention)
        return saved.folder
    }

    private static func position(of log: AppendFile) throws -> Checkpoint.LogPosition {
        try log.synchronize()
        return Checkpoint.LogPosition(length: log.length, checksum: log.checksum.value)
    }

    /// Ends the run: writes `summary.json` and lets go of the folder.
    ///
    /// - Parameter results: the results by name.
    /// - Throws: `RunRecordsError.system` when it can't be written, `.closed`.
    public func finish(_ results: [String: Double]) throws {
        try end(.finished, results: results, failure: nil)
    }

    /// Ends the run with an error: writes `summary.json` and lets go of the folder.
    ///
    /// It can still be resumed.
    ///
    /// - Parameter error: what stopped it.
    /// - Throws: `RunRecordsError.system` when it can't be written, `.closed`.
    public func fail(_ error: any Error) throws {
        try end(.failed, results: [:], failure: String(describing: error))
    }

    /// Lets go of the folder without ending the run, as if the process had been killed.
    public func close() {
        state.withLock { state in
            state.logs = nil
            state.lock = nil
        }
    }

    private func end(_ status: RunSummary.Status, results: [String: Double], failure: String?) throws {
        try state.withLock { state in
            guard let logs = state.logs else { throw RunRecordsError.closed(path: folder.path) }
            defer {
                state.logs = nil
                state.lock = nil
            }
            for log in [logs.metrics, logs.timings, logs.events] { try log.synchronize() }
            try AtomicFile(names.summary).write(
                json: RunSummary(
                    status: status, results: results, lastStep: state.lastStep, elapsedSeconds: state.elapsedSeconds,
                    failure: failure))
        }
    }
}
