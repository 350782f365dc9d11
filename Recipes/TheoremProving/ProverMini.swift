import Foundation
public import LanguageModels
import ProofAssistants
import RunRecords
import Tensors
public import TheoremProving

/// A small prover that learns from Coq alone.
///
/// Statements come from a grammar by level, proofs from expert iteration that begins with random tactics. No proof
/// written by a person is used. Follows the loop of Xin et al. 2024, arXiv:2405.14333 (propose, verify, fine-tune,
/// repeat) at 1/5000 of its size, with the state comments of arXiv:2408.08152, section 2.
///
/// Results: `ProverMini.md`.
public struct ProverMini: Recipe {
    /// The settings.
    public struct Configuration: RecipeConfiguration {
        /// Rounds, statements and proposals.
        public var iteration = ExpertIterationOptions()
        /// Shape of the network; its vocabulary becomes the tokenizer's.
        public var network = DecoderConfiguration(
            contextLength: 384, width: 160, layerCount: 4, headCount: 5, keyValueHeadCount: 5, feedForwardWidth: 416,
            initialStandardDeviation: 0.02)
        /// How the policy is trained and sampled.
        public var policy = DecoderPolicyOptions()
        /// Tokens that the tokenizer aims at.
        public var vocabularySize = 512
        /// Coq processes.
        public var processes = 2

        /// Settings of the model in `Models/prover-mini`.
        public init() {
            iteration.statementsPerLevel = 120
            iteration.retries = 60
            iteration.startLevels = 3
            iteration.explorationRollouts = 5
            iteration.cutsPerProof = 2
            iteration.epochs = 8
            iteration.heldOutPerLevel = 30
            policy.learningRate = 3e-3
            policy.maximumSteps = 600
        }
    }

    /// Its name.
    public static let name = "prover-mini"
    /// Its field.
    public static let field = RecipeField.proving
    /// The papers whose loop it follows.
    public static let paper = "Xin et al. 2024, DeepSeek-Prover and DeepSeek-Prover-V1.5, arXiv:2405.14333, 2408.08152"
    /// What it does.
    public static let summary = "a policy that learns to prove from Coq's verdicts alone"
    /// How long the default settings take.
    public static let expectedTime = "40 min on 2 cores"

    /// One round on a handful of statements.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.iteration.rounds = 1
        configuration.iteration.statementsPerLevel = 3
        configuration.iteration.startLevels = 1
        configuration.iteration.levelFloor = 4
        configuration.iteration.explorationRollouts = 2
        configuration.iteration.epochs = 1
        configuration.iteration.heldOutPerLevel = 1
        configuration.iteration.evaluationSamples = 2
        configuration.network.width = 32
        configuration.network.layerCount = 1
        configuration.network.headCount = 2
        configuration.network.keyValueHeadCount = 1
        configuration.network.feedForwardWidth = 64
        configuration.policy.maximumTokens = 16
        return configuration
    }

    /// The last round is better than the untrained policy and than the first round, in every seed.
    public static let claims = [
        Claim("gain over untrained", .above(0), scope: .every),
        Claim("gain over round 1", .above(0), scope: .every),
    ]

    /// Nothing to set up.
    public init() {}

    /// Runs all rounds, and leaves the policy in the run folder's `model`.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; every unit of work is kept in its `iteration` folder, so that a killed run goes on.
    /// - Returns: pass rates on held-out statements, by round and level, and the gains that the claims speak of.
    /// - Throws: `ProofAssistantError` where Coq is missing, or what stops the work.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        setIntraOpThreads(1)
        var options = configuration.iteration
        options.seed = context.seed
        let tokenizer = DecoderPolicy.tokenizer(
            vocabularySize: configuration.vocabularySize, track: options.track, seed: context.seed)
        let untrained = DecoderPolicy(
            tokenizer: tokenizer, configuration: configuration.network, seed: context.seed,
            options: configuration.policy)
        var coqOptions = CoqOptions()
        coqOptions.processes = configuration.processes
        let coq = Coq(coqOptions)
        try await coq.selfTest()
        let progress = context.progress("rounds", total: options.rounds)
        let folder = context.run.folder
        let iteration = ExpertIteration<DecoderPolicy>(
            options: options, assistant: coq, folder: folder.appendingPathComponent("iteration").path)
        let outcome: (model: DecoderPolicy, records: [RoundRecord])
        do {
            outcome = try await iteration.run(from: untrained) { record in
                try context.run.log(record.metrics, step: record.round)
                progress.update(record.round, note: Self.note(record))
            }
        } catch {
            await coq.shutDown()
            throw error
        }
        progress.finish()
        await coq.shutDown()
        try outcome.model.save(to: folder.appendingPathComponent("model").path)
        return Self.results(outcome.records)
    }

    private static func note(_ record: RoundRecord) -> String {
        let metrics = record.metrics
        let shown = metrics.filter { $0.key.hasPrefix("pass@") && !$0.key.contains("/") }.sorted { $0.key < $1.key }
        return shown.map { "\($0.key) \(String(format: "%.2f", $0.value))" }.joined(separator: ", ")
    }

    private static func results(_ records: [RoundRecord]) -> [String: Double] {
        var results: [String: Double] = [:]
        for record in records {
            for (name, value) in record.metrics where name.hasPrefix("pass@") {
                results["round \(record.round) \(name)"] = value
            }
        }
        func rate(_ record: RoundRecord?) -> Double { record?.metrics["pass@1"] ?? 0 }
        results["gain over untrained"] = rate(records.last) - rate(records.first)
        results["gain over round 1"] = rate(records.last) - rate(records.dropFirst().first)
        return results
    }
}
