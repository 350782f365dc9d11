import Foundation
import ProofAssistants
import Randomness
import Testing

@testable import TheoremProving

@Suite struct StatementFileTests {
    private let text = """
        (* Theorem in_a_comment : False. *)
        Require Import ZArith.
        Definition two := 2.

        Theorem first : two = 2.
        Proof. Admitted.
        Lemma second (n : nat) : n = n.
        Definition three := 3. (* "a string with Theorem x : True." *)
        Fact third : three = 3. Abort.
        Theorem done : True.
        Proof. exact I. Qed.
        Corollary last : True.
        """

    @Test func theoremsStandOnDefinitionsOnly() {
        let file = StatementFile(coq: text, file: "a.v")
        #expect(file.records.map(\.statement.name) == ["first", "second", "third", "last"])
        #expect(file.records.map(\.line) == [5, 7, 9, 12])
        #expect(file.records[0].statement.header == "Require Import ZArith.\nDefinition two := 2.")
        #expect(file.records[0].statement.text == "Theorem first : two = 2.")
        #expect(file.records[2].statement.header.hasSuffix("Definition three := 3."))
        #expect(!file.records[3].statement.header.contains("Theorem"))
        #expect(file.problems.count == 1)
        #expect(file.problems[0].description.hasPrefix("a.v:10: done already has a proof"))
    }

    @Test func eachProblemIsOneLineAndTheRestGoesOn() {
        let broken = """
            Goal True.
            Theorem a : True.
            Theorem a : False.
            Section S.
            Theorem b : True.
            End S.
            foo bar.
            Theorem c : True.
            Theorem d : (* never closed
            """
        let file = StatementFile(coq: broken, file: "b.v")
        #expect(file.records.map(\.statement.name) == ["a", "c"])
        #expect(file.problems.map(\.line) == [1, 3, 5, 7, 9])
        #expect(file.problems.allSatisfy { !$0.description.contains("\n") })
    }

    @Test func aFileWithoutTheoremsSaysSo() {
        #expect(StatementFile(coq: "Require Import ZArith.", file: "c.v").problems.count == 1)
        #expect(StatementFile(jsonLines: "\n", file: "c.jsonl").problems.count == 1)
    }

    private let lines = """
        {"name": "p1", "header": "Require Import ZArith.", "statement": "Theorem p1 : 1 = 1.", "theorem": "p1"}
        {"name": "p2", "statement": "Definition x := 1. Theorem p2 : x = 1."}
        {"name": "p3", "header": ""}
        not json
        {"name": "p4", "statement": "Theorem other : True."}
        {"name": "p5", "statement": "Theorem p5 : True"}
        {"name": "p1", "statement": "Theorem p1 : True."}
        {"name": 7, "statement": "Theorem p6 : True."}
        """

    @Test func jsonLinesAreReadOneByOne() {
        let file = StatementFile(jsonLines: lines, file: "d.jsonl")
        #expect(file.records.map(\.statement.name) == ["p1", "p2"])
        #expect(file.records[1].statement.header == "Definition x := 1.")
        #expect(file.records[1].statement.text == "Theorem p2 : x = 1.")
        #expect(file.problems.map(\.line) == [3, 4, 5, 6, 7, 8])
        #expect(file.problems[0].message.contains("`statement` is missing"))
    }

    @Test func mutatedInputNeverTraps() {
        var generator = SplittableGenerator(seed: 99)
        for original in [text, lines] {
            for _ in 0..<400 {
                var bytes = Array(original.utf8)
                for _ in 0..<generator.integer(1...8) where !bytes.isEmpty {
                    let position = generator.integer(below: bytes.count)
                    switch generator.integer(0...3) {
                    case 0: bytes[position] = UInt8(generator.integer(0...255))
                    case 1: bytes.remove(at: position)
                    case 2:
                        bytes.insert(contentsOf: Array("(*\"*)._{:=".utf8).shuffled(using: &generator), at: position)
                    default: bytes.removeSubrange(position...)
                    }
                }
                let mutant = String(decoding: bytes, as: UTF8.self)
                let count = mutant.split(separator: "\n", omittingEmptySubsequences: false).count
                for file in [StatementFile(coq: mutant, file: "m"), StatementFile(jsonLines: mutant, file: "m")] {
                    #expect(file.problems.allSatisfy { (1...count + 8).contains($0.line) })
                    #expect(Set(file.records.map(\.statement.name)).count == file.records.count)
                }
            }
        }
    }

    @Test func missingAndUnknownFilesAreTypedErrors() {
        #expect(throws: TheoremProvingError.unknownFileKind(path: "x.txt")) { try StatementFile.read(path: "x.txt") }
        #expect(throws: TheoremProvingError.self) { try StatementFile.read(path: "/nonexistent/file.v") }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["LUDUS_SHARED"] != nil, "needs LUDUS_SHARED"))
    func miniF2FIsReadWhole() throws {
        let shared = try #require(ProcessInfo.processInfo.environment["LUDUS_SHARED"])
        let file = try StatementFile.read(path: shared + "/data/minif2f_rocq_valid.jsonl")
        #expect(file.problems.map(\.description) == [])
        #expect(file.records.count == 244)
    }
}
