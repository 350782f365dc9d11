import Foundation

/// Owns one file descriptor and closes it when the last reference goes.
///
/// The descriptor is never handed to child processes (`O_CLOEXEC`).
final class DescriptorOwner: Sendable {
    let descriptor: Int32
    let path: String

    /// Opens `path` with the given `open(2)` flags.
    ///
    /// - Throws: `RunRecordsError.system` when the file can't be opened.
    init(path: String, flags: Int32, operation: String) throws(RunRecordsError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw RunRecordsError.lastSystemError(operation, path) }
    }

    deinit { close(descriptor) }

    /// Writes all bytes at the current position, however many calls it takes.
    func writeAll(_ bytes: UnsafeRawBufferPointer) throws(RunRecordsError) {
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0 {
                if errno == EINTR { continue }
                throw RunRecordsError.lastSystemError("write", path)
            }
            written += count
        }
    }

    /// Reads up to `buffer.count` bytes from the current position; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RunRecordsError) -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR { throw RunRecordsError.lastSystemError("read", path) }
        }
    }

    /// Forces the file's bytes to the disk.
    func synchronize() throws(RunRecordsError) {
        if fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS {
            throw RunRecordsError.lastSystemError("write", path)
        }
    }
}

/// Forces a folder's entries (names just created or renamed in it) to the disk.
func synchronizeFolder(_ path: String) throws(RunRecordsError) {
    try DescriptorOwner(path: path, flags: O_RDONLY | O_DIRECTORY, operation: "open folder").synchronize()
}

/// Makes a folder and those above it.
func makeFolder(_ url: URL) throws(RunRecordsError) {
    var missing: [String] = []
    var folder = url.standardizedFileURL
    while mkdir(folder.path, 0o777) != 0 {
        if errno == EEXIST {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue { break }
            throw RunRecordsError.system(operation: "make folder", path: folder.path, code: ENOTDIR)
        }
        let parent = folder.deletingLastPathComponent()
        guard errno == ENOENT, parent.path != folder.path else {
            throw RunRecordsError.lastSystemError("make folder", folder.path)
        }
        missing.append(folder.path)
        folder = parent
    }
    for path in missing.reversed() where mkdir(path, 0o777) != 0 && errno != EEXIST {
        throw RunRecordsError.lastSystemError("make folder", path)
    }
}

/// Reads a whole file.
func readFile(_ url: URL) throws(RunRecordsError) -> Data {
    let file = try DescriptorOwner(path: url.path, flags: O_RDONLY, operation: "read")
    var data = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
        let read = chunk.withUnsafeMutableBytes { buffer in
            Result { () throws(RunRecordsError) in try file.read(into: buffer) }
        }
        let count = try read.get()
        if count == 0 { return data }
        data.append(contentsOf: chunk[..<count])
    }
}
