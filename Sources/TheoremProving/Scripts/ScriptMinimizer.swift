public import ProofAssistants

/// Shortens proofs by leaving out tactics that they don't need.
public struct ScriptMinimizer: Sendable {
    /// Where scripts run.
    public let assistant: any ProofAssistant
    /// Limits of each run.
    public let limits: Limits

    /// A minimiser.
    public init(assistant: any ProofAssistant, limits: Limits = Limits()) {
        self.assistant = assistant
        self.limits = limits
    }

    /// A proof from which no single tactic, and no two neighbours, can be left out.
    ///
    /// - Parameters:
    ///   - statement: what the script proves.
    ///   - script: a script that the assistant accepts.
    /// - Returns: the shorter script with the compact state before each tactic and at the end; nil where the given
    ///   script isn't accepted.
    /// - Throws: what the assistant throws where nothing can be said about the script.
    /// - Complexity: O(n²) runs at worst for n tactics.
    public func minimal(
        _ statement: FormalStatement, _ script: TacticScript
    ) async throws(ProofAssistantError) -> SolvedScript? {
        guard var best = try await solved(statement, script) else { return nil }
        var index = best.script.sentences.count - 1
        while index >= 0 {
            var isShorter = false
            for width in [2, 1]
            where index + width <= best.script.sentences.count && best.script.sentences.count > width {
                var fewer = best.script
                fewer.sentences.removeSubrange(index..<index + width)
                if let shorter = try await solved(statement, fewer) {
                    best = shorter
                    isShorter = true
                    break
                }
            }
            index = min(isShorter ? index : index - 1, best.script.sentences.count - 1)
        }
        return best
    }

    /// The script with its states, or nil where it isn't accepted.
    public func solved(
        _ statement: FormalStatement, _ script: TacticScript
    ) async throws(ProofAssistantError) -> SolvedScript? {
        SolvedScript(script, try await assistant.trace(statement, script: script.text, limits: limits))
    }
}

/// A complete proof with the states that it goes through.
public struct SolvedScript: Hashable, Sendable, Codable {
    /// The proof.
    public var script: TacticScript
    /// State before each tactic and after the last, as in prompts; one more than tactics.
    public var states: [String]

    /// A proof from its parts.
    public init(script: TacticScript, states: [String]) {
        precondition(
            states.count == script.sentences.count + 1,
            "SolvedScript: \(states.count) states for \(script.sentences.count) tactics; one more is needed")
        self.script = script
        self.states = states
    }

    /// The proof that a trace of `script` shows, or nil where the trace isn't complete.
    public init?(_ script: TacticScript, _ trace: ScriptTrace, format: PromptFormat = PromptFormat()) {
        guard trace.isComplete else { return nil }
        let steps = trace.steps.filter { $0.sentence != "Proof." && $0.sentence != "Qed." }
        guard steps.count == script.sentences.count else { return nil }
        let states = [trace.initial] + steps.map(\.state)
        self.init(script: script, states: states.map { CompactState.text($0, limit: format.stateLimit) })
    }
}
