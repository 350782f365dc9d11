import ProofAssistants

/// What checking a number of proofs took.
struct ProofBatchRun: Sendable {
    /// Number of checks.
    var count = 0
    /// Wall seconds from the first to the last.
    var wallSeconds = 0.0
    /// Processor seconds of Coq.
    var coqSeconds = 0.0
    /// Processor seconds of this process.
    var ownSeconds = 0.0
    /// Wall seconds of each check on its process, waiting for the process left out.
    var latencies: [Double] = []
    /// Names of checks that came out otherwise than they must.
    var disagreements: [String] = []

    /// Checks proofs, a few at a time.
    ///
    /// - Parameters:
    ///   - checks: the proofs.
    ///   - coq: the backend.
    ///   - wantsStates: whether the state after each sentence is asked for, as search needs it.
    ///   - inFlight: number of checks at a time, at least 1; twice the processes keep them all busy.
    /// - Returns: the times.
    /// - Throws: `ProofAssistantError` where nothing can be said about a proof.
    static func run(_ checks: [ProofCheck], in coq: Coq, wantsStates: Bool = false, inFlight: Int) async throws
        -> ProofBatchRun
    {
        var run = ProofBatchRun()
        let own = processorSeconds()
        let wall = ContinuousClock.now
        try await withThrowingTaskGroup(of: (ProofCheck, ScriptCheck).self) { group in
            var waiting = checks.makeIterator()
            func startNext() {
                guard let check = waiting.next() else { return }
                group.addTask {
                    if wantsStates {
                        return (check, ScriptCheck(try await coq.trace(check.statement, script: check.script)))
                    }
                    return (check, try await coq.check(check.statement, script: check.script))
                }
            }
            for _ in 0..<inFlight { startNext() }
            while let (check, outcome) = try await group.next() {
                startNext()
                run.take(check, outcome)
            }
        }
        run.wallSeconds = (ContinuousClock.now - wall) / .seconds(1)
        run.ownSeconds = processorSeconds() - own
        return run
    }

    private mutating func take(_ check: ProofCheck, _ outcome: ScriptCheck) {
        count += 1
        coqSeconds += outcome.timing.processor / .seconds(1)
        latencies.append(outcome.timing.run / .seconds(1))
        // A wrong proof must be refused by Coq itself, not stopped by a limit or by the filter.
        let isAsExpected = check.isRight ? outcome.isComplete : !outcome.isComplete && outcome.failure?.kind == .error
        if !isAsExpected { disagreements.append(check.statement.name) }
    }
}
