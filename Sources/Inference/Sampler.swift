public import LanguageModels
import Randomness
import Tensors

/// Draws completions of prompts from a decoder, many at a time, with a cache of keys and values.
///
/// A prompt is read once for all its completions. Completions of different prompts and lengths run side by side; as
/// soon as one ends, the next waiting one takes its row, and when none waits the batch shrinks. What a completion is
/// depends on its prompt, its generator, the model and the options alone, not on the batch it ran in, up to rounding:
/// libtorch's matrix products may differ in the last bits between batch sizes, which changes a draw only if it falls
/// that close to a border. No gradient graph is recorded.
///
/// ```swift
/// let sampler = Sampler(model)
/// let request = SamplingRequest(prompt: tokens, count: 32, generator: SplittableGenerator(seed: 7))
/// let completions = sampler.sample([request], options: SamplingOptions(stopTokens: [end]))[0]
/// ```
public struct Sampler: Sendable {
    /// Most completions that run side by side.
    public let batchSize: Int
    private let network: DecodingNetwork

    /// A sampler of a model's present parameters; later changes of the model don't reach it.
    ///
    /// - Parameters:
    ///   - model: the decoder.
    ///   - batchSize: most completions that run side by side, at least 1.
    public init(_ model: DecoderModel, batchSize: Int = 32) {
        precondition(batchSize >= 1, "batchSize must be at least 1, not \(batchSize)")
        self.batchSize = batchSize
        network = withoutGradients { DecodingNetwork(model) }
    }

    /// Draws every completion that is asked for.
    ///
    /// A prompt that fills the context gets empty completions that ended with the context.
    ///
    /// - Parameters:
    ///   - requests: prompts of at least one token, all in the vocabulary; else it traps.
    ///   - options: how tokens are drawn.
    ///   - onCompletion: is told each completion as soon as it ends, with the indices of request and completion, so that
    ///     work on it can begin.
    /// - Returns: for each request one completion a generator, in their order.
    /// - Complexity: one pass over the model for each prompt and for each token of the longest completions.
    public func sample(
        _ requests: [SamplingRequest], options: SamplingOptions = SamplingOptions(),
        onCompletion: (_ request: Int, _ completion: Int, Completion) -> Void = { _, _, _ in }
    ) -> [[Completion]] {
        options.check(vocabularySize: network.configuration.vocabularySize)
        for request in requests { check(request.prompt) }
        return withoutGradients {
            var run = SamplingRun(network, requests: requests, options: options, batchSize: batchSize)
            while let finished = run.advance() {
                for (request, index, completion) in finished { onCompletion(request, index, completion) }
            }
            return run.completions
        }
    }

    private func check(_ prompt: [Int]) {
        precondition(!prompt.isEmpty, "a prompt needs at least one token")
        let vocabulary = 0..<network.configuration.vocabularySize
        for token in prompt {
            precondition(
                vocabulary.contains(token), "token \(token) of a prompt is outside the vocabulary \(vocabulary)")
        }
    }
}
