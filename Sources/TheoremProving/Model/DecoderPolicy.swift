import Foundation
import Inference
public import LanguageModels
import Networks
import Optimizers
import Randomness
import RunRecords
import Tensors

/// A policy of our own: a small decoder-only transformer with its own tokenizer.
public struct DecoderPolicy: TrainableScriptModel {
    /// Name of the token that ends a completion.
    public static let endToken = "<end>"

    /// Text to tokens.
    public let tokenizer: Tokenizer
    /// The network.
    public let network: DecoderModel
    /// How it is trained and sampled.
    public let options: DecoderPolicyOptions

    private let end: Int
    private let sampler: Sampler

    /// A policy from its parts.
    ///
    /// - Precondition: the network's vocabulary is the tokenizer's, which has ``endToken``; violations trap.
    public init(tokenizer: Tokenizer, network: DecoderModel, options: DecoderPolicyOptions = DecoderPolicyOptions()) {
        guard let end = tokenizer.specialToken(Self.endToken) else {
            preconditionFailure("DecoderPolicy: the tokenizer has no token \(Self.endToken)")
        }
        precondition(
            network.configuration.vocabularySize == tokenizer.vocabularySize,
            "DecoderPolicy: the network knows \(network.configuration.vocabularySize) tokens, the tokenizer has "
                + "\(tokenizer.vocabularySize)")
        self.tokenizer = tokenizer
        self.network = network
        self.options = options
        self.end = end
        sampler = Sampler(network, batchSize: options.samplingBatch)
    }

    /// An untrained policy; its vocabulary is set to the tokenizer's.
    ///
    /// - Parameters:
    ///   - tokenizer: with ``endToken``.
    ///   - configuration: shape of the network.
    ///   - seed: decides the initial parameters.
    ///   - options: how it is trained and sampled.
    public init(
        tokenizer: Tokenizer, configuration: DecoderConfiguration = DecoderConfiguration(), seed: UInt64,
        options: DecoderPolicyOptions = DecoderPolicyOptions()
    ) {
        var shape = configuration
        shape.vocabularySize = tokenizer.vocabularySize
        let network = DecoderModel(shape, generator: TensorGenerator(seed: seed))
        self.init(tokenizer: tokenizer, network: network, options: options)
    }

    /// A tokenizer for statements, states and tactics, trained on generated ones.
    ///
    /// - Parameters:
    ///   - vocabularySize: tokens to aim at.
    ///   - track: tactics that it should know.
    ///   - seed: decides the statements.
    /// - Returns: a tokenizer with ``endToken``.
    public static func tokenizer(vocabularySize: Int = 512, track: TacticTrack, seed: UInt64) -> Tokenizer {
        let trainer = TokenizerTrainer(
            TokenizerTrainer.Options(vocabularySize: vocabularySize, specialTokens: [endToken]))
        return trainer.train(on: TokenizerCorpus.texts(track: track, seed: seed))
    }

    /// Continues each prompt until the end token or the length limit.
    ///
    /// A prompt that leaves no room in the context loses its beginning.
    ///
    /// - Parameter requests: at least one.
    /// - Returns: the texts behind the prompts, in order.
    /// - Throws: nothing.
    public func sample(_ requests: [SampleRequest]) async throws -> [String] {
        let room = max(1, network.configuration.contextLength - options.maximumTokens)
        var places: [String: Int] = [:]
        var joined: [SamplingRequest] = []
        var positions: [(request: Int, index: Int)] = []
        for request in requests {
            let place = places[request.prompt] ?? joined.count
            if place == joined.count {
                places[request.prompt] = place
                joined.append(
                    SamplingRequest(prompt: tokenizer.encode(request.prompt).suffix(room), generators: []))
            }
            positions.append((place, joined[place].generators.count))
            joined[place].generators.append(SplittableGenerator(seed: request.seed))
        }
        let completions = sampler.sample(
            joined,
            options: SamplingOptions(
                temperature: options.temperature, topProbability: options.topProbability,
                maximumTokens: options.maximumTokens, stopTokens: [end]))
        return positions.map { tokenizer.decode(completions[$0.request][$0.index].tokens) }
    }

    /// A policy fitted to examples by one pass of AdamW with warm-up and cosine decay.
    ///
    /// - Parameters:
    ///   - examples: in random order.
    ///   - seed: decides the batches.
    ///   - folder: not used; a killed call begins again and ends the same.
    /// - Returns: the new policy and the mean loss over the last tenth of the steps.
    /// - Throws: nothing.
    public func trained(
        on examples: [TrainingExample], seed: UInt64, folder: String
    ) async throws -> (model: DecoderPolicy, loss: Double) {
        let context = network.configuration.contextLength
        let encoded = examples.map(encoded).filter { $0.tokens.count <= context && $0.scoredCount > 0 }
        guard !encoded.isEmpty else { return (self, 0) }
        var schedule = BatchSchedule(
            lengths: encoded.map(\.tokens.count),
            options: BatchSchedule.Options(batchSize: options.batchSize, maximumTokens: options.batchTokens),
            generator: SplittableGenerator(seed: seed))
        let steps = min(schedule.batchesInEpoch, options.maximumSteps)
        let warmUp = max(1, Int(Double(steps) * options.warmUpShare))
        let rate = Schedule.cosine(
            from: options.learningRate, to: options.learningRate / 10, steps: max(1, steps - warmUp)
        ).warmedUp(steps: warmUp)
        let optimizer = AdamW(
            learningRate: .scheduled(rate), weightDecay: .constant(options.weightDecay), decayMask: .matrices,
            options: AdamOptions(firstMomentDecay: 0.9, secondMomentDecay: 0.95))
        let threads = intraOpThreads
        setIntraOpThreads(options.trainingThreads)
        defer { setIntraOpThreads(threads) }
        let trainer = FusedAdam(optimizer, model: network)
        var losses: [Double] = []
        for _ in 0..<steps {
            let batch = TokenBatch(schedule.next().map { encoded[$0] }, maximumLength: context)
            losses.append(trainer.learn(batch).loss)
        }
        let last = losses.suffix(max(1, steps / 10))
        let policy = DecoderPolicy(tokenizer: tokenizer, network: trainer.snapshot(), options: options)
        return (policy, last.reduce(0, +) / Double(last.count))
    }

    private func encoded(_ example: TrainingExample) -> TokenExample {
        TokenExample(
            prompt: tokenizer.encode(example.prompt), completion: tokenizer.encode(example.completion) + [end])
    }
}
