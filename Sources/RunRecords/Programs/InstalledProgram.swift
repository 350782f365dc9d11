public import Foundation
import Subprocess
import SystemPackage

/// A program of the system that is asked something and answers at once: a version, a commit.
public struct InstalledProgram: Sendable {
    /// The program's name on the path, or its own path.
    public let name: String

    /// So long may an answer take.
    public let limit: Duration
    /// Longer answers than this, in bytes, are an error.
    private static let longestAnswer = 1 << 20

    /// Names a program.
    ///
    /// - Parameters:
    ///   - name: its name on the path, or its own path.
    ///   - limit: so long may an answer take.
    public init(_ name: String, limit: Duration = .seconds(20)) {
        self.name = name
        self.limit = limit
    }

    /// Runs the program and waits for its answer.
    ///
    /// - Parameters:
    ///   - arguments: its arguments.
    ///   - folder: where it runs; nil stays here.
    /// - Returns: what it prints, without space at either end.
    /// - Throws: `RunRecordsError.program` when it is absent, fails, or takes longer than the limit.
    public func answer(to arguments: [String], in folder: URL? = nil) async throws -> String {
        let (name, limit) = (name, limit)
        return try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await Self.run(name, arguments, folder) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw RunRecordsError.program(name: name, reason: "no answer after \(limit).")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
    }

    private static func run(_ name: String, _ arguments: [String], _ folder: URL?) async throws -> String {
        let executable: Executable = name.contains("/") ? .path(FilePath(name)) : .name(name)
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), workingDirectory: folder.map { FilePath($0.path) },
                output: .string(limit: longestAnswer), error: .string(limit: longestAnswer))
            guard result.terminationStatus.isSuccess else {
                let words = result.standardError.trimmingCharacters(in: .whitespacesAndNewlines)
                throw RunRecordsError.program(name: name, reason: words.isEmpty ? "\(result.terminationStatus)" : words)
            }
            return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch let error as SubprocessError {
            throw RunRecordsError.program(name: name, reason: "\(error)")
        }
    }
}

/// The commit of a source tree.
public enum SourceRevision {
    /// The commit that is checked out.
    ///
    /// - Parameter folder: any folder of the tree.
    /// - Returns: its hash, with `+changes` behind it when tracked files differ; nil outside a repository or without git.
    public static func current(in folder: URL) async -> String? {
        let git = InstalledProgram("git")
        guard let commit = try? await git.answer(to: ["rev-parse", "HEAD"], in: folder), !commit.isEmpty else {
            return nil
        }
        let changes = try? await git.answer(to: ["status", "--porcelain", "--untracked-files=no"], in: folder)
        return changes == "" ? commit : commit + "+changes"
    }
}
