import Testing

@testable import ProofAssistants

@Suite struct CoqSentencesTests {
    @Test(arguments: [
        ("intros. split.", ["intros.", "split."]),
        (
            "intros n; induction n as [| n IH].\n- reflexivity.\n- simpl. rewrite IH. reflexivity.",
            ["intros n; induction n as [| n IH].", "-", "reflexivity.", "-", "simpl.", "rewrite IH.", "reflexivity."]
        ),
        ("{ exact a. } ++ lia. *** auto.", ["{", "exact a.", "}", "++", "lia.", "***", "auto."]),
        ("2: { lia. } all: auto.", ["2: {", "lia.", "}", "all: auto."]),
        ("[goal]: { lia. }", ["[goal]: {", "lia.", "}"]),
        ("apply Nat.add_comm. exact 1.5.", ["apply Nat.add_comm.", "exact 1.5."]),
        ("auto... rewrite x.", ["auto...", "rewrite x."]),
        ("pose [1; .. ; 2]. lia.", ["pose [1; .. ; 2].", "lia."]),
        ("idtac \"a. b\". lia.", ["idtac \"a. b\".", "lia."]),
        ("idtac \"a\"\"b. c\". lia.", ["idtac \"a\"\"b. c\".", "lia."]),
        ("{| x := 1 |}.(f) y. lia.", ["{", "| x := 1 |}.(f) y.", "lia."]),
        ("lia.\tring.\r\nfield.", ["lia.", "ring.", "field."]),
        ("", []), (" \n ", []), ("(* only a comment. *)", []),
    ])
    func cutsLikeCoq(_ text: String, _ expected: [String]) {
        let cut = CoqSentences(text)
        #expect(cut.sentences.map(\.text) == expected)
        #expect(cut.problem == nil)
    }

    @Test func blanksCommentsAndKeepsOffsets() {
        let text = "(* first. (* nested. *) \"*)\" é *) intros (* a. b *) n. (* end *) lia."
        let cut = CoqSentences(text)
        let blank = String(repeating: " ", count: 10)
        #expect(cut.sentences.map(\.text) == ["intros \(blank) n.", "lia."])
        let bytes = Array(text.utf8)
        let originals = cut.sentences.map { String(decoding: bytes[$0.range], as: UTF8.self) }
        #expect(originals == ["intros (* a. b *) n.", "lia."])
    }

    @Test(arguments: [
        ("intros. split", "full stop"), ("intros. (* never closed. ", "comment"), ("idtac \"abc. ", "string"),
        ("(* \" *)", "string"), ("a .. ", "full stop"),
    ])
    func reportsAnUnfinishedEnd(_ text: String, _ word: String) throws {
        let problem = try #require(CoqSentences(text).problem)
        #expect(problem.message.contains(word))
        #expect(problem.range.upperBound == text.utf8.count)
    }

    @Test func survivesMutations() {
        let seed = "intros n. (* c \" *) \" *) { 2: { lia. } - + ** exact (fun x => x.(f)). auto... } all: [a]: {"
        var random = MutationGenerator(state: 1)
        for _ in 0..<5000 {
            let bytes = random.mutate(Array(seed.utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            let cut = CoqSentences(text)
            var end = 0
            for sentence in cut.sentences {
                #expect(sentence.range.lowerBound >= end && sentence.range.upperBound <= text.utf8.count)
                #expect(!sentence.text.contains("(*") || sentence.text.contains("\""))
                end = sentence.range.upperBound
            }
        }
    }
}

@Suite struct CoqScriptTests {
    @Test(arguments: [
        "intros n.", "- lia.", "{ lia. }", "1: lia.", "all: (split; auto).", "2-3,5: lia.", "!: lia.", "[H]: lia.",
        "(split; auto).", "[> lia | auto ].", "+ lia.", "rewrite <- H.", "set (x := 1).", "let x := 1 in pose x.",
        "assert (H : True).", "2: { lia. }", "exact (fun x : nat => x).",
    ])
    func allowsTactics(_ script: String) {
        #expect(CoqScript(script).failure == nil)
    }

    @Test(arguments: [
        "Axiom bad : False.", "intros. Axiom bad : False.", "-Axiom bad : False.", "{Axiom bad : False.",
        "1: Check nat.",
        "all: Redirect x Print nat.", "#[bypass_check(guard)] Fixpoint f (n : nat) : False := f n.", "Abort.",
        "Admitted.", "Defined.", "Unset Guard Checking.", "Quit.", "Drop.", "Load x.", "Cd.", "Time lia.", "Fail lia.",
        "idtac \"text\".", "par: lia.", "par : lia.", "_x.", "É.", "élan.", ".", "...", "1:", "Qed. Qed.",
        "intros. Proof.",
        "Qed. lia.", "Proof. Proof.", "Save x.", "Show.", "Ltac x := idtac.", "Notation a := b.", "}Axiom x : False.",
        "2: {Axiom x : False.", "[a]: Axiom x : False.", "intros.(* *)Axiom x : False.", "\u{0}lia.", "\u{A0}Axiom x.",
    ])
    func forbidsCommands(_ script: String) throws {
        let failure = try #require(CoqScript(script).failure)
        #expect(failure.kind == .forbidden || failure.kind == .error)
        #expect(failure.range.upperBound <= script.utf8.count)
    }

    @Test func findsTheClosing() {
        let script = CoqScript("Proof. intros. lia. Qed. (* done *)")
        #expect(script.sentences.map(\.text) == ["Proof.", "intros.", "lia."])
        #expect(script.closing?.range == 20..<24)
        #expect(script.failure == nil)
        #expect(CoqScript("intros. Qed.", isPrefix: true).failure?.kind == .forbidden)
        #expect(CoqScript("Proof. intros.", isContinuation: true).failure?.kind == .forbidden)
    }

    /// What is let through holds no command at the start of anything that Coq could take for a sentence.
    @Test func letsNoCommandThroughUnderMutations() {
        var random = MutationGenerator(state: 2)
        let seeds = [
            "intros n. - { lia. } (* x *) Axiom bad : False. 1: { auto. } Qed.",
            "lia.(*.*) Axiom b : False. \" Quit. \" all: Quit.",
        ]
        for round in 0..<5000 {
            let text = String(decoding: random.mutate(Array(seeds[round % 2].utf8)), as: UTF8.self)
            let script = CoqScript(text)
            for sentence in script.sentences where !CoqScript.isExactly("Proof", sentence) {
                let again = CoqSentences(sentence.text)
                #expect(again.sentences.count == 1, "\(text)")
                #expect(!sentence.text.hasPrefix("Axiom") && !sentence.text.hasPrefix("Quit"), "\(text)")
                #expect(!sentence.text.contains("(*") && !sentence.text.contains("\""), "\(text)")
            }
        }
    }
}
