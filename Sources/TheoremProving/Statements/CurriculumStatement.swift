public import ProofAssistants

/// Which side of the train/held-out division a statement is on.
public enum StatementSplit: String, Hashable, Sendable, Codable, CaseIterable {
    /// Statements that training may see.
    case training
    /// Statements for measurement only.
    case heldOut
}

/// Kind of mathematics of a generated statement.
public enum StatementFamily: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Propositional logic with negation.
    case propositional
    /// Predicates under `forall` and `exists`.
    case quantifiers
    /// Laws of an abstract relation or function.
    case relations
    /// Linear arithmetic over nat, Z and R.
    case linear
    /// Chains and laws of `<` and `<=`.
    case order
    /// Divisibility and parity over nat and Z.
    case divisibility
    /// Choice of witnesses.
    case existentials
    /// Polynomial identities.
    case polynomials
    /// Polynomial inequalities from squares and signs.
    case inequalities
    /// Functions and sequences given by equations.
    case functions
    /// Closed computations.
    case computation
}

/// What the generator knows about a statement.
public enum Expectation: String, Hashable, Sendable, Codable {
    /// True by construction.
    case valid
    /// A mutant that may be false.
    case unknown
}

/// A generated statement with what is known about it.
public struct CurriculumStatement: Hashable, Sendable, Codable {
    /// Identifier that is fresh in the header's context: `t`, level, 12 hexadecimal digits of the canonical hash.
    public var name: String
    /// Import lines that the statement needs.
    public var header: String
    /// The statement's Coq type, `forall x : Z, ...`.
    public var proposition: String
    /// Difficulty, 1 (one to three tactics) to 5 (six to ten).
    public var level: Int
    /// Kind of mathematics.
    public var family: StatementFamily
    /// `logic`, `nat`, `Z` or `R`.
    public var domain: String
    /// The statement in English, from the same tree.
    public var informal: String
    /// `grammar`, or the name of the mutation that made it.
    public var origin: String
    /// Whether it is true by construction.
    public var expectation: Expectation
    /// Hash that is equal for statements that differ in names only.
    public var canonicalHash: UInt64

    /// The sentence that states it: `Theorem name : proposition`, with a full stop.
    public var text: String { "Theorem \(name) : \(proposition)." }

    /// The statement as a proof assistant takes it.
    public var formal: FormalStatement { FormalStatement(name: name, header: header, text: text) }

    /// Share of the statements over Z or R alone that open the scope of their numbers, as statements in the wild do.
    private static let openScopePercentage: UInt64 = 40

    /// The import lines of all generated statements, so that warm sessions can be shared.
    ///
    /// Some statements open `Z_scope` or `R_scope` on top: three headers in all.
    public static let header = "Require Import Arith ZArith Reals Lia Lra Psatz."

    init(
        _ sequent: Sequent, level: Int, family: StatementFamily, domain: String, origin: String,
        expectation: Expectation
    ) {
        let canonical = sequent.canonicalText
        let hash = StableHash.of(canonical)
        let digits = String(hash, radix: 16)
        name = "t\(level)_" + String(repeating: "0", count: 16 - digits.count) + digits
        let opened = hash % 100 < Self.openScopePercentage ? sequent.onlyNumberSort : nil
        header = opened.map { Self.header + "\nOpen Scope \($0.name)_scope." } ?? Self.header
        proposition = (opened == nil ? sequent : sequent.inOpenScope).proposition.text()
        self.level = level
        self.family = family
        self.domain = domain
        informal = InformalText.sentence(sequent)
        self.origin = origin
        self.expectation = expectation
        canonicalHash = hash
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every process, unlike `Hasher`.
public enum StableHash {
    /// Hash of the text's UTF-8 bytes.
    public static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}
