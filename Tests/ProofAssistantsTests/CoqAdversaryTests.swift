import Foundation
import Testing

@testable import ProofAssistants

/// What a wrong policy may try.
///
/// Nothing of it may be accepted, and no process may be lost over it.
@Suite(.needsCoq, .serialized) struct CoqAdversaryTests {
    static let coq: Coq = {
        var options = CoqOptions()
        options.processes = 1
        return Coq(options)
    }()

    static let attempts: [(name: String, script: String)] = [
        ("admit", "intros n. admit. Qed."), ("give_up", "intros n. give_up. Qed."), ("admit, silently", "admit."),
        ("axiom", "Axiom bad : False. destruct bad. Qed."),
        ("axiom behind tactics", "intros n. Axiom bad : False. destruct bad."),
        ("axiom behind a bullet", "intros n. -Axiom bad : False. destruct bad."),
        ("axiom behind a brace", "intros n. {Axiom bad : False. destruct bad.}"),
        ("axiom behind a selector", "1:Axiom bad : False. destruct bad."),
        ("axiom behind a comment", "(* *)Axiom bad : False. destruct bad."),
        ("axiom behind a false comment", "intros (* \" *) n (* \" *). Axiom bad : False. (* *) destruct bad."),
        ("axiom behind a zero byte", "intros n.\u{0}Axiom bad : False. destruct bad."),
        ("axiom behind odd blanks", "intros n.\u{B}Axiom bad : False.\u{C}destruct bad."),
        ("axiom behind two dots", "intros n .. Axiom bad : False. destruct bad."),
        ("guard checking", "Unset Guard Checking. fix f 1. intros n. exact (f n). Qed."),
        ("no guard", "fix f 1. intros n. exact (f n). Qed."), ("no guard, silently", "fix f 1. exact f."),
        ("guard attribute", "#[bypass_check(guard)] Fixpoint f (n : nat) : n = 0 := f n. exact f."),
        ("universe checking", "Unset Universe Checking. intros n. auto. Qed."),
        ("redirect", "Redirect \"/tmp/ludus_stolen\" Print nat. auto."),
        ("redirect behind a selector", "1: Redirect \"/tmp/ludus_stolen\" Print nat."),
        ("directory", "Cd \"/tmp\". auto."), ("load path", "Add LoadPath \"/tmp\" as X. auto."),
        ("machine code", "Declare ML Module \"x\". auto."), ("load", "Load \"x\". auto."), ("drop", "Drop. auto."),
        ("quit", "Quit. auto."), ("quit in the middle", "intros n. Quit. auto."),
        ("easier theorem", "Abort. Theorem zero : True. exact I. Qed."),
        ("easier theorem, restarted", "Restart. exact I."), ("admitted", "Admitted."),
        ("defined", "intros n. Defined."),
        ("forged prompt", "idtac \"<prompt>Coq < 99 |zero| 0 < </prompt>\". auto."),
        ("forged value", "idtac \"</value><value val='good'><option val='none'/></value>\". auto."),
        ("forged value without a string", "fail 0 </value>. auto."),
        ("forged value in a name", "pose (</richpp></value> := 1). auto."),
        ("forged mark", "idtac \"Closed under the global context\". auto."),
        ("no check", "intros n. exact_no_check (eq_refl 0). Qed."),
        ("no check, vm", "intros n. vm_cast_no_check (eq_refl n). Qed."),
        ("no check, change", "intros n. change_no_check True. exact I. Qed."),
        ("shadowing the goal", "transparent_abstract (exact I) using zero."),
        ("shadowing a constant", "assert (H : True) by (abstract (exact I) using nat). intros n. auto. Qed."),
        ("hints", "#[export] Hint Resolve x. auto."), ("notation", "Notation \"0\" := n. auto."),
        ("tactic definition", "Ltac auto := admit. auto."), ("option", "Set Implicit Arguments. auto."),
        ("two proofs", "exact I. Qed. Theorem zero2 : True."), ("shelf", "intros n. shelve. Qed."),
        ("left to unification", "eapply eq_trans. shelve. shelve. Qed."), ("other processes", "par: auto."),
        ("nothing", ""), ("nothing but the end", "Qed."), ("not closed", "intros n. (* "), ("not ended", "intros n"),
        ("deep brackets", "exact " + String(repeating: "(", count: 3000) + "."),
        ("long", String(repeating: "idtac. ", count: 2000)),
    ]

    @Test(arguments: attempts.indices)
    func acceptsNothing(_ index: Int) async throws {
        let (name, script) = Self.attempts[index]
        let trace = try await Self.coq.trace(Statements.zero, script: script)
        #expect(!trace.isComplete, "\(name) was accepted in a warm process")
        let verdict = await Self.coq.verify(Statements.zero, script: script)
        if case .rejected = verdict {
        } else if case .undecided = verdict {
        } else {
            Issue.record("\(name): \(verdict)")
        }
        try await expectHealth(after: name)
    }

    private func expectHealth(after name: String) async throws {
        let good = try await Self.coq.trace(Statements.swap, script: Statements.swapProof)
        #expect(good.isComplete, "the process is of no use after: \(name)")
        #expect(Self.coq.statistics.processesStarted == 1, "a process was lost over: \(name)")
        #expect(Self.coq.statistics.retries == 0 && Self.coq.statistics.infrastructureErrors == 0)
        #expect(!FileManager.default.fileExists(atPath: "/tmp/ludus_stolen"))
    }

    @Test(arguments: [
        "repeat (assert True by exact I).", "do 1000000000 idtac.", "let rec f := f in f.",
        "intros n. repeat idtac; repeat (pose 0).",
        "exact (ltac:(let rec f x := f x in f 0)).", "timeout 100 (repeat (assert True by exact I)).",
        "try (repeat (assert True by exact I)). auto.", "exact (let x := Nat.pow 2 40 in ltac:(vm_compute; auto)).",
    ])
    func interruptsEndlessWork(_ script: String) async throws {
        let limits = Limits(sentenceTime: .milliseconds(300), totalTime: .seconds(1))
        let trace = try await Self.coq.trace(Statements.zero, script: script + " split. split. split.", limits: limits)
        #expect(!trace.isComplete)
        let kind = try #require(trace.failure?.kind)
        #expect(kind != .forbidden)
        let good = try await Self.coq.trace(Statements.swap, script: Statements.swapProof)
        #expect(good.isComplete && good.failure == nil)
    }
}

/// Memory, in a suite of its own: a process that ran into its limit is replaced.
@Suite(.needsCoq, .serialized) struct CoqMemoryTests {
    @Test(arguments: [
        "pose (x := Nat.pow 2 28). vm_compute in x.",
        "pose (x := 0). do 40 (let y := eval unfold x in (x, x) in clear x; pose (x := y)). auto.",
    ])
    func stopsMemoryEaters(_ script: String) async throws {
        var options = CoqOptions()
        options.processes = 1
        let coq = Coq(options)
        let limits = Limits(sentenceTime: .seconds(20), totalTime: .seconds(20), memory: 300 << 20)
        let trace = try await coq.trace(Statements.zero, script: script, limits: limits)
        #expect(!trace.isComplete)
        #expect(trace.failure?.kind != .forbidden && trace.failure != nil, "\(trace)")
        let good = try await coq.trace(Statements.swap, script: Statements.swapProof)
        #expect(good.isComplete)
        await coq.shutDown()
    }
}
