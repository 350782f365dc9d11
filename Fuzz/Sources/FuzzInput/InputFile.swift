import Glibc

/// A file in memory that holds the input of the moment, for readers that take a path.
public enum InputFile {
    /// Writes an input and gives the path of the file that holds it.
    ///
    /// Each process has a file of its own, which the next input replaces.
    ///
    /// - Parameters:
    ///   - start: first byte; may be nil if there are none.
    ///   - count: number of bytes.
    ///   - ending: the file name's ending, with its full stop.
    /// - Returns: the path.
    public static func path(_ start: UnsafePointer<UInt8>?, _ count: Int, ending: String) -> String {
        let path = "/dev/shm/ludus-fuzz-\(getpid())\(ending)"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(file >= 0, "InputFile: \(path) can't be written")
        defer { close(file) }
        precondition(write(file, start, count) == count, "InputFile: \(path) is full")
        return path
    }

    /// The input as bytes.
    public static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: start, count: count))
    }
}
