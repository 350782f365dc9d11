#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder with files that the set-up puts under `.deps`: simulators, models, games.
public struct InstalledFolder: Sendable, Hashable {
    /// The folder below `.deps`, such as `mujoco/assets`.
    public let name: String
    /// The environment variable that names another folder, such as `LUDUS_MUJOCO`.
    public let variable: String
    /// A file by which the folder is known.
    public let mark: String

    /// A folder that the set-up makes.
    ///
    /// - Parameters:
    ///   - name: its path below `.deps`.
    ///   - variable: the environment variable that names another folder.
    ///   - mark: a file in it.
    public init(_ name: String, variable: String, mark: String) {
        self.name = name
        self.variable = variable
        self.mark = mark
    }

    /// Where the folder is: the one given, else the one that the variable names, else the first `.deps` folder of that
    /// name in the current folder, the program's folder, or a folder above them.
    ///
    /// - Parameter given: a folder.
    /// - Returns: the folder, or nil where none was found. A folder that was named isn't looked into.
    public func find(_ given: String? = nil) -> String? {
        if let given { return given }
        if let named = getenv(variable) { return String(cString: named) }
        for start in [Self.currentFolder, Self.programFolder] {
            var parts = start.split(separator: "/").map(String.init)
            while true {
                let candidate = "/" + (parts + [".deps", name]).joined(separator: "/")
                if Self.canRead("\(candidate)/\(mark)") { return candidate }
                if parts.isEmpty { break }
                parts.removeLast()
            }
        }
        return nil
    }

    /// Whether a file can be read.
    ///
    /// - Parameter path: the file.
    /// - Returns: whether this program may read it now.
    public static func canRead(_ path: String) -> Bool { access(path, R_OK) == 0 }

    private static var currentFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    private static var programFolder: String {
        guard let path = realpath("/proc/self/exe", nil) else { return currentFolder }
        defer { free(path) }
        return String(cString: path)
    }
}
