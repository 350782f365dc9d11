import Foundation
import Testing

@testable import ProofAssistants

@Suite(.needsCoq) struct CoqVerifyTests {
    private let coq = CoqPresence.shared

    @Test func provesAndNamesTheAxioms() async throws {
        #expect(await coq.verify(Statements.swap, script: Statements.swapProof) == .proved(assumptions: []))
        let real = FormalStatement(
            name: "r", header: "Require Import Reals Lra.\nOpen Scope R_scope.",
            text: "Theorem r (x : R) (h : 0 < x) :\n  0 < x +\n 1.")
        guard case .proved(let assumptions) = await coq.verify(real, script: "Proof.\n  lra.\nQed.") else {
            Issue.record("a proof about real numbers wasn't accepted")
            return
        }
        #expect(assumptions.contains("Coq.Reals.ClassicalDedekindReals.sig_forall_dec"))
    }

    @Test func allowsClassicalLogicOnlyWhereImported() async throws {
        let text = "Theorem c : forall P : Prop, P \\/ ~ P."
        let open = FormalStatement(name: "c", header: "Require Import Classical.", text: text)
        #expect(
            await coq.verify(open, script: "intros P. apply classic.")
                == .proved(assumptions: ["Coq.Logic.Classical_Prop.classic"]))
        var options = CoqOptions()
        options.allowedAxioms.whenHeaderMentions = [:]
        guard case .rejected(let diagnostic) = await Coq(options).verify(open, script: "intros P. apply classic.")
        else {
            Issue.record("an axiom that isn't allowed was accepted")
            return
        }
        #expect(diagnostic.kind == .assumption && diagnostic.message.contains("classic"))
    }

    @Test func auditsAxiomsOfTheHeader() async {
        let type = "forall n : nat, n = 0."
        let headers = [
            "Axiom bad : \(type)", "Lemma bad : \(type)\nProof. intros. Admitted.",
            "Require Import Reals Classical.\nAxiom classic : \(type)\nDefinition bad := classic.",
            "Require Import Reals.\nModule ClassicalDedekindReals. Axiom sig_not_dec : \(type)\nEnd ClassicalDedekindReals.\n"
                + "Definition bad := ClassicalDedekindReals.sig_not_dec.",
            "#[bypass_check(guard)] Fixpoint bad (n : nat) : n = 0 := bad n.",
        ]
        for header in headers {
            let statement = FormalStatement(name: "zero", header: header, text: Statements.zero.text)
            let verdict = await coq.verify(statement, script: "exact bad.")
            if case .rejected = verdict { continue }
            Issue.record("accepted with a false axiom: \(verdict)")
        }
    }

    @Test(arguments: [
        ("intros A B [a b].\nsplit.\n  apply foo.", "foo"), ("intros A B [a b]. exact a.", "a"), ("intros A B.", ""),
        ("intros A B [a b].\nsplit;\n exact\n  b.", "split"),
    ])
    func placesErrors(_ script: String, _ about: String) async throws {
        guard case .rejected(let diagnostic) = await coq.verify(Statements.swap, script: script) else {
            Issue.record("accepted")
            return
        }
        #expect(diagnostic.kind == .error && !diagnostic.message.isEmpty)
        let range = try #require(diagnostic.range)
        let words = String(decoding: Array(script.utf8)[range], as: UTF8.self)
        #expect(about.isEmpty ? words.isEmpty : words.contains(about))
    }

    @Test func tellsLimitsFromErrors() async {
        let limits = Limits(totalTime: .milliseconds(500), startTime: .milliseconds(500))
        let verdict = await coq.verify(Statements.zero, script: "repeat (assert True by exact I).", limits: limits)
        #expect(verdict == .undecided(.time))
        let memory = Limits(memory: 150 << 20)
        let eaten = await coq.verify(
            Statements.zero,
            script: "exact (let x := Nat.pow 2 30 in ltac:(let y := eval vm_compute in x in exact eq_refl)).",
            limits: memory)
        #expect(eaten == .undecided(.memory))
    }

    @Test func leavesNothingBehind() async throws {
        let folder = FileManager.default.temporaryDirectory.path
        func leftovers() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("ludus-compile-") }
        }
        _ = await coq.verify(Statements.swap, script: "exact 1.")
        // Other tests verify at the same time, so what counts is that nothing old is there.
        let before = Set(try leftovers())
        _ = await coq.verify(Statements.swap, script: Statements.swapProof)
        _ = await CoqPresence.shared.verify(Statements.swap, script: "auto.")
        let stuck = before.intersection(try leftovers())
        #expect(stuck.count <= CoqOptions().compilers)
    }

    @Test func failsClearlyWithoutACompiler() async {
        var options = CoqOptions()
        options.compiler = "/no/such/coqc"
        guard case .infrastructure(let what) = await Coq(options).verify(Statements.swap, script: "tauto.") else {
            Issue.record("a missing compiler must be an infrastructure error")
            return
        }
        #expect(what.contains("/no/such/coqc"))
    }

    @Test func failsClearlyWithABrokenCompiler() async throws {
        let folder = try ScratchFolder()
        for body in [
            "exit 0", "echo Closed under the global context; exit 0", "kill -9 $$", "exit 3",
            "echo 'Error: no' >&2; exit 1",
        ] {
            var options = CoqOptions()
            options.compiler = try folder.script("coqc", body)
            let verdict = await Coq(options).verify(Statements.swap, script: "tauto.")
            if case .infrastructure = verdict { continue }
            Issue.record("\(body): \(verdict)")
        }
    }
}
