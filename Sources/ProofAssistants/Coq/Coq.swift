import Synchronization

/// Coq 8.16 as a proof assistant: warm interactive processes for traces, fresh compilers for verdicts.
///
/// Interactive processes are kept by header; the one that was used longest ago goes first. All scripts are untrusted:
/// they pass a sentence filter (``CoqScript``), and the processes have limits of their own and can't write files.
/// Headers are trusted, apart from a few words that no header needs.
///
/// The first check of each kind makes a self-test of its kind: one true proof must pass and one false proof must fail.
public final class Coq: ProofAssistant {
    /// How it is run.
    public let options: CoqOptions
    private let counts = CoqCounts()
    private let sessions: WorkerPool<CoqWorker>
    private let compilers: WorkerPool<CoqCompiler>
    private let tests = CoqSelfTests()

    /// Starts nothing yet; processes come with the first check.
    ///
    /// - Precondition: the counts in the options are at least 1; violations trap.
    public init(_ options: CoqOptions = CoqOptions()) {
        self.options = options
        let counts = counts
        sessions = WorkerPool(limit: options.processes) { CoqWorker(options: options, counts: counts) }
        compilers = WorkerPool(limit: options.compilers) { CoqCompiler(options: options) }
    }

    /// How Coq scripts look.
    public var dialect: Dialect { .coq }

    /// Counts since this was made.
    public var statistics: CoqStatistics { counts.now }

    /// Runs a script in a warm process; see ``ProofAssistant/trace(_:script:after:limits:)``.
    ///
    /// Where the script doesn't end in `Qed.` and no goal is left, `Qed.` is tried, but it is in no step then.
    ///
    /// - Throws: ``ProofAssistantError`` where nothing can be said about the script.
    public func trace(
        _ statement: FormalStatement, script: String, after prefix: String, limits: Limits
    ) async throws(ProofAssistantError) -> ScriptTrace {
        try await passSessionTest()
        return try await traceUntested(statement, script: script, after: prefix, limits: limits)
    }

    /// Runs a script in a warm process without printing the states; see ``ProofAssistant/check(_:script:after:limits:)``.
    ///
    /// - Throws: ``ProofAssistantError`` where nothing can be said about the script.
    public func check(
        _ statement: FormalStatement, script: String, after prefix: String, limits: Limits
    ) async throws(ProofAssistantError) -> ScriptCheck {
        try await passSessionTest()
        return ScriptCheck(
            try await traceUntested(statement, script: script, after: prefix, limits: limits, wantsStates: false))
    }

    /// Checks a whole proof with a fresh `coqc`; see ``ProofAssistant/verify(_:script:limits:)``.
    public func verify(_ statement: FormalStatement, script: String, limits: Limits) async -> Verdict {
        do throws(ProofAssistantError) { try await passCompilerTest() } catch {
            counts.add { $0.infrastructureErrors += 1 }
            return .infrastructure(error.description)
        }
        return await verifyUntested(statement, script: script, limits: limits)
    }

    /// Opens a statement for single sentences.
    ///
    /// - Throws: what the closure threw, or ``ProofAssistantError`` where the statement can't be opened.
    public func withSession<Result: Sendable>(
        for statement: FormalStatement, limits: Limits,
        _ body: @Sendable (any ProofSession) async throws(ProofAssistantError) -> Result
    ) async throws(ProofAssistantError) -> Result {
        try await passSessionTest()
        let loan = try await sessions.borrow(for: statement.header)
        counts.add { $0.queued += loan.queued }
        do throws(ProofAssistantError) {
            let session = try await CoqSession(statement, limits: limits, worker: loan.worker)
            let result = try await body(session)
            await sessions.giveBack(loan)
            return result
        } catch {
            await sessions.giveBack(loan)
            throw error
        }
    }

    /// The statement `~ (T)` under the name `NAME_negation`.
    ///
    /// - Throws: ``ProofAssistantError/statementRejected(name:message:)`` for a text that isn't one theorem.
    public func negation(of statement: FormalStatement) throws(ProofAssistantError) -> FormalStatement {
        let parts = try CoqStatement(statement)
        let name = statement.name + "_negation"
        return FormalStatement(
            name: name, header: statement.header, text: "\(parts.keyword) \(name) : ~ (\(parts.closedType)).")
    }

    /// The same proposition under the name `NAME_vacuity`, with the script that leaves its hypotheses and `False`.
    ///
    /// - Throws: ``ProofAssistantError/statementRejected(name:message:)`` for a text that isn't one theorem.
    public func vacuity(of statement: FormalStatement) throws(ProofAssistantError) -> VacuityProbe {
        let parts = try CoqStatement(statement)
        let name = statement.name + "_vacuity"
        let text = "\(parts.keyword) \(name) : \(parts.closedType)."
        return VacuityProbe(
            statement: FormalStatement(name: name, header: statement.header, text: text), prefix: "intros. exfalso.")
    }

    /// Runs both self-tests; nothing is done for those that have passed already.
    ///
    /// - Throws: ``ProofAssistantError`` for a missing program, a wrong version, or a test that fails.
    public func selfTest() async throws(ProofAssistantError) {
        try await passSessionTest()
        try await passCompilerTest()
    }

    /// Ends all processes.
    ///
    /// Checks that come later throw ``ProofAssistantError/shutDown``.
    public func shutDown() async {
        for worker in await sessions.close() { await worker.stop() }
        _ = await compilers.close()
    }

    /// Resident bytes of each warm process, libraries included; waits for checks that run.
    ///
    /// A worker whose process has ended counts 0.
    public var residentBytes: [Int] {
        get async {
            var sizes: [Int] = []
            for worker in await sessions.workers { sizes.append(await worker.residentBytes) }
            return sizes
        }
    }

    /// Headers that processes hold, most recently used first.
    var warmHeaders: [String] { get async { await sessions.keys } }
}

extension Coq {
    private func passSessionTest() async throws(ProofAssistantError) {
        try await tests.session.pass { () throws(ProofAssistantError) in
            let good = try await self.traceUntested(
                CoqSelfTests.truth, script: CoqSelfTests.goodScript, after: "", limits: CoqSelfTests.limits)
            let bad = try await self.traceUntested(
                CoqSelfTests.falsehood, script: CoqSelfTests.badScript, after: "", limits: CoqSelfTests.limits)
            try CoqSelfTests.judge("a warm process", accepted: good.isComplete, refused: bad.failure?.kind == .error)
        }
    }

    private func passCompilerTest() async throws(ProofAssistantError) {
        try await tests.compiler.pass { () throws(ProofAssistantError) in
            let good = await self.verifyUntested(
                CoqSelfTests.truth, script: CoqSelfTests.goodScript, limits: CoqSelfTests.limits)
            if case .infrastructure(let what) = good { throw .selfTestFailed(what) }
            let bad = await self.verifyUntested(
                CoqSelfTests.falsehood, script: CoqSelfTests.badScript, limits: CoqSelfTests.limits)
            let isRefused = if case .rejected = bad { true } else { false }
            try CoqSelfTests.judge("the compiler", accepted: good.isProved, refused: isRefused)
        }
    }

    private func traceUntested(
        _ statement: FormalStatement, script: String, after prefix: String, limits: Limits, wantsStates: Bool = true
    ) async throws(ProofAssistantError) -> ScriptTrace {
        let before = CoqScript(prefix, isPrefix: true)
        if let failure = before.failure {
            let place = ScriptFailure(
                range: failure.range, message: failure.message, kind: failure.kind, isInPrefix: true)
            return ScriptTrace(initial: ProofState(), failure: place)
        }
        let check = CoqWorker.Check(
            statement: statement, prefix: before,
            script: CoqScript(script, isContinuation: !before.sentences.isEmpty), scriptLength: script.utf8.count,
            limits: limits, closes: true, wantsStates: wantsStates)
        let loan = try await sessions.borrow(for: statement.header)
        do throws(ProofAssistantError) {
            var trace = try await loan.worker.run(check)
            trace.timing.queued = loan.queued
            await sessions.giveBack(loan)
            count(trace)
            return trace
        } catch {
            await sessions.giveBack(loan)
            counts.add { $0.infrastructureErrors += error.isInfrastructure ? 1 : 0 }
            throw error
        }
    }

    private func count(_ trace: ScriptTrace) {
        counts.add {
            $0.traces += 1
            $0.queued += trace.timing.queued
            $0.run += trace.timing.run
            $0.processor += trace.timing.processor
            if trace.failure?.kind == .timeLimit || trace.failure?.kind == .memoryLimit { $0.limitHits += 1 }
        }
    }

    private func verifyUntested(_ statement: FormalStatement, script: String, limits: Limits) async -> Verdict {
        do throws(ProofAssistantError) {
            let loan = try await compilers.borrow(for: "")
            let start = ContinuousClock.now
            let verdict = await loan.worker.verify(statement, script: script, limits: limits)
            await compilers.giveBack(loan)
            counts.add {
                $0.verifications += 1
                $0.queued += loan.queued
                $0.run += ContinuousClock.now - start
                if case .undecided = verdict { $0.limitHits += 1 }
                if case .infrastructure = verdict { $0.infrastructureErrors += 1 }
            }
            return verdict
        } catch {
            return .infrastructure(error.description)
        }
    }
}

extension ProofAssistantError {
    /// Whether the machinery is to blame, not what was asked.
    var isInfrastructure: Bool {
        switch self {
        case .headerRejected, .statementRejected, .cancelled, .shutDown: false
        default: true
        }
    }
}
