import Foundation

/// What can go wrong with run folders, data files and reports.
///
/// Every case prints as one sentence: what, where, what to do.
public enum RunRecordsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A system call on a file or folder failed; `code` is the `errno` value.
    case system(operation: String, path: String, code: Int32)
    /// A new run was asked for in a folder that already holds one.
    case folderHoldsRun(path: String)
    /// The folder holds no run (no `config.json`).
    case noRun(path: String)
    /// Another process has the run open; `owner` is what it wrote into the lock file.
    case locked(path: String, owner: String)
    /// A file isn't what its name promises; `line` counts from 1 where the file has lines.
    case malformed(path: String, line: Int?, reason: String)
    /// A checkpoint lacks a part that the caller asked for.
    case missingState(name: String, path: String)
    /// The run was closed (`finish`, `fail` or `close`) and then written to.
    case closed(path: String)
    /// A helper program (gnuplot, git) failed; `reason` holds its own words.
    case program(name: String, reason: String)

    /// One sentence for a person.
    public var description: String {
        switch self {
        case .system(let operation, let path, let code):
            return "Cannot \(operation) \(path): \(Self.advice(code))"
        case .folderHoldsRun(let path):
            return "\(path) already holds a run; resume it or choose another folder."
        case .noRun(let path):
            return "\(path) holds no run (there is no config.json in it); check the path."
        case .locked(let path, let owner):
            return "\(path) is being written by another process (\(owner)); wait for it or choose another folder."
        case .malformed(let path, let line, let reason):
            return "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case .missingState(let name, let path):
            return "The checkpoint \(path) has no part named \"\(name)\"; it was written by another program or version."
        case .closed(let path):
            return "The run \(path) is already closed; write to it before finish()."
        case .program(let name, let reason):
            return "\(name) failed: \(reason)"
        }
    }

    /// The system's sentence for `code`, with what to do about the commonest ones.
    private static func advice(_ code: Int32) -> String {
        let sentence = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT: return "\(sentence); free some space and resume."
        case EACCES, EPERM, EROFS: return "\(sentence); choose a folder that you may write to."
        case ENOENT: return "\(sentence); check the path."
        default: return "\(sentence)."
        }
    }
}

extension RunRecordsError {
    /// The error for the system call that has just failed, from `errno`.
    static func lastSystemError(_ operation: String, _ path: String) -> RunRecordsError {
        .system(operation: operation, path: path, code: errno)
    }
}
