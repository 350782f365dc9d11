import Foundation

/// Files that are too large for the repository, in a folder that the environment variable `LUDUS_SHARED` names.
public enum SharedFiles {
    /// The folder, nil where there is none; tests that need it are then skipped.
    public static var folder: String? {
        guard let path = ProcessInfo.processInfo.environment["LUDUS_SHARED"], !path.isEmpty else { return nil }
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The paths of all files below the folder whose names end so, in order; empty where there is no folder.
    public static func files(endingIn suffix: String) -> [String] {
        guard let folder, let walker = FileManager.default.enumerator(atPath: folder) else { return [] }
        return walker.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.map { folder + "/" + $0 }.sorted()
    }
}
