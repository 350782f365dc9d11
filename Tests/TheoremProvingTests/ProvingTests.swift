import Foundation
import ProofAssistants
import Randomness
import Testing
import TreeSearch

@testable import TheoremProving

/// Answers every prompt with scripts of a list, drawn by the request's seed.
struct ListModel: ScriptModel {
    var outputs: [String]

    func sample(_ requests: [SampleRequest]) async throws -> [String] {
        requests.map { request in
            var generator = SplittableGenerator(seed: request.seed)
            return outputs[generator.integer(below: outputs.count)]
        }
    }
}

@Suite(.enabled(if: CoqSupport.isInstalled, Comment(rawValue: CoqSupport.notice)), .serialized) struct ProvingTests {
    private let swap = CoqSupport.statement("swap", "forall A B : Prop, A /\\ B -> B /\\ A")

    @Test func generatedStatementsCompile() async throws {
        var source = StatementGenerator()
        var generator = SplittableGenerator(seed: 21)
        for level in StatementGenerator.levels {
            for statement in source.statements(12, level: level, split: .training, using: &generator) {
                let trace = try await CoqSupport.shared.trace(statement.formal, script: "")
                #expect(trace.failure == nil)
                let printed = trace.initial.goals.first?.conclusion
                #expect(printed == statement.proposition)
            }
        }
    }

    @Test func explorationProvesAndIsReproducible() async throws {
        let explorer = Explorer(assistant: CoqSupport.shared, grammar: TacticGrammar(track: .structural))
        let first = try await explorer.explore(swap, rollouts: 30, successes: 2, seed: 4)
        let second = try await explorer.explore(swap, rollouts: 30, successes: 2, seed: 4)
        #expect(first == second)
        let script = try #require(first.scripts.first)
        #expect(script.sentences.allSatisfy(TacticTrack.structural.allows))
        let verdict = await CoqSupport.shared.verify(swap, script: script.text)
        #expect(verdict.isProved)
    }

    @Test func minimiserDropsWhatIsNotNeeded() async throws {
        let long = TacticScript(
            ["intros.", "unfold not.", "simpl.", "destruct H.", "split.", "assumption.", "exact H."])
        let minimizer = ScriptMinimizer(assistant: CoqSupport.shared)
        let shortest = try #require(try await minimizer.minimal(swap, long))
        #expect(shortest.script.sentences.count <= 5)
        #expect(shortest.states.count == shortest.script.sentences.count + 1)
        #expect(shortest.states.last == "done")
        for index in shortest.script.sentences.indices {
            var fewer = shortest.script
            fewer.sentences.remove(at: index)
            let isProof = try await minimizer.solved(swap, fewer) != nil
            #expect(!isProof)
        }
        let wrong = try await minimizer.minimal(swap, TacticScript(["intros."]))
        #expect(wrong == nil)
    }

    @Test func proposalsAreCutAtTheirFirstErrorAndResumed() async throws {
        let problem = try await ProofProblem(swap, assistant: CoqSupport.shared, track: .structural)
        let cut = try await problem.evaluate(
            TacticScript(["intros.", "idtac.", "destruct H.", "nonsense.", "split."]), from: problem.root)
        #expect(cut.segments.map(\.prefix.sentences.count) == [1, 3])
        #expect(cut.solution == nil)
        let point = try #require(cut.segments.last)
        let rest = try await problem.evaluate(TacticScript(["split.", "assumption.", "assumption."]), from: point)
        #expect(rest.solution?.sentences.count == 6)
        let forbidden = try await problem.evaluate(TacticScript(["intros.", "tauto."]), from: problem.root)
        #expect(forbidden.segments.count == 1 && forbidden.solution == nil)
    }

    @Test(arguments: [SearchPolicy.rmaxts, .sampling, .uct])
    func searchFindsAProofInPieces(policy: SearchPolicy) async throws {
        var options = ProverOptions()
        options.track = .structural
        options.policy = policy
        options.budget = 64
        options.batch = 4
        let model = ListModel(
            outputs: [
                "intros. destruct H. nonsense.", "split. assumption. assumption. Qed.", "apply H.",
                "intros. destruct H. split. assumption. assumption. Qed.",
            ])
        let outcome = await Prover(assistant: CoqSupport.shared, model: model, options: options).prove(swap)
        #expect(outcome.kind == .proved)
        #expect(outcome.samples > 0 && outcome.samples <= 64)
        #expect(!outcome.trees.isEmpty)
        let folder = try CoqSupport.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try #require(try outcome.write(to: folder))
        let written = try String(contentsOfFile: path, encoding: .utf8)
        #expect(written == outcome.file)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["swap.v"])
    }

    @Test func outcomesKeepTheFourVerdictsApart() async throws {
        var options = ProverOptions()
        options.budget = 4
        let prover = Prover(assistant: CoqSupport.shared, model: ListModel(outputs: ["intros. Qed."]), options: options)
        let sum = FormalStatement(
            name: "sum", header: "Require Import ZArith.", text: "Theorem sum : forall x y : Z, (x + y = y + x)%Z.")
        let proved = await prover.prove(sum)
        #expect(proved.kind == .proved && proved.foundBy.hasPrefix("automation"))
        let wrong = await prover.prove(CoqSupport.statement("wrong", "forall P : Prop, P"))
        #expect(wrong.kind == .undecided && wrong.script == nil && wrong.file == nil)
        let broken = await prover.prove(CoqSupport.statement("broken", "forall x : nonsense, x = x"))
        #expect(broken.kind == .rejected && !broken.detail.contains("\n"))
        var absent = CoqOptions()
        absent.sessionProgram = "no-such-program"
        let other = await Prover(assistant: Coq(absent), model: nil).prove(swap)
        #expect(other.kind == .infrastructure)
    }

    @Test func aBatchGoesOnWhateverHappensToOneStatement() async throws {
        let folder = try CoqSupport.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let statements = [
            CoqSupport.statement("good", "forall x : nat, x + 0 = x"),
            CoqSupport.statement("broken", "forall x : nonsense, x = x"),
            FormalStatement(name: "other", header: "", text: "Theorem other : 1 = 1."),
            CoqSupport.statement("unknown", "forall P : Prop, P"),
            CoqSupport.statement("fine", "forall x : Z, (x <= x)%Z"),
        ]
        let prover = Prover(assistant: CoqSupport.shared, model: nil)
        let report = await ProofBatch(prover: prover, folder: folder).run(statements)
        #expect(report.outcomes.map(\.name) == statements.map(\.name))
        #expect(report.outcomes.map(\.kind) == [.proved, .rejected, .proved, .undecided, .proved])
        #expect(report.problems.isEmpty)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(files == ["fine.v", "good.v", "other.v"])
        let missing = await ProofBatch(prover: prover, folder: folder + "/absent").run(Array(statements.prefix(1)))
        #expect(missing.count(.proved) == 1 && missing.problems.count == 1)
    }

    @Test func theExamplesAreReadAndCompile() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try StatementFile.read(path: root.appendingPathComponent("Examples/first-theorems.v").path)
        #expect(file.problems.isEmpty)
        #expect(file.records.count >= 24)
        for record in file.records {
            let trace = try await CoqSupport.shared.trace(record.statement, script: "")
            #expect(trace.initial.goals.count == 1)
        }
    }

    @Test func policiesAreComparedAtEqualBudgets() async throws {
        let model = ListModel(outputs: ["intros. Qed.", "intros. destruct H. Qed.", "split. exact H0. exact H. Qed."])
        let comparison = SearchComparison(assistant: CoqSupport.shared, model: model)
        let curves = await comparison.run(
            [(swap, .structural)], policies: [("rmaxts", .rmaxts), ("sampling", .sampling)], budget: 48, seeds: [1, 2])
        #expect(curves.map(\.name) == ["rmaxts", "sampling"])
        // Only a resumed proof can succeed: no single output is a whole proof.
        #expect(curves[0].solved(within: 48) == 2)
        #expect(curves[1].costs == [nil, nil])
        let counts = (0...48).map { curves[0].solved(within: $0) }
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 } && counts[0] == 0)
    }

    @Test func wilsonIntervalsAreTheTextbooks() {
        let curve = SearchCurve(name: "x", costs: [1, 3, nil, 9, nil, nil, 2, nil, nil, nil])
        let share = curve.share(within: 4)
        #expect(share.share == 0.3)
        // Wilson 95 % interval of 3 in 10: 0.1078 to 0.6032.
        #expect(abs(share.low - 0.1078) < 1e-4 && abs(share.high - 0.6032) < 1e-4)
    }
}
