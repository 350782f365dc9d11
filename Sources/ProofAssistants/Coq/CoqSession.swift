import Synchronization

/// A statement held open in a warm process.
///
/// Remembers the sentences that ran, and runs the next one behind them. So it survives the loss of its process: a fresh
/// one runs the same sentences again.
final class CoqSession: ProofSession {
    let initial: ProofState
    private let statement: FormalStatement
    private let limits: Limits
    private let worker: CoqWorker
    private let past: Mutex<Past>

    private struct Past {
        var sentences: [String] = []
        var timeLeft: Duration
    }

    init(_ statement: FormalStatement, limits: Limits, worker: CoqWorker) async throws(ProofAssistantError) {
        self.statement = statement
        self.limits = limits
        self.worker = worker
        past = Mutex(Past(timeLeft: limits.totalTime))
        let check = CoqWorker.Check(
            statement: statement, prefix: CoqScript(""), script: CoqScript(""), scriptLength: 0, limits: limits,
            closes: false)
        initial = try await worker.run(check).initial
    }

    func run(_ sentence: String) async throws(ProofAssistantError) -> SentenceOutcome {
        let before = past.withLock { $0 }
        let script = CoqScript(sentence)
        let count = script.sentences.count + (script.closing == nil ? 0 : 1)
        if script.failure == nil, count != 1 {
            let message = "one sentence was expected, but there are \(count)"
            return .failed(ScriptFailure(range: 0..<sentence.utf8.count, message: message, kind: .error))
        }
        guard before.timeLeft > .zero else {
            let message = "the processor time of the session is used up"
            return .failed(ScriptFailure(range: 0..<sentence.utf8.count, message: message, kind: .timeLimit))
        }
        var limits = limits
        limits.totalTime = before.timeLeft
        let check = CoqWorker.Check(
            statement: statement, prefix: CoqScript(before.sentences.joined(separator: "\n"), isPrefix: true),
            script: script, scriptLength: sentence.utf8.count, limits: limits, closes: false)
        let trace = try await worker.run(check)
        past.withLock { $0.timeLeft -= trace.timing.processor }
        if let failure = trace.failure { return .failed(failure) }
        if trace.isComplete { return .closed }
        past.withLock { $0.sentences.append(contentsOf: script.sentences.map(\.text)) }
        return .state(trace.last)
    }

    func rollback(to depth: Int) async throws(ProofAssistantError) {
        past.withLock { past in
            precondition(
                (0...past.sentences.count).contains(depth),
                "rollback(to: \(depth)): only \(past.sentences.count) sentences have run")
            past.sentences.removeLast(past.sentences.count - depth)
        }
    }
}
