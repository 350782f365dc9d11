/// A proof assistant that runs untrusted scripts against trusted statements.
public protocol ProofAssistant: Sendable {
    /// How scripts look.
    var dialect: Dialect { get }

    /// Runs a script in a warm process and reports the state after each sentence.
    ///
    /// Fast, for search and for learning; not the last word (see ``verify(_:script:limits:)``). Sentences that the
    /// process ran just before, for the same statement, are not run again.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - script: tactics, with or without `Proof.` at its start and `Qed.` at its end. Untrusted.
    ///   - prefix: tactics that come before the script and are known to work; they are in no step. Untrusted.
    ///   - limits: processor time and memory.
    /// - Returns: steps, and the failure if there was one.
    /// - Throws: ``ProofAssistantError`` where nothing can be said about the script.
    func trace(
        _ statement: FormalStatement, script: String, after prefix: String, limits: Limits
    ) async throws(ProofAssistantError) -> ScriptTrace

    /// Runs a script in a warm process and reports only how far it got.
    ///
    /// As ``trace(_:script:after:limits:)``, at about half the cost, since no states are printed in between.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - script: as for ``trace(_:script:after:limits:)``. Untrusted.
    ///   - prefix: as for ``trace(_:script:after:limits:)``. Untrusted.
    ///   - limits: processor time and memory.
    /// - Returns: whether it is a proof, and the failure if there was one.
    /// - Throws: ``ProofAssistantError`` where nothing can be said about the script.
    func check(
        _ statement: FormalStatement, script: String, after prefix: String, limits: Limits
    ) async throws(ProofAssistantError) -> ScriptCheck

    /// Checks a whole proof in a fresh process and audits what it rests on.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - script: the whole proof, as for ``trace(_:script:after:limits:)``.
    ///   - limits: processor time and memory.
    /// - Returns: one of four outcomes; trouble with the machinery is one of them and never counts against the proof.
    func verify(_ statement: FormalStatement, script: String, limits: Limits) async -> Verdict

    /// Opens a statement for single sentences; the process is held until the closure returns.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - limits: as for ``trace(_:script:after:limits:)``; the total is over the whole session.
    ///   - body: works with the session, which must not escape it.
    /// - Returns: what the closure returned.
    /// - Throws: what the closure threw, or ``ProofAssistantError`` where the statement can't be opened.
    func withSession<Result: Sendable>(
        for statement: FormalStatement, limits: Limits,
        _ body: @Sendable (any ProofSession) async throws(ProofAssistantError) -> Result
    ) async throws(ProofAssistantError) -> Result

    /// The statement that says the opposite, named `NAME_negation`.
    func negation(of statement: FormalStatement) throws(ProofAssistantError) -> FormalStatement

    /// A question whose proof shows that a statement's hypotheses contradict each other.
    func vacuity(of statement: FormalStatement) throws(ProofAssistantError) -> VacuityProbe
}

extension ProofAssistant {
    /// Runs a script from the statement's own state.
    public func trace(
        _ statement: FormalStatement, script: String, limits: Limits = Limits()
    ) async throws(ProofAssistantError) -> ScriptTrace {
        try await trace(statement, script: script, after: "", limits: limits)
    }

    /// Runs a script from the statement's own state, without states in between.
    public func check(
        _ statement: FormalStatement, script: String, limits: Limits = Limits()
    ) async throws(ProofAssistantError) -> ScriptCheck {
        try await check(statement, script: script, after: "", limits: limits)
    }

    /// Checks a whole proof under the default limits.
    public func verify(_ statement: FormalStatement, script: String) async -> Verdict {
        await verify(statement, script: script, limits: Limits())
    }
}

/// One statement held open in a process.
public protocol ProofSession: Sendable {
    /// State after the statement.
    var initial: ProofState { get }

    /// Runs one sentence. A failure leaves the state as it was.
    func run(_ sentence: String) async throws(ProofAssistantError) -> SentenceOutcome

    /// Forgets all but the first `depth` sentences that ran.
    ///
    /// - Precondition: `depth` is at most the number of sentences that ran and weren't rolled back; violations trap.
    func rollback(to depth: Int) async throws(ProofAssistantError)
}

/// What one sentence led to.
public enum SentenceOutcome: Hashable, Sendable {
    /// It ran; the state after it.
    case state(ProofState)
    /// It was `Qed` and was accepted.
    case closed
    /// It failed; the state is as before.
    case failed(ScriptFailure)
}

/// A statement and the beginning of a script: finishing the script proves that the hypotheses contradict each other.
public struct VacuityProbe: Hashable, Sendable {
    /// The same proposition, under the name `NAME_vacuity`.
    public var statement: FormalStatement
    /// Tactics to run first; they bring in all hypotheses and leave `False` as the goal.
    public var prefix: String

    /// A probe from its parts.
    public init(statement: FormalStatement, prefix: String) {
        self.statement = statement
        self.prefix = prefix
    }
}
