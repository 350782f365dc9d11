public import ProofAssistants
public import TreeSearch

/// Proof search as truncate-and-resume: a proposal is the rest of a script, cut at its first error.
///
/// A node is a proof state; a segment ends behind each tactic that changed the state. Source: DeepSeek-Prover-V1.5
/// (Xin et al. 2024, arXiv:2408.08152, section 3.1).
public struct ProofProblem: SearchProblem {
    /// What is to be proved.
    public let statement: FormalStatement
    /// Tactics that proposals may use; a proposal is cut before the first other one.
    public let track: TacticTrack
    /// State of the statement itself, and no tactic.
    public let root: SearchPoint<ProofState, TacticScript>
    /// Longest prefix that is kept as a node, in tactics.
    public let maximumSteps: Int

    private let assistant: any ProofAssistant
    private let limits: Limits
    private let memory = EvaluationMemory()

    /// Opens a statement for search.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - assistant: where scripts run.
    ///   - track: tactics that proposals may use.
    ///   - limits: limits of each run.
    ///   - maximumSteps: longest prefix that is resumed, in tactics.
    /// - Throws: what the assistant throws, such as `statementRejected`.
    public init(
        _ statement: FormalStatement, assistant: any ProofAssistant, track: TacticTrack, limits: Limits = Limits(),
        maximumSteps: Int = 40
    ) async throws(ProofAssistantError) {
        self.statement = statement
        self.assistant = assistant
        self.track = track
        self.limits = limits
        self.maximumSteps = maximumSteps
        let trace = try await assistant.trace(statement, script: "", limits: limits)
        root = SearchPoint(state: trace.initial, prefix: TacticScript())
    }

    /// Runs a proposal behind a prefix.
    ///
    /// - Parameters:
    ///   - proposal: the rest of a script.
    ///   - point: where it goes on.
    /// - Returns: the states reached; the solution is the whole script.
    /// - Throws: `ProofAssistantError` where the assistant broke down.
    public func evaluate(
        _ proposal: TacticScript, from point: SearchPoint<ProofState, TacticScript>
    ) async throws -> ProposalEvaluation<ProofState, TacticScript, TacticScript> {
        let allowed = TacticScript(Array(proposal.sentences.prefix { track.allows($0) }))
        let script = memory.unspent(allowed, after: point.prefix)
        if script.sentences.isEmpty { return ProposalEvaluation(segments: []) }
        if let answer = memory.answer(to: script, after: point.prefix) { return try answer.get() }
        let answer: EvaluationMemory.Answer
        do throws(ProofAssistantError) {
            answer = .success(try await run(script, from: point))
        } catch {
            // A process that a script kills will die again; what else goes wrong may not.
            guard case .processDied = error else { throw error }
            answer = .failure(error)
        }
        memory.keep(answer, for: script, after: point.prefix)
        return try answer.get()
    }

    private func run(
        _ script: TacticScript, from point: SearchPoint<ProofState, TacticScript>
    ) async throws(ProofAssistantError) -> EvaluationMemory.Evaluation {
        var result = EvaluationMemory.Evaluation(segments: [])
        let trace = try await assistant.trace(statement, script: script.text, after: point.prefix.text, limits: limits)
        if let kind = trace.failure?.kind, kind == .timeLimit || kind == .memoryLimit {
            memory.keepSpent(script, ran: trace.steps.count, after: point.prefix)
        }
        var prefix = point.prefix
        var state = point.state
        for step in trace.steps where step.sentence != "Qed." {
            prefix.sentences.append(step.sentence)
            guard step.state != state else { continue }
            state = step.state
            if prefix.sentences.count <= maximumSteps {
                result.segments.append(SearchPoint(state: state, prefix: prefix))
            }
        }
        if trace.isComplete { result.solution = prefix }
        return result
    }
}

/// Continuations of a statement's proof, sampled from a model in batches.
public struct ModelProposalGenerator: ProposalGenerator {
    /// What is to be proved.
    public let statement: FormalStatement
    /// Tactics that the prompt asks for.
    public let track: TacticTrack
    /// Form of the prompts.
    public let format: PromptFormat
    /// Whether prompts of resumed proofs carry the state in a comment.
    public let showsState: Bool

    private let model: any ScriptModel

    /// A generator for one statement.
    public init(
        model: any ScriptModel, statement: FormalStatement, track: TacticTrack, format: PromptFormat = PromptFormat(),
        showsState: Bool = true
    ) {
        self.model = model
        self.statement = statement
        self.track = track
        self.format = format
        self.showsState = showsState
    }

    /// One continuation a request.
    ///
    /// - Parameter requests: at least one.
    /// - Returns: scripts in the order of the requests.
    /// - Throws: what the model throws.
    public func propose(_ requests: [ProposalRequest<ProofState, TacticScript>]) async throws -> [TacticScript] {
        let samples = requests.map { request in
            let prefix = request.point.prefix
            let state = prefix.sentences.isEmpty || !showsState ? nil : request.point.state
            return SampleRequest(
                prompt: format.prompt(for: statement, track: track, after: prefix, state: state), seed: request.seed)
        }
        return try await model.sample(samples).map(format.script(inOutput:))
    }
}
