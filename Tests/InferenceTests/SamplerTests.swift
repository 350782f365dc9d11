import LanguageModels
import Randomness
import Tensors
import Testing

@testable import Inference

@Suite struct SamplerTests {
    private let model = SmallDecoders.model()
    private let options = SamplingOptions(maximumTokens: 20, stopTokens: [0, 5])

    /// The completion as the definition says: the whole sequence is read anew for each token.
    private func reference(
        _ model: DecoderModel, prompt: [Int], generator: SplittableGenerator, options: SamplingOptions
    ) -> Completion {
        var generator = generator
        var completion = Completion(tokens: [], logProbabilities: [], ending: .maximumTokens)
        while completion.tokens.count < options.maximumTokens {
            let tokens = prompt + completion.tokens
            if tokens.count == model.configuration.contextLength {
                completion.ending = .contextLength
                break
            }
            var logits = model(Tensor(tokens, shape: [1, tokens.count]))[0, -1].array(of: Double.self)
            for token in options.forbiddenTokens { logits[token] = -.infinity }
            let logarithms = Tensor(logits).logSoftmax().array(of: Float.self)
            let weights = (Tensor(logits) / (options.temperature == 0 ? 1 : options.temperature)).softmax()
                .array(of: Float.self)
            let uniform = options.temperature == 0 ? 0 : generator.uniform()
            let token = weights.withUnsafeBufferPointer {
                options.temperature == 0
                    ? NucleusChoice.greatest(of: $0)
                    : NucleusChoice.choose(from: $0, topProbability: options.topProbability, uniform: uniform)
            }
            completion.tokens.append(token)
            completion.logProbabilities.append(logarithms[token])
            if options.stopTokens.contains(token) {
                completion.ending = .stopToken
                break
            }
        }
        return completion
    }

    private func expectEqual(_ found: Completion, _ expected: Completion) {
        #expect(found.tokens == expected.tokens)
        #expect(found.ending == expected.ending)
        for (first, second) in zip(found.logProbabilities, expected.logProbabilities) {
            #expect(abs(first - second) < 1e-5)
        }
    }

    @Test(arguments: [
        SamplingOptions(maximumTokens: 12),
        SamplingOptions(temperature: 0.7, maximumTokens: 12, stopTokens: [3]),
        SamplingOptions(topProbability: 0.8, maximumTokens: 12, stopTokens: [1, 2], forbiddenTokens: [0, 4]),
        SamplingOptions(temperature: 0, maximumTokens: 12),
    ])
    func `completions equal the definition`(options: SamplingOptions) {
        let requests = [(3, 1), (9, 2), (1, 3)].map { length, seed in
            SamplingRequest(
                prompt: SmallDecoders.prompt(length, seed: UInt64(seed)), count: 4,
                generator: SplittableGenerator(seed: UInt64(seed)))
        }
        let found = Sampler(model, batchSize: 5).sample(requests, options: options)
        for (request, completions) in zip(requests, found) {
            #expect(completions.count == 4)
            for (generator, completion) in zip(request.generators, completions) {
                let expected = reference(model, prompt: request.prompt, generator: generator, options: options)
                expectEqual(completion, expected)
            }
        }
    }

    @Test(arguments: [1, 2, 7, 64]) func `the batch size changes nothing`(batchSize: Int) {
        let requests = (0..<9).map { index in
            SamplingRequest(
                prompt: SmallDecoders.prompt(1 + index * 3, seed: UInt64(index)), count: index % 4,
                generator: SplittableGenerator(seed: UInt64(100 + index)))
        }
        let together = Sampler(model, batchSize: batchSize).sample(requests, options: options)
        for (request, completions) in zip(requests, together) {
            for (place, completion) in completions.enumerated() {
                let single = SamplingRequest(prompt: request.prompt, generators: [request.generators[place]])
                let alone = Sampler(model, batchSize: 1).sample([single], options: options)[0][0]
                expectEqual(completion, alone)
            }
        }
        let endings = together.flatMap { $0 }.map(\.ending)
        #expect(endings.contains(.stopToken))
    }

    @Test func `more completions than the cache has slots`() {
        // 200 short completions through 3 rows: rows are taken over and the cache moves several times.
        let request = SamplingRequest(prompt: [1, 2, 3], count: 200, generator: SplittableGenerator(seed: 8))
        let found = Sampler(model, batchSize: 3).sample([request], options: options)[0]
        let expected = Sampler(model, batchSize: 200).sample([request], options: options)[0]
        #expect(found.map(\.tokens) == expected.map(\.tokens))
        #expect(Set(found.map(\.tokens)).count > 20)
    }

    @Test func `prompts at the end of the context`() {
        let generator = SplittableGenerator(seed: 1)
        let requests = [38, 39, 40, 41].map { length in
            SamplingRequest(prompt: SmallDecoders.prompt(length, seed: 7), count: 2, generator: generator)
        }
        let found = Sampler(model).sample(requests, options: SamplingOptions(maximumTokens: 10))
        #expect(found.map { $0.map(\.tokens.count) } == [[2, 2], [1, 1], [0, 0], [0, 0]])
        #expect(found.flatMap { $0 }.allSatisfy { $0.ending == .contextLength })
        #expect(Sampler(model).sample([], options: options).isEmpty)
    }

    @Test func `log-probabilities are those of the model`() {
        let request = SamplingRequest(prompt: [1, 2, 3], count: 6, generator: SplittableGenerator(seed: 2))
        let cold = SamplingOptions(temperature: 0.5, topProbability: 0.9, maximumTokens: 10)
        for completion in Sampler(model).sample([request], options: cold)[0] {
            let batch = TokenBatch([TokenExample(prompt: request.prompt, completion: completion.tokens)])
            let expected = model.logProbabilities(batch).sum().item()
            #expect(abs(completion.totalLogProbability - expected) < 1e-5)
        }
    }

    @Test func `finished completions are told one by one`() {
        let requests = (0..<3).map {
            SamplingRequest(prompt: [$0 + 1], count: 5, generator: SplittableGenerator(seed: UInt64($0)))
        }
        var told: [[Completion?]] = Array(repeating: Array(repeating: nil, count: 5), count: 3)
        let found = Sampler(model, batchSize: 4).sample(requests, options: options) { request, index, completion in
            #expect(told[request][index] == nil)
            told[request][index] = completion
        }
        #expect(told == found.map { $0.map(Optional.some) })
    }

    @Test func `frequencies of the first token are the model's`() {
        let request = SamplingRequest(prompt: [4, 2], count: 4000, generator: SplittableGenerator(seed: 11))
        let found = Sampler(model, batchSize: 64).sample([request], options: SamplingOptions(maximumTokens: 1))[0]
        let probabilities = model(Tensor([4, 2], shape: [1, 2]))[0, -1].softmax().array(of: Double.self)
        for (token, probability) in probabilities.enumerated() {
            let count = Double(found.count { $0.tokens == [token] })
            // Six standard deviations of a binomial count, false alarm below 1e-8 for each of 13 comparisons.
            #expect(abs(count - 4000 * probability) <= 6 * (4000 * probability * (1 - probability)).squareRoot())
        }
    }

    @Test func `sampling records no graph`() {
        let tracked = SmallDecoders.model()
        let gradient = grad(at: tracked) { model in
            _ = Sampler(model).sample([SamplingRequest(prompt: [1], count: 2, generator: .init(seed: 1))])
            return model(Tensor([1, 2], shape: [1, 2])).sum()
        }
        let expected = grad(at: tracked) { $0(Tensor([1, 2], shape: [1, 2])).sum() }
        for (first, second) in zip(gradient.tensors, expected.tensors) {
            #expect(SmallDecoders.distance(first, second) == 0)
        }
    }

    @Test func `an empty prompt and a strange token trap`() async {
        await #expect(processExitsWith: .failure) {
            let request = SamplingRequest(prompt: [], count: 1, generator: SplittableGenerator(seed: 1))
            _ = Sampler(SmallDecoders.model()).sample([request])
        }
        await #expect(processExitsWith: .failure) {
            let request = SamplingRequest(prompt: [13], count: 1, generator: SplittableGenerator(seed: 1))
            _ = Sampler(SmallDecoders.model()).sample([request])
        }
    }
}
