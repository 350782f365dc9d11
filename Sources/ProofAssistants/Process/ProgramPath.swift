import Glibc

/// Looking up of programs.
enum ProgramPath {
    /// The path of a program: the name itself if it holds a slash, else the first match in `PATH`.
    static func find(_ name: String) throws(ProofAssistantError) -> String {
        if name.contains("/") {
            guard isProgram(name) else { throw .programMissing(path: name, reason: "no such program") }
            return name
        }
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        for folder in folders.split(separator: ":") where isProgram(folder + "/" + name) { return folder + "/" + name }
        throw .programMissing(path: name, reason: "not found in PATH")
    }

    private static func isProgram(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
