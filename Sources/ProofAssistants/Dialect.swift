/// How the scripts of a proof assistant look.
public struct Dialect: Hashable, Sendable, Codable {
    /// How a script falls into steps.
    public enum SentenceGrammar: String, Hashable, Sendable, Codable {
        /// Sentences that end in a full stop and a blank; bullets and braces are sentences of their own (Coq).
        case fullStop
        /// One tactic a line, nested by indentation (Lean 4).
        case indentedLines
    }

    /// Name of the assistant, such as `Coq`.
    public var name: String
    /// How a script falls into steps.
    public var sentences: SentenceGrammar
    /// What opens a comment that may be nested, such as `(*`.
    public var commentOpen: String
    /// What closes it, such as `*)`.
    public var commentClose: String
    /// Words between the opening of a comment and a proof state, such as `state:`.
    public var stateLabel: String
    /// The sentence that closes a proof (`Qed.`); empty where a proof needs none.
    public var closing: String

    /// A dialect from its parts.
    public init(
        name: String, sentences: SentenceGrammar, commentOpen: String, commentClose: String, stateLabel: String,
        closing: String
    ) {
        self.name = name
        self.sentences = sentences
        self.commentOpen = commentOpen
        self.commentClose = commentClose
        self.stateLabel = stateLabel
        self.closing = closing
    }

    /// Coq: `(* state: ... *)`, sentences end in full stops.
    public static let coq = Dialect(
        name: "Coq", sentences: .fullStop, commentOpen: "(*", commentClose: "*)", stateLabel: "state:",
        closing: "Qed.")

    /// Lean 4: `/- tactic state: ... -/`, a tactic a line.
    ///
    /// No backend of this library speaks it yet.
    public static let lean = Dialect(
        name: "Lean", sentences: .indentedLines, commentOpen: "/-", commentClose: "-/", stateLabel: "tactic state:",
        closing: "")

    /// A comment that shows a proof state to a language model, between two sentences of a script.
    ///
    /// Comment signs and double quotes inside the state are broken up by a blank, so that it can't end the comment:
    /// `(*` becomes `( *`, and `"` becomes `'`.
    public func comment(for state: ProofState) -> String {
        var text = state.text.replacing("\"", with: "'")
        for sign in [commentOpen, commentClose] {
            text = text.replacing(sign, with: sign.prefix(1) + " " + sign.dropFirst())
        }
        return "\(commentOpen) \(stateLabel) \(text) \(commentClose)"
    }
}
