import Foundation

/// Writes a file so that a reader finds the old content or the new one, never a part: a temporary file beside it,
/// then `fsync`, then a rename, then `fsync` of the folder.
///
/// - Parameters:
///   - path: where the file goes.
///   - parts: one after the other, they are the content.
/// - Throws: `TensorFileError.unwritable`; the temporary file is then removed.
func writeAtomically(
    path: String, _ parts: ((UnsafeRawBufferPointer) throws(TensorFileError) -> Void) throws(TensorFileError) -> Void
)
    throws(TensorFileError)
{
    let temporary = "\(path).\(getpid()).\(UInt64.random(in: 0...(.max))).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: MappedFile.systemReason()) }
    var isOpen = true
    do throws(TensorFileError) {
        try parts { bytes throws(TensorFileError) in try writeAll(bytes, to: descriptor, path: path) }
        guard fsync(descriptor) == 0 else { throw .unwritable(path: path, reason: MappedFile.systemReason()) }
        isOpen = false
        guard close(descriptor) == 0 else { throw .unwritable(path: path, reason: MappedFile.systemReason()) }
        guard rename(temporary, path) == 0 else { throw .unwritable(path: path, reason: MappedFile.systemReason()) }
    } catch {
        if isOpen { close(descriptor) }
        unlink(temporary)
        throw error
    }
    synchronizeFolder(of: path)
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(TensorFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let written = write(descriptor, part.baseAddress, part.count)
        if written < 0 {
            if errno == EINTR { continue }
            throw .unwritable(path: path, reason: MappedFile.systemReason())
        }
        rest = rest.dropFirst(written)
    }
}

/// Makes the rename itself last through a crash.
///
/// Some file systems refuse this; the file is in place all the same.
private func synchronizeFolder(of path: String) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
}
