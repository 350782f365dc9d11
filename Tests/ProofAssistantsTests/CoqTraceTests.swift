import Testing

@testable import ProofAssistants

/// Statements that several suites use.
enum Statements {
    static let swap = FormalStatement(
        name: "swap", text: "Theorem swap : forall A B : Prop, A /\\ B -> B /\\ A.")
    static let zero = FormalStatement(name: "zero", text: "Theorem zero : forall n : nat, n = 0.")
    static let swapProof = "intros A B [a b]. split. - exact b. - exact a. Qed."
}

@Suite(.needsCoq) struct CoqTraceTests {
    private let coq = CoqPresence.shared

    @Test func reportsEachState() async throws {
        let trace = try await coq.trace(Statements.swap, script: Statements.swapProof)
        #expect(trace.isComplete && trace.failure == nil)
        #expect(trace.initial.text == "⊢ forall A B : Prop, A /\\ B -> B /\\ A")
        #expect(
            trace.steps.map(\.sentence) == [
                "intros A B [a b].", "split.", "-", "exact b.", "-", "exact a.", "Qed.",
            ])
        #expect(trace.steps[0].state.text == "A, B : Prop\na : A\nb : B\n⊢ B /\\ A")
        #expect(trace.steps[2].state.text == "A, B : Prop\na : A\nb : B\n⊢ B\n\nlater: A")
        #expect(trace.steps[3].state.text == "no goals in focus\n\nlater: A")
        #expect(trace.steps[5].state.isFinished && trace.last.isFinished)
        let bytes = Array(Statements.swapProof.utf8)
        for step in trace.steps { #expect(String(decoding: bytes[step.range], as: UTF8.self) == step.sentence) }
    }

    @Test func closesByItselfOnlyWhatIsFinished() async throws {
        let open = try await coq.trace(Statements.swap, script: "intros A B [a b]. split.")
        #expect(!open.isComplete && open.failure == nil && open.last.goals.count == 2)
        let finished = try await coq.trace(Statements.swap, script: "Proof. tauto.")
        #expect(finished.isComplete && finished.steps.map(\.sentence) == ["Proof.", "tauto."])
        let early = try await coq.trace(Statements.swap, script: "intros A B [a b]. Qed.")
        #expect(!early.isComplete && early.failure?.kind == .error && early.failure?.range == 18..<22)
    }

    @Test(arguments: [
        ("intros A B. apply (* é日 *) foo. split.", "foo", 1), ("intros A B. exact (fun x. split.", "(fun x.", 1),
        ("introsx.", "introsx", 0), ("intros A B [a b]. split. exact a.", "a", 2),
    ])
    func placesErrors(_ script: String, _ about: String, _ before: Int) async throws {
        let trace = try await coq.trace(Statements.swap, script: script)
        let failure = try #require(trace.failure)
        #expect(failure.kind == .error && !failure.message.isEmpty && !failure.isInPrefix)
        let words = String(decoding: Array(script.utf8)[failure.range], as: UTF8.self)
        #expect(words.contains(about) || about.contains(words), "\(words): \(failure.message)")
        #expect(trace.steps.count == before && !trace.isComplete)
    }

    @Test func resumesBehindAPrefix() async throws {
        let prefix = "intros A B [a b]. split."
        let trace = try await coq.trace(Statements.swap, script: "exact b. exact a.", after: prefix, limits: Limits())
        #expect(trace.isComplete && trace.steps.count == 2)
        #expect(trace.initial.goals.count == 2)
        let bad = try await coq.trace(
            Statements.swap, script: "exact b.", after: "intros A. nonsense.", limits: Limits())
        #expect(bad.failure?.isInPrefix == true && bad.failure?.range == 10..<18 && bad.steps.isEmpty)
        let banned = try await coq.trace(
            Statements.swap, script: "exact b.", after: "Axiom x : False.", limits: Limits())
        #expect(banned.failure?.isInPrefix == true && banned.failure?.kind == .forbidden)
    }

    /// The same script gives the same trace whatever ran before it, with and without reuse of states.
    @Test func isDeterministic() async throws {
        var options = CoqOptions()
        options.processes = 1
        options.reusesState = false
        let fresh = Coq(options)
        let scripts = [
            Statements.swapProof, "intros A B [a b]. split. exact a.", "intros A B [a b]. idtac. split. - exact b.",
            "tauto.", "intros A B H. destruct H as [x y]. eexists. shelve. Unshelve.",
            "intros A B [a b]; constructor. 2: { exact a. }",
        ]
        var random = MutationGenerator(state: 4)
        for _ in 0..<40 {
            let script = try #require(scripts.randomElement(using: &random))
            let one = try await coq.trace(Statements.swap, script: script)
            let two = try await fresh.trace(Statements.swap, script: script)
            #expect(one.steps == two.steps && one.failure == two.failure && one.isComplete == two.isComplete)
        }
        await fresh.shutDown()
    }

    @Test func checksSayWhatTracesSay() async throws {
        var options = CoqOptions()
        options.processes = 1
        let fresh = Coq(options)
        let scripts = [
            Statements.swapProof, "intros A B [a b]. split. exact a.", "intros A B [a b]. idtac. split. - exact b.",
            "tauto. Qed.", "tauto. tauto.", "intros A B [a b]. Qed.", "Proof. tauto.", "Abort.", "",
            "intros A B H. destruct H as [x y]. split. exact y. exact x. Qed.",
        ]
        var random = MutationGenerator(state: 8)
        for round in 0..<60 {
            let script = try #require(scripts.randomElement(using: &random))
            // Between checks some traces, so that each has to go on from what the other left.
            let check = try await fresh.check(Statements.swap, script: script)
            let trace = try await coq.trace(Statements.swap, script: script)
            #expect(check.isComplete == trace.isComplete && check.failure == trace.failure, "\(script)")
            #expect(check.sentenceCount == trace.steps.count, "\(script)")
            guard round.isMultiple(of: 3) else { continue }
            let again = try await fresh.trace(Statements.swap, script: script)
            #expect(again.steps == trace.steps && again.failure == trace.failure, "\(script)")
        }
        await fresh.shutDown()
    }

    @Test func runsManyAtATime() async throws {
        let statements = (0..<12).map { index in
            FormalStatement(name: "s\(index)", text: "Theorem s\(index) : forall n : nat, n + \(index) = \(index) + n.")
        }
        let coq = coq
        try await withThrowingTaskGroup(of: (Int, ScriptTrace).self) { group in
            for (index, statement) in (statements + statements).enumerated() {
                let script =
                    index < 12 ? "intros n. induction n. - auto. - simpl. rewrite IHn. auto." : "intros n. ring."
                group.addTask { (index, try await coq.trace(statement, script: script)) }
            }
            for try await (index, trace) in group {
                let goal = "⊢ forall n : nat, n + \(index % 12) = \(index % 12) + n"
                #expect(trace.initial.text == goal, "each check sees its own statement")
                #expect(trace.failure?.kind == (index < 12 ? trace.failure?.kind : .error), "ring isn't loaded")
            }
        }
    }

    @Test func worksSentenceBySentence() async throws {
        let texts = try await coq.withSession(for: Statements.swap, limits: Limits()) {
            (session) throws(ProofAssistantError) -> [String] in
            var texts: [String] = [session.initial.text]
            func note(_ outcome: SentenceOutcome) {
                switch outcome {
                case .state(let state): texts.append(state.text)
                case .closed: texts.append("closed")
                case .failed(let failure): texts.append(failure.kind.rawValue)
                }
            }
            note(try await session.run("intros A B [a b]."))
            note(try await session.run("exact a."))
            note(try await session.run("split. exact b."))
            note(try await session.run("Axiom x : False."))
            note(try await session.run("split."))
            try await session.rollback(to: 1)
            note(try await session.run("exact (conj b a)."))
            note(try await session.run("Qed."))
            return texts
        }
        #expect(texts[1] == "A, B : Prop\na : A\nb : B\n⊢ B /\\ A")
        #expect(texts[2...4] == ["error", "error", "forbidden"])
        #expect(texts[5].contains("\n\n") && texts[6] == "no goals" && texts[7] == "closed")
    }

    @Test func rejectsBadHeadersAndStatements() async throws {
        let header = FormalStatement(name: "t", header: "Require Import NoSuchLibrary.", text: "Theorem t : True.")
        await #expect { _ = try await coq.trace(header, script: "exact I.") } throws: {
            if case .headerRejected? = $0 as? ProofAssistantError { true } else { false }
        }
        let wrong = FormalStatement(name: "t", text: "Theorem t : undefined_thing.")
        await #expect { _ = try await coq.trace(wrong, script: "exact I.") } throws: {
            if case .statementRejected? = $0 as? ProofAssistantError { true } else { false }
        }
        let verdict = await coq.verify(wrong, script: "exact I.")
        guard case .rejected(let diagnostic) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(diagnostic.kind == .statement)
    }

    /// These tactics keep caches in files; a process that can't write files must run them all the same.
    @Test func runsTacticsThatWantACacheFile() async throws {
        let header = "Require Import Reals ZArith Lra Lia Psatz."
        let texts = [
            ("nra", "forall x y : R, (0 < x -> 0 < y -> 0 < x * y)%R"),
            ("nia", "forall x y : Z, (0 < x -> 0 < y -> 0 < x * y)%Z"),
            ("lia", "forall x y : Z, (x < y -> x + 1 <= y)%Z"), ("lra", "forall x y : R, (x < y -> x < y + 1)%R"),
        ]
        for (tactic, type) in texts {
            let statement = FormalStatement(name: "t", header: header, text: "Theorem t : \(type).")
            #expect(try await coq.trace(statement, script: "intros. \(tactic).").isComplete, "\(tactic)")
        }
    }

    @Test func provesNegationsAndFindsVacuity() async throws {
        let negation = try coq.negation(of: Statements.zero)
        let proof = "intros H. specialize (H 1). discriminate H."
        #expect(try await coq.trace(negation, script: proof).isComplete)
        #expect(await coq.verify(negation, script: proof) == .proved(assumptions: []))
        let vacuous = FormalStatement(name: "v", text: "Theorem v (n : nat) (h : S n = 0) : n = 7.")
        let probe = try coq.vacuity(of: vacuous)
        let hit = try await coq.trace(probe.statement, script: "discriminate.", after: probe.prefix, limits: Limits())
        #expect(hit.isComplete)
        let sound = try coq.vacuity(of: Statements.zero)
        let miss = try await coq.trace(sound.statement, script: "auto. Qed.", after: sound.prefix, limits: Limits())
        #expect(!miss.isComplete)
    }
}
