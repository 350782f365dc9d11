import Foundation
import ProofAssistants
import TheoremProving

/// Whether Coq's programs are in `PATH`; tests that need them are skipped with a notice where they aren't.
enum CoqSupport {
    static let isInstalled: Bool = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return ["coqidetop.opt", "coqc"].allSatisfy { program in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
        }
    }()
    static let notice = "coqidetop.opt or coqc isn't installed"

    /// One Coq for all tests of this target.
    static let shared: Coq = {
        var options = CoqOptions()
        // One a header and task: the generated statements have three headers.
        options.processes = 6
        return Coq(options)
    }()

    static func statement(_ name: String, _ proposition: String) -> FormalStatement {
        FormalStatement(
            name: name, header: CurriculumStatement.header, text: "Theorem \(name) : \(proposition).")
    }

    /// A fresh folder in the temporary directory.
    static func temporaryFolder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }
}
