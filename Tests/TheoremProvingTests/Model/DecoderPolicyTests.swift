import Foundation
import LanguageModels
import ProofAssistants
import Randomness
import Tensors
import Testing

@testable import TheoremProving

@Suite struct DecoderPolicyTests {
    private let format = PromptFormat()
    private let statements = [
        FormalStatement(name: "a", text: "Theorem a : forall A : Prop, A -> A."),
        FormalStatement(name: "b", text: "Theorem b : forall x y : Z, (x + y)%Z = (y + x)%Z."),
    ]
    private let scripts = [TacticScript(["intros.", "assumption."]), TacticScript(["lia."])]

    private func policy(seed: UInt64 = 1) -> DecoderPolicy {
        let tokenizer = DecoderPolicy.tokenizer(vocabularySize: 320, track: .automated, seed: 2)
        let shape = DecoderConfiguration(
            contextLength: 192, width: 32, layerCount: 2, headCount: 2, keyValueHeadCount: 1, feedForwardWidth: 64,
            initialStandardDeviation: 0.05)
        var options = DecoderPolicyOptions()
        options.learningRate = 1e-2
        options.maximumTokens = 24
        options.batchSize = 8
        return DecoderPolicy(tokenizer: tokenizer, configuration: shape, seed: seed, options: options)
    }

    private var examples: [TrainingExample] {
        (0..<2_000).map { index in
            format.example(statement: statements[index % 2], track: .automated, script: scripts[index % 2])
        }
    }

    private func requests(_ count: Int) -> [SampleRequest] {
        (0..<count).map {
            SampleRequest(prompt: format.prompt(for: statements[$0 % 2], track: .automated), seed: UInt64($0))
        }
    }

    @Test func promptsAreShortInTokens() {
        let tokenizer = DecoderPolicy.tokenizer(track: .automated, seed: 2)
        #expect(tokenizer.vocabularySize <= 512)
        var source = StatementGenerator()
        var generator = SplittableGenerator(seed: 77)
        let counts = StatementGenerator.levels.flatMap { level in
            source.statements(60, level: level, split: .heldOut, using: &generator).map { statement in
                tokenizer.encode(format.prompt(for: statement.formal, track: .automated)).count
            }
        }.sorted()
        #expect(counts[counts.count / 2] < 60)
        #expect(counts[counts.count * 95 / 100] < 125)
    }

    @Test func itLearnsProofsAndSurvivesAFile() async throws {
        let untrained = policy()
        let before = try await untrained.sample(requests(12))
        #expect(before.allSatisfy { !$0.hasPrefix("intros.\nassumption.\nQed.") })
        let (trained, loss) = try await untrained.trained(on: examples, seed: 5, folder: "")
        let (again, sameLoss) = try await untrained.trained(on: examples, seed: 5, folder: "")
        #expect(loss == sameLoss)
        #expect(loss < 0.3)
        let samples = try await trained.sample(requests(24))
        let correct = samples.indices.count { format.script(inOutput: samples[$0]) == scripts[$0 % 2] }
        #expect(correct >= 18)
        let repeated = try await again.sample(requests(24))
        #expect(repeated == samples)

        let folder = try CoqSupport.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try trained.save(to: folder)
        let loaded = try untrained.loaded(from: folder)
        let fromFile = try await loaded.sample(requests(24))
        #expect(fromFile == samples)
        for (tensor, other) in zip(trained.network.flattened(), loaded.network.flattened()) {
            #expect(tensor.tensor.array(of: Float.self) == other.tensor.array(of: Float.self))
        }
    }

    @Test func damagedCheckpointsAreTypedErrors() throws {
        let folder = try CoqSupport.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let saved = policy()
        try saved.save(to: folder)
        let weights = URL(fileURLWithPath: folder).appendingPathComponent("model.safetensors")
        let whole = try Data(contentsOf: weights)
        for length in [0, 7, 40, 400, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: weights)
            #expect(throws: LanguageModelError.self) { try DecoderPolicy(folder: folder) }
        }
        var flipped = whole
        flipped[2] = 0xff
        try flipped.write(to: weights)
        #expect(throws: LanguageModelError.self) { try DecoderPolicy(folder: folder) }
        try whole.write(to: weights)
        _ = try DecoderPolicy(folder: folder)
        try FileManager.default.removeItem(at: weights)
        #expect(throws: LanguageModelError.self) { try DecoderPolicy(folder: folder) }
    }
}
