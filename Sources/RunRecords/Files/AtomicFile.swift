public import Foundation

/// A file or folder that appears whole or not at all.
///
/// The bytes go to a temporary name in the same folder, are forced to the disk, and are then renamed over the
/// destination. A reader, and a process that is killed at any moment, sees the old contents or the new, never a part.
/// A failed write removes its temporary and leaves the destination as it was.
public struct AtomicFile: Sendable {
    /// Where the contents will appear.
    public let destination: URL

    /// Names a destination; nothing is touched yet.
    ///
    /// - Parameter destination: a file URL in a folder that exists.
    public init(_ destination: URL) {
        self.destination = destination
    }

    /// What temporaries' names begin with; leftovers of killed processes can be recognised by it.
    static let temporaryPrefix = ".writing-"

    /// Replaces the file's contents.
    ///
    /// - Parameter data: the new contents.
    /// - Throws: `RunRecordsError.system` on a full disk, a missing folder or missing rights.
    public func write(_ data: Data) throws {
        try write(through: { temporary in
            let file = try DescriptorOwner(
                path: temporary.path, flags: O_WRONLY | O_CREAT | O_EXCL, operation: "write")
            try data.withUnsafeBytes { bytes in try file.writeAll(bytes) }
        })
    }

    /// Replaces the file's contents with text in UTF-8.
    ///
    /// - Parameter text: the new contents.
    /// - Throws: `RunRecordsError.system` on a full disk, a missing folder or missing rights.
    public func write(_ text: String) throws {
        try write(Data(text.utf8))
    }

    /// Replaces the file's contents with a value as JSON: sorted keys, indented, a newline at the end.
    ///
    /// - Parameter value: what to encode; floating-point values that aren't finite become strings ("NaN").
    /// - Throws: `RunRecordsError.system` as `write(_:)` does, or the encoder's error.
    public func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = JSONValue.encodingStrategy
        try write(encoder.encode(value) + Data("\n".utf8))
    }

    /// Lets somebody else write the contents under a temporary name, then puts them in place.
    ///
    /// - Parameter body: writes a file or a folder at the URL it is given. When it throws, nothing stays.
    /// - Throws: what `body` throws, or `RunRecordsError.system`.
    public func write(through body: (URL) throws -> Void) throws {
        let folder = destination.deletingLastPathComponent()
        let suffix = String(UInt64.random(in: .min ... .max), radix: 36)
        let temporary = folder.appendingPathComponent(
            "\(Self.temporaryPrefix)\(destination.lastPathComponent)-\(suffix)")
        do {
            try body(temporary)
            try Self.synchronizeTree(temporary)
            try replace(with: temporary)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw named(error, insteadOf: temporary)
        }
        try synchronizeFolder(folder.path)
    }

    /// The error with the destination's path in it: nobody knows the temporary's.
    private func named(_ error: any Error, insteadOf temporary: URL) -> any Error {
        guard case RunRecordsError.system(let operation, let path, let code) = error,
            path.hasPrefix(temporary.path)
        else { return error }
        let below = path.dropFirst(temporary.path.count)
        return RunRecordsError.system(operation: operation, path: destination.path + below, code: code)
    }

    /// Renames the temporary over the destination; a folder that is in the way is moved aside first.
    private func replace(with temporary: URL) throws(RunRecordsError) {
        if rename(temporary.path, destination.path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else {
            throw RunRecordsError.lastSystemError("write", destination.path)
        }
        let aside = URL(fileURLWithPath: temporary.path + "-replaced")
        guard rename(destination.path, aside.path) == 0 else {
            throw RunRecordsError.lastSystemError("replace", destination.path)
        }
        guard rename(temporary.path, destination.path) == 0 else {
            let failure = RunRecordsError.lastSystemError("write", destination.path)
            _ = rename(aside.path, destination.path)
            throw failure
        }
        try? FileManager.default.removeItem(at: aside)
    }

    /// Forces a file, or a folder with all that is in it, to the disk.
    private static func synchronizeTree(_ url: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw RunRecordsError.system(operation: "find what was to be written at", path: url.path, code: ENOENT)
        }
        if isFolder.boolValue {
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
                try synchronizeTree(url.appendingPathComponent(name))
            }
            try synchronizeFolder(url.path)
        } else {
            try DescriptorOwner(path: url.path, flags: O_RDONLY, operation: "read").synchronize()
        }
    }

    /// Removes what killed processes left half-written in a folder.
    ///
    /// Only for folders that are locked by the caller.
    static func removeLeftovers(in folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where name.hasPrefix(temporaryPrefix) {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }
}
