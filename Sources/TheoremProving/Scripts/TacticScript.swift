import ProofAssistants

/// A proof as a list of sentences, without `Proof.` and `Qed.`.
public struct TacticScript: Hashable, Sendable, Codable {
    /// Sentences in order, each with its full stop (bullets and braces without).
    public var sentences: [String]

    /// A script from its sentences.
    public init(_ sentences: [String] = []) { self.sentences = sentences }

    /// The script that a text holds: comments, `Proof.` and `Qed.` dropped, blanks folded.
    ///
    /// - Parameter text: any text; what follows the last complete sentence is dropped.
    public init(text: String) {
        sentences = CoqSentences(text).sentences.map { sentence in
            sentence.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        if sentences.first == "Proof." { sentences.removeFirst() }
        if sentences.last == "Qed." { sentences.removeLast() }
    }

    /// One sentence a line.
    public var text: String { sentences.joined(separator: "\n") }

    /// Order for "shorter": number of sentences, then of characters, then the text itself.
    static func isShorter(_ left: TacticScript, _ right: TacticScript) -> Bool {
        if left.sentences.count != right.sentences.count { return left.sentences.count < right.sentences.count }
        let (first, second) = (left.text, right.text)
        return first.utf8.count != second.utf8.count ? first.utf8.count < second.utf8.count : first < second
    }
}
