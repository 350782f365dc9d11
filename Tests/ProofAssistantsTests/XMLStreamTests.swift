import Testing

@testable import ProofAssistants

@Suite struct XMLStreamTests {
    static let answer = """
        <feedback object="state" route="0"><state_id val="3"/><feedback_content val="processed"/></feedback>\
        <value val="good"><option val="some"><goals><list><goal><string>4</string><list><richpp><_><pp>a,&nbsp;b\
        &nbsp;:&nbsp;<constr.variable>nat</constr.variable></pp></_></richpp></list><richpp><_><pp>a&nbsp;&lt;&nbsp;b\
        </pp></_></richpp><option val="none"/></goal></list><list><pair><list/><list/></pair></list><list/><list/>\
        </goals></option></value>
        """

    private static func all(_ text: String, chunk: Int) throws -> [[XMLToken]] {
        var stream = XMLStream()
        var elements: [[XMLToken]] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            stream.append(bytes[start..<min(start + chunk, bytes.count)])
            while let element = try stream.next() { elements.append(element) }
        }
        return elements
    }

    @Test(arguments: [1, 2, 7, 64, 10_000])
    func readsTheSameInAnyChunks(_ chunk: Int) throws {
        let elements = try Self.all(Self.answer, chunk: chunk)
        #expect(elements.count == 2)
        #expect(try CoqReply(elements[0]) == nil)
        guard case .good(let tokens)? = try CoqReply(elements[1]) else {
            Issue.record("not a good answer")
            return
        }
        let goal = Goal(hypotheses: [Hypothesis(names: ["a", "b"], type: "nat")], conclusion: "a < b")
        #expect(try CoqGoals.state(tokens) == ProofState(goals: [goal]))
    }

    @Test func readsEntitiesAndAttributes() throws {
        let elements = try Self.all("<a b='1 &gt; 0' c=\"&#65;&#x42;\">&quot;&apos;&amp;lt;</a>", chunk: 3)
        let open = XMLToken.open(name: "a", attributes: ["b": "1 > 0", "c": "AB"])
        #expect(elements == [[open, .text("\"'&lt;"), .close]])
    }

    @Test(arguments: [
        "text", "<a></b>", "</a>", "<a>&nope;</a>", "<a b></a>", "<a b=c></a>", "<>", "<a>&#x110000;</a>", "<a/b>",
    ])
    func refusesWhatIsNoXML(_ text: String) {
        #expect(throws: XMLError.self) { _ = try Self.all(text, chunk: 100) }
    }

    @Test func boundsDepthAndSize() {
        var deep = XMLStream(limit: 1 << 20, depthLimit: 100)
        deep.append(String(repeating: "<a>", count: 200).utf8)
        #expect(throws: XMLError.tooLarge) { _ = try deep.next() }
        var tag = XMLStream()
        tag.append(String(repeating: "<value ", count: 20_000).utf8)
        #expect(throws: XMLError.tooLarge) { _ = try tag.next() }
        var endless = XMLStream(limit: 10_000)
        #expect(throws: XMLError.tooLarge) {
            endless.append("<v>".utf8)
            for _ in 0..<10_000 {
                endless.append("<a/>x<b/>".utf8)
                #expect(try endless.next() == nil)
            }
            throw XMLError.entity("never thrown", offset: 0)
        }
    }

    @Test func survivesMutations() {
        var random = MutationGenerator(state: 3)
        var refused = 0
        for _ in 0..<4000 {
            let text = random.mutate(Array(Self.answer.utf8))
            var stream = XMLStream()
            stream.append(text)
            do {
                while let element = try stream.next() {
                    if case .good(let tokens)? = try CoqReply(element) { _ = try CoqGoals.state(tokens) }
                }
            } catch { refused += 1 }
        }
        #expect(refused > 1000, "most mutations break the protocol")
    }
}

@Suite struct CoqGoalsTests {
    @Test(arguments: [
        ("a, b : nat", Hypothesis(names: ["a", "b"], type: "nat")),
        ("H : forall x : nat, x = x", Hypothesis(names: ["H"], type: "forall x : nat, x = x")),
        ("x := 3 : nat", Hypothesis(names: ["x"], type: "nat", body: "3")),
        (
            "f := fun y : nat => y + 1 : nat -> nat",
            Hypothesis(names: ["f"], type: "nat -> nat", body: "fun y : nat => y + 1")
        ),
        ("g := (1 : nat) : nat", Hypothesis(names: ["g"], type: "nat", body: "(1 : nat)")),
    ])
    func readsHypotheses(_ line: String, _ expected: Hypothesis) {
        let hypothesis = CoqGoals.hypothesis(line)
        #expect(hypothesis == expected)
        #expect(hypothesis.text == line)
    }

    @Test func printsStatesCanonically() {
        let goal = Goal(hypotheses: [Hypothesis(names: ["n"], type: "nat")], conclusion: "n = n")
        let state = ProofState(goals: [goal], background: [Goal(conclusion: "True")], shelved: 1)
        #expect(state.text == "n : nat\n⊢ n = n\n\nlater: True\n\nshelved: 1")
        #expect(ProofState().text == "no goals")
        #expect(ProofState(background: [goal]).text.hasPrefix("no goals in focus"))
        #expect(!ProofState(givenUp: 1).isFinished)
    }

    @Test func commentsCantBeEscapedFrom() {
        let state = ProofState(goals: [Goal(conclusion: "(*) = \"*)\" (* x *)")])
        let comment = Dialect.coq.comment(for: state)
        let cut = CoqSentences(comment + " lia.")
        #expect(cut.sentences.map(\.text) == ["lia."])
        #expect(Dialect.lean.comment(for: ProofState()) == "/- tactic state: no goals -/")
    }
}
