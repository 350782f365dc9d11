public import ProofAssistants
import Randomness
public import TreeSearch

/// Settings of a prover.
public struct ProverOptions: Sendable, Hashable, Codable {
    /// Tactics that proofs may use.
    public var track = TacticTrack.automated
    /// Whether the automation portfolio is tried where the model fails; it needs the automated track.
    public var usesAutomation = true
    /// How the model's proposals are spent.
    public var policy = SearchPolicy.rmaxts
    /// Proposals for each statement, over all trees; 0 leaves the model out.
    public var budget = 64
    /// Independent search trees that share the budget.
    public var trees = 1
    /// Proposals sampled together.
    public var batch = 16
    /// Rollouts of random exploration after all else failed; 0 leaves it out.
    public var explorationRollouts = 0
    /// Limits of each check in a warm session.
    public var limits = Limits(sentenceTime: .seconds(2), totalTime: .seconds(10))
    /// Whether prompts of resumed proofs carry the state.
    public var showsState = true
    /// Decides every choice, together with the statement's name.
    public var seed: UInt64 = 0

    /// The standard settings.
    public init() {}
}

/// Proves statements: search driven by a model first, then automation, then exploration.
///
/// A second process has the last word on every proof.
public struct Prover: Sendable {
    /// Where scripts run.
    public let assistant: any ProofAssistant
    /// Budgets and choices.
    public let options: ProverOptions
    private let model: (any ScriptModel)?

    /// A prover; without a model it has automation and exploration only.
    public init(assistant: any ProofAssistant, model: (any ScriptModel)?, options: ProverOptions = ProverOptions()) {
        self.assistant = assistant
        self.model = model
        self.options = options
    }

    /// Attempts one statement.
    ///
    /// Never throws: what goes wrong is in the outcome.
    ///
    /// - Parameters:
    ///   - original: what is to be proved; the libraries of the decision procedures are imported in front of its
    ///     header on the automated track, and stand in the outcome's statement.
    ///   - observe: called for every proposal that was checked, for progress lines.
    /// - Returns: verdict, proof and costs.
    public func prove(
        _ original: FormalStatement, observe: (@Sendable (SearchEvent) -> Void)? = nil
    ) async -> ProofOutcome {
        let start = ContinuousClock.now
        let statement = options.track == .automated ? AutomationPortfolio.extended(original) : original
        var outcome: ProofOutcome
        do {
            outcome = try await attempt(statement, observe)
        } catch let error as ProofAssistantError {
            outcome = Self.outcome(of: error, statement)
        } catch {
            outcome = ProofOutcome(statement: statement, kind: .infrastructure, detail: Self.line("\(error)"))
        }
        outcome.seconds = start.duration(to: .now) / .seconds(1)
        return outcome
    }

    private func attempt(
        _ statement: FormalStatement, _ observe: (@Sendable (SearchEvent) -> Void)?
    ) async throws -> ProofOutcome {
        var refused: [String] = []
        var samples = 0
        var trees: [SearchTreeRecord] = []
        if let model, options.budget > 0 {
            let problem = try await ProofProblem(
                statement, assistant: assistant, track: options.track, limits: options.limits)
            let generator = ModelProposalGenerator(
                model: model, statement: statement, track: options.track, showsState: options.showsState)
            let result = try await search(
                problem, proposing: generator, options: searchOptions(statement), observe: observe)
            samples = result.counts.begun
            trees = result.trees.map { $0.record(describing: { CompactState.text($0, limit: 200) }) }
            for found in result.solutions {
                if var outcome = await verified(found.solution, statement, policyName, &refused) {
                    outcome.samples = found.generation + 1
                    outcome.trees = trees
                    return outcome
                }
            }
            if result.ending == .failed {
                let message = result.failures.first?.message ?? "every proposal failed"
                return ProofOutcome(
                    statement: statement, kind: .infrastructure, detail: Self.line(message), samples: samples,
                    trees: trees)
            }
        }
        if var outcome = try await automated(statement, &refused) {
            outcome.samples = samples
            outcome.trees = trees
            return outcome
        }
        if let outcome = try await explored(statement, &refused) { return outcome }
        let detail = refused.first.map { "a candidate was refused: \($0)" } ?? "the budget is spent"
        return ProofOutcome(
            statement: statement, kind: .undecided, detail: detail, samples: samples, trees: trees)
    }

    private func automated(
        _ statement: FormalStatement, _ refused: inout [String]
    ) async throws(ProofAssistantError) -> ProofOutcome? {
        guard options.usesAutomation, options.track == .automated,
            let entry = try await AutomationPortfolio().run(on: statement, assistant: assistant).entry
        else { return nil }
        return await verified(entry.script, statement, "automation: \(entry.name)", &refused)
    }

    private func explored(
        _ statement: FormalStatement, _ refused: inout [String]
    ) async throws(ProofAssistantError) -> ProofOutcome? {
        guard options.explorationRollouts > 0 else { return nil }
        let explorer = Explorer(assistant: assistant, grammar: TacticGrammar(track: options.track))
        let result = try await explorer.explore(
            statement, rollouts: options.explorationRollouts, seed: seed(statement))
        for script in result.scripts {
            let minimizer = ScriptMinimizer(assistant: assistant, limits: options.limits)
            let shortest = try await minimizer.minimal(statement, script)?.script ?? script
            if let outcome = await verified(shortest, statement, "exploration", &refused) { return outcome }
        }
        return nil
    }

    /// The outcome of a candidate that the second process accepts; nil where it doesn't.
    private func verified(
        _ script: TacticScript, _ statement: FormalStatement, _ foundBy: String, _ refused: inout [String]
    ) async -> ProofOutcome? {
        switch await assistant.verify(statement, script: script.text) {
        case .proved(let assumptions):
            return ProofOutcome(
                statement: statement, kind: .proved, detail: assumptions.joined(separator: ", "), foundBy: foundBy,
                script: script)
        case .rejected(let diagnostic): refused.append(Self.line(diagnostic.message))
        case .undecided(let limit): refused.append("\(limit.rawValue) limit in the second process")
        case .infrastructure(let message): refused.append(Self.line(message))
        }
        return nil
    }

    private func searchOptions(_ statement: FormalStatement) -> SearchOptions {
        let batch = max(1, min(options.batch, options.budget))
        return SearchOptions(
            policy: options.policy, trees: options.trees, generationsPerTree: max(1, options.budget / options.trees),
            batch: batch, jobsInFlight: batch, seed: seed(statement))
    }

    private func seed(_ statement: FormalStatement) -> UInt64 {
        var generator = SplittableGenerator(seed: options.seed).folding(in: statement.name)
        return generator.next()
    }

    private var policyName: String {
        switch options.policy {
        case .rmaxts: "rmaxts"
        case .uct: "uct"
        case .ucb1: "ucb1"
        case .sampling: "sampling"
        default: "search"
        }
    }

    private static func outcome(of error: ProofAssistantError, _ statement: FormalStatement) -> ProofOutcome {
        switch error {
        case .headerRejected, .statementRejected:
            ProofOutcome(statement: statement, kind: .rejected, detail: line("\(error)"))
        default: ProofOutcome(statement: statement, kind: .infrastructure, detail: line("\(error)"))
        }
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
