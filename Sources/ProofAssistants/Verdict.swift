/// The outcome of a verification.
///
/// The four cases are never mixed up.
public enum Verdict: Hashable, Sendable {
    /// A fresh process accepted the proof; it rests on these axioms only, all of them allowed.
    case proved(assumptions: [String])
    /// The proof is wrong: the assistant, the sentence filter or the audit said no.
    case rejected(Diagnostic)
    /// A limit was hit before an answer came.
    case undecided(ResourceLimit)
    /// Nothing is known about the proof, because the machinery failed.
    case infrastructure(String)

    /// Whether the proof was accepted.
    public var isProved: Bool {
        if case .proved = self { true } else { false }
    }
}

/// What is wrong with a proof, and where.
public struct Diagnostic: Hashable, Sendable {
    /// Which check said no.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The assistant reported an error.
        case error
        /// A sentence that proofs may not contain.
        case forbidden
        /// The proof rests on an axiom that is not allowed, or on an unsafe flag.
        case assumption
        /// The theorem that was proved isn't the one that was stated.
        case statementChanged
        /// The statement or its header itself doesn't compile.
        case statement
    }

    /// Which check said no.
    public var kind: Kind
    /// One or more sentences for a person.
    public var message: String
    /// UTF-8 offsets in the script, where the trouble lies in the script.
    public var range: Range<Int>?

    /// A diagnostic from its parts.
    public init(kind: Kind, message: String, range: Range<Int>? = nil) {
        self.kind = kind
        self.message = message
        self.range = range
    }
}

/// A limit that stopped a check before an answer came.
public enum ResourceLimit: String, Hashable, Sendable, Codable {
    /// Processor time.
    case time
    /// Memory.
    case memory
}
