import Foundation
import Subprocess
import SystemPackage
import Testing

/// The package's folder.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

@Test("Targets and imports agree with the layer table")
func layersAgreeWithTable() async throws {
    let outcome = try await Subprocess.run(
        .path(FilePath(root + "/Scripts/check-layers")), workingDirectory: FilePath(root),
        output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    let text = outcome.standardOutput + outcome.standardError
    #expect(outcome.terminationStatus == .exited(0), "\(text)")
}
