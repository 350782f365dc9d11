public import ProofAssistants

/// A training text: the model sees `prompt` and learns to produce `completion`.
public struct TrainingExample: Hashable, Sendable, Codable {
    /// Statement, first tactics, and the opening of a state comment; no loss on it.
    public var prompt: String
    /// The state (an auxiliary target), the remaining tactics, and the closing `Qed`.
    ///
    /// The loss is on every token of it and on the end token.
    public var completion: String

    /// An example from its two parts.
    public init(prompt: String, completion: String) {
        self.prompt = prompt
        self.completion = completion
    }
}

/// How statements, scripts and proof states become text for a language model.
///
/// A whole proof is tactics, one a line, up to `Qed.`. A proof that goes on from a state carries the state in a
/// comment before the next tactic:
///
/// ```
/// B forall A B : Prop, A /\ B -> B.
/// intros.
/// (* state: A B : Prop; H : A /\ B |- B *)
/// destruct H.
/// assumption.
/// Qed.
/// ```
///
/// The first letter is the tactic track, `A` or `B`. State comments and the loss on the state follow DeepSeek-Prover-V1.5
/// (Xin et al. 2024, arXiv:2408.08152, section 2); the theorem's name is left out, since it says nothing here.
public struct PromptFormat: Hashable, Sendable, Codable {
    /// Longest state comment in characters; longer ones lose their oldest hypotheses.
    public var stateLimit = 400
    /// Longest statement in characters; longer ones lose their beginning.
    public var statementLimit = 600

    /// The standard format.
    public init() {}

    /// What the model sees before it continues a proof.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - track: tactics that it may use.
    ///   - prefix: tactics that have already run.
    ///   - state: state after them; nil leaves the comment out.
    /// - Returns: text that ends in a newline.
    public func prompt(
        for statement: FormalStatement, track: TacticTrack, after prefix: TacticScript = TacticScript(),
        state: ProofState? = nil
    ) -> String {
        var text = opening(statement, track, prefix)
        if let state { text += "(* state: \(CompactState.text(state, limit: stateLimit)) *)\n" }
        return text
    }

    /// The whole proof as an example, without a state.
    public func example(statement: FormalStatement, track: TacticTrack, script: TacticScript) -> TrainingExample {
        TrainingExample(
            prompt: opening(statement, track, TacticScript()), completion: completion(script.sentences[...]))
    }

    /// An example that is cut after the first `cut` tactics; the model learns the state there and what follows.
    ///
    /// - Parameters:
    ///   - statement: what is proved.
    ///   - track: tactics in use.
    ///   - solved: the whole proof with its states.
    ///   - cut: number of tactics in the prompt.
    /// - Returns: an example whose prompt ends inside the state comment.
    public func example(
        statement: FormalStatement, track: TacticTrack, solved: SolvedScript, cut: Int
    ) -> TrainingExample {
        let sentences = solved.script.sentences
        precondition((0...sentences.count).contains(cut), "example: cut \(cut) outside 0...\(sentences.count)")
        let prefix = TacticScript(Array(sentences.prefix(cut)))
        return TrainingExample(
            prompt: opening(statement, track, prefix) + "(* state: ",
            completion: "\(solved.states[cut]) *)\n" + completion(sentences.dropFirst(cut)))
    }

    /// The script in a model's output: everything up to `Qed.`, comments dropped.
    ///
    /// - Parameter output: text that followed a prompt.
    /// - Returns: the sentences, maybe none.
    public func script(inOutput output: String) -> TacticScript {
        var text = Substring(output)
        if let end = text.firstRange(of: "Qed.") { text = text[..<end.lowerBound] }
        return TacticScript(text: String(text))
    }

    private func opening(_ statement: FormalStatement, _ track: TacticTrack, _ prefix: TacticScript) -> String {
        let letter = track == .structural ? "A" : "B"
        let proposition = Self.proposition(of: statement).suffix(statementLimit)
        return "\(letter) \(proposition).\n" + prefix.sentences.map { $0 + "\n" }.joined()
    }

    private func completion(_ sentences: ArraySlice<String>) -> String {
        sentences.map { $0 + "\n" }.joined() + "Qed."
    }

    /// The statement's type, blanks folded, without keyword, name and full stop; binders before the colon stay.
    static func proposition(of statement: FormalStatement) -> String {
        var text = statement.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let range = text.firstRange(of: " \(statement.name)") { text = String(text[range.upperBound...]) }
        if text.hasPrefix(" : ") { text.removeFirst(3) } else if text.hasPrefix(":") { text.removeFirst() }
        if text.hasSuffix(".") { text.removeLast() }
        return text.trimmingPrefix(" ").description
    }
}
