import Foundation

/// The names inside a run folder.
struct RunFolder: Sendable {
    let root: URL

    init(_ root: URL) {
        self.root = root.standardizedFileURL
    }

    var description: URL { root.appendingPathComponent("config.json") }
    var metrics: URL { root.appendingPathComponent("metrics.jsonl") }
    var timings: URL { root.appendingPathComponent("timings.jsonl") }
    var events: URL { root.appendingPathComponent("events.out.tfevents.ludus") }
    var summary: URL { root.appendingPathComponent("summary.json") }
    var checkpoints: URL { root.appendingPathComponent("checkpoints") }
    var lock: URL { root.appendingPathComponent("run.lock") }
}

/// Keeps other processes from writing the same run folder.
///
/// The system drops the lock when the process ends, however.
final class RunLock: Sendable {
    private let owner: DescriptorOwner

    /// Takes the lock.
    ///
    /// - Throws: `RunRecordsError.locked` when somebody else has it.
    init(_ folder: RunFolder) throws(RunRecordsError) {
        owner = try DescriptorOwner(path: folder.lock.path, flags: O_RDWR | O_CREAT, operation: "write")
        guard flock(owner.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw RunRecordsError.lastSystemError("lock", folder.lock.path) }
            let words = (try? readFile(folder.lock)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            throw RunRecordsError.locked(path: folder.root.path, owner: words.isEmpty ? "unknown" : words)
        }
        // For the other's message only: a full disk may leave it empty.
        _ = ftruncate(owner.descriptor, 0)
        let words = Array("process \(getpid())".utf8)
        _ = words.withUnsafeBytes { pwrite(owner.descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Gives the lock up in so many words: a child that was just forked holds a copy of the descriptor until it is
    /// another program, so that closing ours wouldn't do.
    deinit { flock(owner.descriptor, LOCK_UN) }
}
