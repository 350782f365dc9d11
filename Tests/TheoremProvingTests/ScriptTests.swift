import ProofAssistants
import Randomness
import Testing

@testable import TheoremProving

@Suite struct ScriptTests {
    private let statement = FormalStatement(name: "t", header: "", text: "Theorem t : forall A B : Prop, A /\\ B -> B.")
    private let goal = Goal(
        hypotheses: [
            Hypothesis(names: ["A"], type: "Prop"), Hypothesis(names: ["B"], type: "Prop"),
            Hypothesis(names: ["H"], type: "A /\\ B"),
        ], conclusion: "B")

    @Test func statesPrintInOneLine() {
        let state = ProofState(goals: [goal, goal])
        #expect(CompactState.text(state, limit: 200) == "A B : Prop; H : A /\\ B |- B ++ 1")
        #expect(CompactState.text(ProofState(), limit: 200) == "done")
        #expect(CompactState.text(state, limit: 30) == "...; H : A /\\ B |- B ++ 1")
        let sly = ProofState(goals: [Goal(hypotheses: [], conclusion: "x *) \"")])
        #expect(CompactState.text(sly, limit: 200) == " |- x * ) '")
    }

    @Test func promptsAndExamplesFitTogether() {
        let format = PromptFormat()
        let script = TacticScript(["intros.", "destruct H.", "assumption."])
        #expect(format.prompt(for: statement, track: .structural) == "A forall A B : Prop, A /\\ B -> B.\n")
        let state = ProofState(goals: [goal])
        let prompt = format.prompt(
            for: statement, track: .automated, after: TacticScript(["intros."]), state: state)
        #expect(prompt == "B forall A B : Prop, A /\\ B -> B.\nintros.\n(* state: A B : Prop; H : A /\\ B |- B *)\n")
        let line = CompactState.text(state, limit: 400)
        let solved = SolvedScript(script: script, states: ["s", line, "u", "done"])
        let example = format.example(statement: statement, track: .automated, solved: solved, cut: 1)
        #expect((example.prompt + example.completion).hasPrefix(prompt))
        #expect(example.completion.hasSuffix("destruct H.\nassumption.\nQed."))
        let behind = String(example.completion.drop { $0 != "\n" })
        #expect(format.script(inOutput: behind) == TacticScript(["destruct H.", "assumption."]))
        let whole = format.example(statement: statement, track: .structural, script: script)
        #expect(format.script(inOutput: whole.completion) == script)
    }

    @Test func outputsOfAModelAreCutAtQed() {
        let format = PromptFormat()
        #expect(format.script(inOutput: "intros. (* x *)\nlia. Qed. Theorem") == TacticScript(["intros.", "lia."]))
        #expect(format.script(inOutput: "intros. unfinished") == TacticScript(["intros."]))
        #expect(format.script(inOutput: "").sentences.isEmpty)
        #expect(TacticScript(text: "Proof.\n intros   x.\nQed.").sentences == ["intros x."])
    }

    @Test func tracksKnowAutomation() {
        #expect(TacticTrack.automated.allows("lia."))
        for sentence in ["lia.", "try lia.", "split; [lra | idtac].", "now auto.", "intuition auto."] {
            #expect(!TacticTrack.structural.allows(sentence))
        }
        for sentence in ["intros.", "apply lia_like.", "exact liaison.", "rewrite H in H0."] {
            #expect(TacticTrack.structural.allows(sentence))
        }
    }

    @Test(arguments: TacticTrack.allCases)
    func grammarStaysOnItsTrackAndPointsAtNames(track: TacticTrack) {
        let grammar = TacticGrammar(track: track)
        let state = ProofState(goals: [goal])
        var generator = SplittableGenerator(seed: 3)
        let tactics = (0..<600).map { _ in grammar.tactic(in: state, using: &generator) }
        #expect(tactics.allSatisfy { track.allows($0) && $0.hasSuffix(".") })
        #expect(tactics.contains("destruct H.") && tactics.contains("assumption."))
        #expect(track == .structural || tactics.contains("lia."))
        let isScoped = tactics.filter { $0.hasPrefix("apply") }.allSatisfy { $0.hasPrefix("apply H") }
        #expect(isScoped)
        let alone = grammar.tactic(in: ProofState(), using: &generator)
        #expect(alone.hasSuffix("."))
    }
}
