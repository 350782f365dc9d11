import Foundation
public import ProofAssistants

/// A statement that a file asks to prove.
public struct StatementRecord: Hashable, Sendable {
    /// The statement with all that stands before it and isn't a theorem.
    public var statement: FormalStatement
    /// 1-based line in the file at which it begins.
    public var line: Int
    /// The statement in words, where the file gives them.
    public var informal: String?
}

/// Something in a file of statements that can't be used; the rest of the file still counts.
public struct StatementProblem: Hashable, Sendable, CustomStringConvertible {
    /// Name or path of the file.
    public var file: String
    /// 1-based line.
    public var line: Int
    /// What is wrong.
    public var message: String
    /// What the person can do about it.
    public var advice: String

    /// `FILE:LINE: what is wrong; what to do`.
    public var description: String { "\(file):\(line): \(message); \(advice)" }
}

/// What a file of statements holds.
public struct StatementFile: Hashable, Sendable {
    /// Statements in the order of the file.
    public internal(set) var records: [StatementRecord] = []
    /// Parts that can't be used, in the order of the file.
    public internal(set) var problems: [StatementProblem] = []

    init() {}

    /// Reads a `.v` or a `.jsonl` file.
    ///
    /// - Parameter path: path of the file; its ending chooses the reader.
    /// - Returns: statements and problems.
    /// - Throws: `unreadableFile` or `unknownFileKind`. Bad records inside don't throw, they are ``problems``.
    public static func read(path: String) throws(TheoremProvingError) -> StatementFile {
        let isCoq = path.hasSuffix(".v")
        guard isCoq || path.hasSuffix(".jsonl") else { throw .unknownFileKind(path: path) }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadableFile(path: path, reason: error.localizedDescription)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .unreadableFile(path: path, reason: "it isn't UTF-8 text")
        }
        return isCoq ? StatementFile(coq: text, file: path) : StatementFile(jsonLines: text, file: path)
    }

    mutating func report(_ file: String, _ line: Int, _ message: String, _ advice: String) {
        problems.append(StatementProblem(file: file, line: line, message: message, advice: advice))
    }

    /// Adds a record unless its name is taken.
    mutating func add(_ record: StatementRecord, file: String, names: inout Set<String>) {
        guard names.insert(record.statement.name).inserted else {
            report(file, record.line, "the name \(record.statement.name) is used twice", "rename one of the theorems")
            return
        }
        records.append(record)
    }
}
