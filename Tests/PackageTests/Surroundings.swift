import Foundation

/// The path of a program that the system finds by its name; nil where there is none.
func executable(named name: String) -> String? {
    ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":").map { "\($0)/\(name)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Lends a folder of its own to a test, and removes it afterwards.
func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Without links, as the system tells of the folder where a process works.
    try await body(folder.resolvingSymlinksInPath())
}
