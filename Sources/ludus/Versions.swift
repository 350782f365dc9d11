import Foundation
import RunRecords

/// What a run relied on, for its `config.json`.
struct Versions {
    let versions: [String: String]
    let commit: String?

    /// Asks all parts.
    static func found() async -> Versions {
        var versions = ["ludus": LudusVersion.current, "swift": SwiftVersion.current]
        for part in [Part.libtorch, .coq] {
            if case .found(let version) = await part.state() { versions[part.name] = version }
        }
        let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        return Versions(versions: versions, commit: await SourceRevision.current(in: here))
    }

    /// One line that begins the output of a run.
    func summary(seed: UInt64) -> String {
        let parts = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return (["seed \(seed)"] + parts + ["commit \(commit ?? "unknown")"]).joined(separator: ", ")
    }
}

/// The compiler that built the program.
enum SwiftVersion {
    #if compiler(>=6.4)
        static let current = "6.4 or later"
    #elseif compiler(>=6.3)
        static let current = "6.3"
    #elseif compiler(>=6.2)
        static let current = "6.2"
    #else
        static let current = "before 6.2"
    #endif
}
