import Foundation

/// The `checkpoints` folder of a run: one folder a checkpoint, with `checkpoint.json` in it as the last file written.
struct CheckpointStore: Sendable {
    let folder: URL

    private static let recordName = "checkpoint.json"
    /// Holds the checksum of `checkpoint.json` in hexadecimal digits.
    private static let checksumName = "checkpoint.crc32c"
    private static let prefix = "step-"
    private static let damagedPrefix = "damaged-"

    /// The folder for a step; names sort as steps do.
    func url(step: Int) -> URL {
        let digits = String(step)
        return folder.appendingPathComponent(
            Self.prefix + String(repeating: "0", count: max(0, 12 - digits.count)) + digits)
    }

    /// Writes a checkpoint; it appears whole or not at all.
    func save(
        step: Int, record: ([Checkpoint.FileRecord]) -> Checkpoint, write: (URL) throws -> Void
    ) throws -> SavedCheckpoint {
        try makeFolder(folder)
        let destination = url(step: step)
        var saved: Checkpoint?
        try AtomicFile(destination).write(through: { temporary in
            try makeFolder(temporary)
            try write(temporary)
            let checkpoint = record(try Self.fileRecords(in: temporary))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let bytes = try encoder.encode(checkpoint)
            try AtomicFile(temporary.appendingPathComponent(Self.recordName)).write(bytes)
            try AtomicFile(temporary.appendingPathComponent(Self.checksumName)).write(Self.checksum(of: bytes))
            saved = checkpoint
        })
        guard let saved else { preconditionFailure("AtomicFile.write(through:) returned without calling its body") }
        return SavedCheckpoint(folder: destination, record: saved)
    }

    /// Names, lengths and checksums of all files below a folder, by name.
    private static func fileRecords(in root: URL, below path: String = "") throws -> [Checkpoint.FileRecord] {
        var records: [Checkpoint.FileRecord] = []
        let here = path.isEmpty ? root : root.appendingPathComponent(path)
        for name in try FileManager.default.contentsOfDirectory(atPath: here.path).sorted() {
            let relative = path.isEmpty ? name : path + "/" + name
            if relative == recordName || relative == checksumName { continue }
            let url = root.appendingPathComponent(relative)
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
                records += try fileRecords(in: root, below: relative)
            } else {
                let length = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? UInt64 ?? 0
                let checksum = try AppendFile.checksum(of: url, length: length)?.value ?? 0
                records.append(Checkpoint.FileRecord(path: relative, length: length, checksum: checksum))
            }
        }
        return records
    }

    /// The steps for which a folder exists, newest first; nothing is said about their contents.
    func steps() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix(Self.prefix) }
            .compactMap { Int($0.dropFirst(Self.prefix.count)) }
            .sorted(by: >)
    }

    /// Reads a checkpoint's record without looking at the other files.
    func record(step: Int) throws -> Checkpoint {
        let file = url(step: step).appendingPathComponent(Self.recordName)
        do {
            return try JSONDecoder().decode(Checkpoint.self, from: readFile(file))
        } catch let error as DecodingError {
            throw RunRecordsError.malformed(path: file.path, line: nil, reason: sentence(for: error))
        }
    }

    private static func checksum(of bytes: Data) -> String {
        String(CyclicRedundancyCheck(of: bytes).value, radix: 16) + "\n"
    }

    /// Reads a checkpoint and checks every file that belongs to it, and the record itself.
    func verified(step: Int) throws -> SavedCheckpoint {
        let file = url(step: step).appendingPathComponent(Self.recordName)
        let expected = try readFile(url(step: step).appendingPathComponent(Self.checksumName))
        guard try Data(Self.checksum(of: readFile(file)).utf8) == expected else {
            throw RunRecordsError.malformed(
                path: file.path, line: nil, reason: "the file is damaged: its checksum isn't the recorded one.")
        }
        let checkpoint = try record(step: step)
        let found = try Self.fileRecords(in: url(step: step))
        for expected in checkpoint.files where !found.contains(expected) {
            throw RunRecordsError.malformed(
                path: url(step: step).appendingPathComponent(expected.path).path, line: nil,
                reason: "the file is absent or damaged: its length or checksum isn't the recorded one.")
        }
        return SavedCheckpoint(folder: url(step: step), record: checkpoint)
    }

    /// Puts a damaged checkpoint out of the way without deleting it.
    func setAside(step: Int) {
        let aside = folder.appendingPathComponent(Self.damagedPrefix + url(step: step).lastPathComponent)
        try? FileManager.default.removeItem(at: aside)
        _ = rename(url(step: step).path, aside.path)
    }

    /// Removes what the retention doesn't keep.
    func prune(_ retention: CheckpointRetention) {
        let steps = steps()
        var kept = Set(steps.prefix(retention.newest))
        if let best = bestStep(among: steps, retention.best) { kept.insert(best) }
        for step in steps where !kept.contains(step) { remove(step: step) }
    }

    private func bestStep(among steps: [Int], _ best: CheckpointRetention.Best) -> Int? {
        if case .none = best { return nil }
        let scored = steps.compactMap { step in (try? record(step: step))?.score.map { (step: step, score: $0) } }
        let chosen: (step: Int, score: Double)?
        if case .lowest = best {
            chosen = scored.min { ($0.score, $0.step) < ($1.score, $1.step) }
        } else {
            chosen = scored.min { (-$0.score, $0.step) < (-$1.score, $1.step) }
        }
        return chosen?.step
    }

    /// Renames first, so that a half-deleted folder never looks like a checkpoint.
    private func remove(step: Int) {
        let name = AtomicFile.temporaryPrefix + "deleted-" + url(step: step).lastPathComponent
        let aside = folder.appendingPathComponent(name)
        try? FileManager.default.removeItem(at: aside)
        guard rename(url(step: step).path, aside.path) == 0 else { return }
        try? FileManager.default.removeItem(at: aside)
    }
}
