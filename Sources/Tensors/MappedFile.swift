import Foundation

/// A file's bytes as memory, read by the system when they are looked at.
///
/// Changes in memory never reach the file. Invariant behind `@unchecked Sendable`: address and length never change,
/// and nothing in here writes to the memory.
final class MappedFile: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let count: Int

    /// Maps a whole file.
    ///
    /// - Throws: `TensorFileError.unreadable` when the file cannot be opened or mapped.
    init(path: String) throws(TensorFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: Self.systemReason()) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .unreadable(path: path, reason: Self.systemReason()) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, reason: "it is no regular file") }
        count = Int(facts.st_size)
        // An empty file cannot be mapped; one page stands in for it, of which `count` says that none is used.
        let length = max(count, 1)
        let flags = count == 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE
        guard
            let address = mmap(nil, length, PROT_READ | PROT_WRITE, flags, count == 0 ? -1 : descriptor, 0),
            address != MAP_FAILED
        else { throw .unreadable(path: path, reason: Self.systemReason()) }
        start = address
    }

    deinit {
        munmap(start, max(count, 1))
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    static func systemReason() -> String { String(cString: strerror(errno)) }
}
