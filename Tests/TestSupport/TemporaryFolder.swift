import Foundation

/// A folder of its own for one test, removed with its contents when the value goes away.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes the folder.
    ///
    /// - Throws: the system's error when it cannot be made.
    public init() throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        path = place.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Writes bytes to a file in the folder.
    ///
    /// - Returns: the file's path.
    /// - Throws: the system's error when it cannot be written.
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}
