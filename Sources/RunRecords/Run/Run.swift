public import Foundation
import Synchronization

/// A run folder that is being written: the configuration, the logs, the checkpoints and the summary of one run.
///
/// ```
/// config.json               what the run is (RunDescription)
/// metrics.jsonl             every measured value; the source of truth; equal seeds give equal bytes
/// timings.jsonl             values that depend on the machine (rates, seconds)
/// events.out.tfevents.ludus the same for TensorBoard, with wall times
/// checkpoints/step-…/       files written by the recipe, and checkpoint.json
/// summary.json              how it ended
/// run.lock                  held while a process writes
/// ```
///
/// All methods may be called from any thread; entries appear in the order of the calls. One process at a time writes
/// a folder. Reading is for `RunRecord`.
public final class Run: Sendable {
    /// The run folder.
    public let folder: URL
    /// What the run is.
    public let description: RunDescription
    /// Where the run was taken up again; nil for a new run and for one that was killed before its first checkpoint.
    public let resumedFrom: SavedCheckpoint?
    /// Checkpoints that couldn't be used when resuming, newest first, each as one sentence.
    public let skippedCheckpoints: [String]

    let names: RunFolder
    let retention: CheckpointRetention
    let state: Mutex<State>

    /// What changes while the run goes on.
    struct State: Sendable {
        var logs: Logs?
        var lock: RunLock?
        var lastStep: Int
        let elapsedBefore: Double
        let started = ContinuousClock.now

        var elapsedSeconds: Double {
            let seconds = started.duration(to: .now) / .seconds(1)
            return elapsedBefore + seconds
        }
    }

    struct Logs: Sendable {
        var metrics: AppendFile
        var timings: AppendFile
        var events: AppendFile
    }

    /// Starts a new run in a folder that is made if need be.
    ///
    /// - Parameters:
    ///   - folder: where to write; it must not hold a run already.
    ///   - description: what the run is.
    ///   - retention: which checkpoints stay.
    /// - Returns: the run, open for writing.
    /// - Throws: `RunRecordsError`: `.folderHoldsRun`, `.locked`, or `.system` when the folder can't be written.
    public static func create(
        at folder: URL, description: RunDescription, retention: CheckpointRetention = CheckpointRetention()
    ) throws -> Run {
        let names = RunFolder(folder)
        try makeFolder(names.root)
        let lock = try RunLock(names)
        guard !FileManager.default.fileExists(atPath: names.description.path) else {
            throw RunRecordsError.folderHoldsRun(path: names.root.path)
        }
        AtomicFile.removeLeftovers(in: names.root)
        let logs = try Logs(
            metrics: AppendFile(names.metrics, length: 0), timings: AppendFile(names.timings, length: 0),
            events: AppendFile(names.events, length: 0))
        try AtomicFile(names.description).write(json: description)
        return try Run(
            names: names, description: description, retention: retention, lock: lock, logs: logs,
            resumedFrom: nil, skipped: [])
    }

    /// Takes a run up again at its last whole checkpoint.
    ///
    /// Whatever was logged after the checkpoint is cut off, half-written lines included, so that the resumed run ends
    /// with the same `metrics.jsonl` as one that was never disturbed. Without any checkpoint it starts from the
    /// beginning. Checkpoints that are damaged, or that the logs no longer agree with, are set aside and named in
    /// `skippedCheckpoints`.
    ///
    /// - Parameters:
    ///   - folder: the run folder.
    ///   - retention: which checkpoints stay.
    /// - Returns: the run, open for writing.
    /// - Throws: `RunRecordsError`: `.noRun`, `.locked`, `.malformed` for a damaged `config.json`, or `.system`.
    public static func resume(
        at folder: URL, retention: CheckpointRetention = CheckpointRetention()
    ) throws -> Run {
        let names = RunFolder(folder)
        let description = try RunDescription.read(from: names.root)
        let lock = try RunLock(names)
        AtomicFile.removeLeftovers(in: names.root)
        AtomicFile.removeLeftovers(in: names.checkpoints)
        let (checkpoint, skipped) = lastUsableCheckpoint(names)
        let positions = checkpoint?.record.logs
        let logs = try Logs(
            metrics: AppendFile(names.metrics, length: positions?.metrics.length ?? 0),
            timings: AppendFile(names.timings, length: positions?.timings.length ?? 0),
            events: AppendFile(names.events, length: positions?.events.length ?? 0))
        if FileManager.default.fileExists(atPath: names.summary.path) {
            try FileManager.default.removeItem(at: names.summary)
        }
        return try Run(
            names: names, description: description, retention: retention, lock: lock, logs: logs,
            resumedFrom: checkpoint, skipped: skipped)
    }

    private init(
        names: RunFolder, description: RunDescription, retention: CheckpointRetention, lock: RunLock, logs: Logs,
        resumedFrom: SavedCheckpoint?, skipped: [String]
    ) throws {
        self.names = names
        self.description = description
        self.retention = retention
        self.resumedFrom = resumedFrom
        skippedCheckpoints = skipped
        folder = names.root
        var logs = logs
        if logs.events.length == 0 {
            try logs.events.append(EventRecord(wallTime: Self.wallTime, step: 0, content: .version).framed)
        }
        state = Mutex(
            State(
                logs: logs, lock: lock, lastStep: resumedFrom?.record.step ?? 0,
                elapsedBefore: resumedFrom?.record.elapsedSeconds ?? 0))
    }

    /// The newest checkpoint whose files and whose logs are as recorded; the unusable ones are set aside.
    private static func lastUsableCheckpoint(_ names: RunFolder) -> (SavedCheckpoint?, skipped: [String]) {
        let store = CheckpointStore(folder: names.checkpoints)
        var skipped: [String] = []
        for step in store.steps() {
            do {
                let checkpoint = try store.verified(step: step)
                try check(names.metrics, against: checkpoint.record.logs.metrics)
                try check(names.timings, against: checkpoint.record.logs.timings)
                try check(names.events, against: checkpoint.record.logs.events)
                return (checkpoint, skipped)
            } catch {
                skipped.append(String(describing: error))
                store.setAside(step: step)
            }
        }
        return (nil, skipped)
    }

    private static func check(_ log: URL, against position: Checkpoint.LogPosition) throws {
        let checksum = try AppendFile.checksum(of: log, length: position.length)
        guard checksum?.value == position.checksum else {
            throw RunRecordsError.malformed(
                path: log.path, line: nil, reason: "the first \(position.length) bytes aren't those on record.")
        }
    }

    /// Seconds since 1970.
    static var wallTime: Double { Date().timeIntervalSince1970 }
}
