import ProofAssistants
import Testing
import TreeSearch

@testable import TheoremProving

@Suite struct EvaluationMemoryTests {
    @Test func cutsInFrontOfWhatHitALimit() {
        let memory = EvaluationMemory()
        let prefix = TacticScript(["intros."])
        let script = TacticScript(["split.", "loop.", "auto."])
        #expect(memory.unspent(script, after: prefix) == script)
        memory.keepSpent(script, ran: 1, after: prefix)
        #expect(memory.unspent(script, after: prefix).sentences == ["split."])
        // The same tactics, cut elsewhere into prefix and script.
        #expect(memory.unspent(TacticScript(["loop."]), after: TacticScript(["intros.", "split."])).sentences.isEmpty)
        // The same tactic in another place may be quick.
        #expect(memory.unspent(TacticScript(["loop."]), after: prefix).sentences == ["loop."])
        memory.keepSpent(script, ran: 3, after: prefix)
        #expect(memory.unspent(TacticScript(["split.", "auto."]), after: prefix).sentences.count == 2)
    }

    @Test(.enabled(if: CoqSupport.isInstalled, Comment(rawValue: CoqSupport.notice)))
    func runsNothingTwice() async throws {
        var options = CoqOptions()
        options.processes = 1
        let coq = Coq(options)
        let problem = try await ProofProblem(
            CoqSupport.statement("swap", "forall A B : Prop, A /\\ B -> B /\\ A"), assistant: coq, track: .structural)
        let script = TacticScript(["intros.", "destruct H.", "nonsense."])
        let first = try await problem.evaluate(script, from: problem.root)
        let count = coq.statistics.traces
        let second = try await problem.evaluate(script, from: problem.root)
        #expect(coq.statistics.traces == count)
        #expect(second.segments == first.segments && first.segments.count == 2 && second.solution == nil)
        let point = try #require(first.segments.last)
        let proof = TacticScript(["split.", "assumption.", "assumption."])
        let solution = try await problem.evaluate(proof, from: point).solution
        #expect(solution?.sentences.count == 5)
        #expect(try await problem.evaluate(proof, from: point).solution == solution)
        #expect(coq.statistics.traces == count + 1)
        await coq.shutDown()
    }
}
