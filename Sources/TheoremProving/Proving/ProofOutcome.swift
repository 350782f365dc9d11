import Foundation
public import ProofAssistants
import RunRecords
public import TreeSearch

/// How an attempt at one statement ended.
public struct ProofOutcome: Sendable, Hashable, Codable {
    /// The four verdicts, never mixed up.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A second process accepted the proof.
        case proved
        /// The statement or its header doesn't compile.
        case rejected
        /// The budget ended without a proof; the statement may be true or not.
        case undecided
        /// The machinery failed; nothing is known.
        case infrastructure
    }

    /// Name of the theorem.
    public var name: String
    /// What was to be proved.
    public var statement: FormalStatement
    /// The verdict.
    public var kind: Kind
    /// Axioms of a proof, the assistant's message, or what failed; one line.
    public var detail: String
    /// What found the proof, such as `automation: lia` or `rmaxts`; empty without a proof.
    public var foundBy: String
    /// The proof, or nil.
    public var script: TacticScript?
    /// Proposals that a model made.
    public var samples: Int
    /// Wall seconds, all stages together.
    public var seconds: Double
    /// The search trees, where there was a search.
    public var trees: [SearchTreeRecord]

    /// An outcome from its parts.
    public init(
        statement: FormalStatement, kind: Kind, detail: String = "", foundBy: String = "", script: TacticScript? = nil,
        samples: Int = 0, seconds: Double = 0, trees: [SearchTreeRecord] = []
    ) {
        name = statement.name
        self.statement = statement
        self.kind = kind
        self.detail = detail
        self.foundBy = foundBy
        self.script = script
        self.samples = samples
        self.seconds = seconds
        self.trees = trees
    }

    /// The whole `.v` file of a proof, which `coqc` compiles by itself; nil without a proof.
    public var file: String? {
        guard kind == .proved, let script else { return nil }
        let header = statement.header.isEmpty ? "" : statement.header + "\n\n"
        let lines = script.sentences.map { "  \($0)\n" }.joined()
        return "\(header)\(statement.text)\nProof.\n\(lines)Qed.\n"
    }

    /// Writes the proof to `NAME.v` in a folder that exists; nothing half-written stays.
    ///
    /// - Parameter folder: where to write.
    /// - Returns: the file's path, or nil without a proof.
    /// - Throws: `unwritableFile`.
    public func write(to folder: String) throws(TheoremProvingError) -> String? {
        guard let file else { return nil }
        let base = String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
        let url = URL(fileURLWithPath: folder).appendingPathComponent(base + ".v")
        do {
            try AtomicFile(url).write(file)
        } catch {
            throw .unwritableFile(path: url.path, reason: "\(error)")
        }
        return url.path
    }
}
