import ProofAssistants
import Synchronization
import TreeSearch

/// What came of the proposals for one statement, so that nothing is run twice.
///
/// A small model at temperature 1 writes the same script many times over, and a tactic that used up its time will do so
/// again. Running is a function of prefix and script, so remembering changes no result.
final class EvaluationMemory: Sendable {
    typealias Evaluation = ProposalEvaluation<ProofState, TacticScript, TacticScript>

    /// An evaluation, or why the assistant gave none.
    typealias Answer = Result<Evaluation, ProofAssistantError>

    private struct Key: Hashable {
        var prefix: TacticScript
        var script: TacticScript
    }

    private struct Content {
        var answers: [Key: Answer] = [:]
        /// Whole scripts whose last tactic hit a limit.
        var spent: Set<TacticScript> = []
    }

    private let content = Mutex(Content())

    /// What is known of a script behind a prefix.
    func answer(to script: TacticScript, after prefix: TacticScript) -> Answer? {
        content.withLock { $0.answers[Key(prefix: prefix, script: script)] }
    }

    /// Takes note of what came of a script.
    func keep(_ answer: Answer, for script: TacticScript, after prefix: TacticScript) {
        content.withLock { $0.answers[Key(prefix: prefix, script: script)] = answer }
    }

    /// Takes note that a script's tactic hit a limit of time or memory.
    ///
    /// - Parameters:
    ///   - script: the script.
    ///   - ran: how many of its tactics ran before.
    ///   - prefix: what it stood behind.
    func keepSpent(_ script: TacticScript, ran: Int, after prefix: TacticScript) {
        guard ran < script.sentences.count else { return }
        let whole = TacticScript(prefix.sentences + script.sentences[...ran])
        content.withLock { _ = $0.spent.insert(whole) }
    }

    /// The part of a script in front of the first tactic that is known to hit a limit there.
    func unspent(_ script: TacticScript, after prefix: TacticScript) -> TacticScript {
        content.withLock { content in
            if content.spent.isEmpty { return script }
            var whole = prefix
            for (index, sentence) in script.sentences.enumerated() {
                whole.sentences.append(sentence)
                if content.spent.contains(whole) { return TacticScript(Array(script.sentences[..<index])) }
            }
            return script
        }
    }
}
