public import ProofAssistants
import Randomness

/// Settings of random exploration.
public struct ExplorationOptions: Hashable, Sendable, Codable {
    /// Longest script, in tactics.
    public var maximumSteps = 12
    /// Tactics that may be refused in one rollout before it is given up.
    public var refusals = 120
    /// Refusals in one state after which the rollout goes back to an earlier state.
    public var patience = 16
    /// Processor seconds for one tactic.
    public var tacticSeconds = 0.5
    /// Processor seconds for all rollouts of one call.
    public var totalSeconds = 20.0

    /// The standard settings.
    public init() {}

    var limits: Limits {
        Limits(
            sentenceTime: .milliseconds(Int(tacticSeconds * 1000)), totalTime: .milliseconds(Int(totalSeconds * 1000)))
    }
}

/// What exploration of one statement found.
public struct ExplorationResult: Hashable, Sendable {
    /// Scripts that Coq accepted in a warm session, in the order found; repeats possible.
    public var scripts: [TacticScript] = []
    /// Rollouts that were begun.
    public var rollouts = 0
    /// Tactics that were tried.
    public var tactics = 0
}

/// Random proofs, tactic by tactic, in a warm session: what learning begins from when there is no policy yet.
public struct Explorer: Sendable {
    /// Where tactics run.
    public let assistant: any ProofAssistant
    /// Where tactics come from.
    public let grammar: TacticGrammar
    /// Budgets.
    public let options: ExplorationOptions

    /// An explorer.
    public init(
        assistant: any ProofAssistant, grammar: TacticGrammar, options: ExplorationOptions = ExplorationOptions()
    ) {
        self.assistant = assistant
        self.grammar = grammar
        self.options = options
    }

    /// Rollouts from the statement's own state, all in one session.
    ///
    /// A rollout draws tactics; a refused one, and one that leads to a state already seen in the rollout, is retried
    /// within the budget; after too many refusals in one state the rollout goes back to an earlier one.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - rollouts: how many.
    ///   - successes: stop after this many proofs.
    ///   - seed: decides every choice.
    /// - Returns: scripts and counts; the same for equal arguments unless a limit was hit.
    /// - Throws: what the assistant throws where nothing can be said about the statement.
    public func explore(
        _ statement: FormalStatement, rollouts: Int, successes: Int = 1, seed: UInt64
    ) async throws(ProofAssistantError) -> ExplorationResult {
        try await assistant.withSession(for: statement, limits: options.limits) {
            [grammar, options] session throws(ProofAssistantError) in
            var result = ExplorationResult()
            var generator = SplittableGenerator(seed: seed)
            while result.rollouts < rollouts && result.scripts.count < successes {
                result.rollouts += 1
                var rollout = Rollout(session: session, grammar: grammar, options: options)
                let script = try await rollout.run(using: &generator)
                result.tactics += rollout.tactics
                if let script { result.scripts.append(script) }
                try await session.rollback(to: 0)
                if rollout.isOutOfTime { break }
            }
            return result
        }
    }
}

/// One walk through the states of a session.
private struct Rollout {
    let session: any ProofSession
    let grammar: TacticGrammar
    let options: ExplorationOptions
    var path: [(sentence: String, state: ProofState)] = []
    var seen: Set<ProofState> = []
    var tactics = 0
    var isOutOfTime = false

    mutating func run(using generator: inout SplittableGenerator) async throws(ProofAssistantError) -> TacticScript? {
        seen = [session.initial]
        var refusals = 0
        var here = 0
        while refusals < options.refusals {
            let state = path.last?.state ?? session.initial
            if path.count < options.maximumSteps, try await step(from: state, &generator) {
                here = 0
                guard let last = path.last, last.state.isFinished else { continue }
                guard case .closed = try await session.run("Qed.") else { return nil }
                return TacticScript(path.map(\.sentence))
            }
            if isOutOfTime { return nil }
            refusals += 1
            here += 1
            if (here >= options.patience || path.count >= options.maximumSteps), !path.isEmpty {
                let depth = generator.chance(0.5) ? path.count - 1 : generator.integer(below: path.count)
                path.removeSubrange(depth...)
                try await session.rollback(to: depth)
                here = 0
            }
        }
        return nil
    }

    /// Tries one tactic; true where it led to a new state.
    private mutating func step(
        from state: ProofState, _ generator: inout SplittableGenerator
    ) async throws(ProofAssistantError) -> Bool {
        let sentence = grammar.tactic(in: state, using: &generator)
        tactics += 1
        let outcome: SentenceOutcome
        do {
            outcome = try await session.run(sentence)
        } catch .processDied {
            // Huge terms kill Coq. That isn't the statement's fault, and to get back there would take as long again.
            isOutOfTime = true
            return false
        }
        switch outcome {
        case .state(let next):
            if seen.insert(next).inserted {
                path.append((sentence, next))
                return true
            }
            try await session.rollback(to: path.count)
            return false
        case .closed: return false
        case .failed(let failure):
            isOutOfTime = failure.kind == .memoryLimit
            return false
        }
    }
}
