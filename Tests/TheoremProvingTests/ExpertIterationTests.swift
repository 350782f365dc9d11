import Foundation
import ProofAssistants
import Randomness
import Synchronization
import Testing

@testable import TheoremProving

/// A policy that repeats whole proofs that it was trained on, each as often as it saw it.
struct MemoryModel: TrainableScriptModel {
    struct Stop: Error {}

    /// Counts calls and stops the process's work at one of them, as a kill would.
    final class Fuse: Sendable {
        private let left: Mutex<Int>
        init(_ calls: Int) { left = Mutex(calls) }
        func burn() throws {
            let isOut = left.withLock { count in
                count -= 1
                return count < 0
            }
            if isOut { throw Stop() }
        }
    }

    var scripts: [String] = ["intros. Qed."]
    var fuse = Fuse(.max)

    func sample(_ requests: [SampleRequest]) async throws -> [String] {
        try fuse.burn()
        return requests.map { request in
            var generator = SplittableGenerator(seed: request.seed)
            return scripts[generator.integer(below: scripts.count)]
        }
    }

    func trained(
        on examples: [TrainingExample], seed: UInt64, folder: String
    ) async throws -> (model: MemoryModel, loss: Double) {
        try fuse.burn()
        let whole = examples.filter { !$0.prompt.contains("(* state") }.map(\.completion)
        return (MemoryModel(scripts: scripts + whole, fuse: fuse), 1 / Double(whole.count + 1))
    }

    func save(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try JSONEncoder().encode(scripts).write(to: URL(fileURLWithPath: folder + "/scripts.json"))
    }

    func loaded(from folder: String) throws -> MemoryModel {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/scripts.json"))
        return MemoryModel(scripts: try JSONDecoder().decode([String].self, from: data), fuse: fuse)
    }
}

@Suite(.enabled(if: CoqSupport.isInstalled, Comment(rawValue: CoqSupport.notice)), .serialized)
struct ExpertIterationTests {
    private var options: ExpertIterationOptions {
        var options = ExpertIterationOptions()
        options.seed = 3
        options.rounds = 3
        options.statementsPerLevel = 10
        options.retries = 6
        options.explorationRollouts = 3
        options.samples = 4
        options.olderSamples = 2
        options.levelFloor = 10
        options.epochs = 1
        options.heldOutPerLevel = 3
        options.evaluationSamples = 6
        options.unitSize = 5
        options.curriculum.familyWeights = [.propositional: 0.5, .order: 0.3, .quantifiers: 0.2]
        options.exploration.refusals = 60
        return options
    }

    private func records(_ model: MemoryModel, _ folder: String) async throws -> [RoundRecord] {
        let iteration = ExpertIteration<MemoryModel>(options: options, assistant: CoqSupport.shared, folder: folder)
        let seen = Mutex<[RoundRecord]>([])
        let records = try await iteration.run(from: model) { record in seen.withLock { $0.append(record) } }.records
        #expect(seen.withLock { $0 } == records)
        return records
    }

    @Test func aStoppedRunEndsLikeAnUndisturbedOne() async throws {
        let plain = try CoqSupport.temporaryFolder()
        let stopped = try CoqSupport.temporaryFolder()
        defer {
            try? FileManager.default.removeItem(atPath: plain)
            try? FileManager.default.removeItem(atPath: stopped)
        }
        let expected = try await records(MemoryModel(), plain)
        #expect(expected.map(\.round) == [0, 1, 2, 3])
        for calls in [0, 4, 3, 5, 7] {
            await #expect(throws: MemoryModel.Stop.self) {
                try await records(MemoryModel(fuse: MemoryModel.Fuse(calls)), stopped)
            }
        }
        let resumed = try await records(MemoryModel(), stopped)
        #expect(resumed == expected)

        let first = try #require(expected.first), last = try #require(expected.last)
        #expect(first.metrics["pass@1"] == 0)
        #expect((last.metrics["pass@1"] ?? 0) > 0)
        #expect((last.metrics["pass@6"] ?? 0) > 0)
        #expect((last.sources["policy"] ?? 0) > 0)
        #expect(last.bufferByLevel.reduce(0, +) > 10)

        var other = options
        other.seed = 4
        let foreign = ExpertIteration<MemoryModel>(options: other, assistant: CoqSupport.shared, folder: stopped)
        await #expect(throws: TheoremProvingError.self) { try await foreign.run(from: MemoryModel()) }
    }

    @Test func bufferKeepsTheShortestDifferentProofs() throws {
        var source = StatementGenerator()
        var generator = SplittableGenerator(seed: 1)
        let statement = try #require(source.statements(1, level: 1, split: .training, using: &generator).first)
        func proof(_ sentences: String...) -> SolvedScript {
            SolvedScript(script: TacticScript(sentences), states: Array(repeating: "s", count: sentences.count + 1))
        }
        var buffer = ReplayBuffer()
        buffer.add([proof("intros.", "auto."), proof("auto.")], of: statement, limit: 2)
        buffer.add([proof("lia."), proof("auto.")], of: statement, limit: 2)
        #expect(buffer.entries.count == 1 && buffer.holds(statement))
        #expect(buffer.entries[0].proofs.map(\.script.sentences) == [["lia."], ["auto."]])
        var options = ExpertIterationOptions()
        options.epochs = 2
        options.levelFloor = 3
        let examples = buffer.examples(options, format: PromptFormat(), using: &generator)
        #expect(examples.count == 2 * 2 * 2)
        #expect(examples.allSatisfy { $0.completion.hasSuffix("Qed.") })
    }

    @Test func scoresHaveMeansAndIntervals() {
        let score = LevelScore(level: 1, samples: 4, successes: [4, 0, 2, 0])
        #expect(abs(score.passAtOne - 0.375) < 1e-12)
        #expect(score.passAtAll == 0.5)
        // Sample variance 11/48 of 1, 0, 1/2, 0.
        #expect(abs(score.passAtOneError - 1.96 * (11.0 / 48 / 4).squareRoot()) < 1e-12)
    }
}
