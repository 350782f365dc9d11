import Networks
import Optimizers
import Randomness
import Tensors
import Testing

@testable import LanguageModels

@Suite struct TrainingTests {
    private let batch = TokenBatch([
        TokenExample(prompt: [1, 2, 3], completion: [4, 5, 6, 7]),
        TokenExample(prompt: [8], completion: [9, 10]),
    ])

    @Test func `the loss is the mean over the targets that count`() {
        let model = TinyDecoders.model()
        var sum = 0.0
        for (row, tokens) in [(0, [1, 2, 3, 4, 5, 6]), (1, [8, 9])] {
            let logarithms = model(Tensor(tokens, shape: [1, tokens.count])).logSoftmax(dimension: -1)
            for position in tokens.indices {
                let place = row * batch.length + position
                guard batch.weights[place] != 0 else { continue }
                sum -= logarithms[0, position, Int(batch.targets[place])].item()
            }
        }
        #expect(abs(model.loss(batch).item() - sum / 6) < 1e-12)
        let logarithms = model.logProbabilities(batch)
        #expect(logarithms.shape == [2, 6])
        #expect(abs(logarithms.sum().item() + sum) < 1e-11)
    }

    @Test(arguments: [AttentionKernel.fused, .composed], [true, false])
    func `gradients equal finite differences`(kernel: AttentionKernel, tied: Bool) {
        let model = TinyDecoders.model(TinyDecoders.configuration(tiesEmbedding: tied), kernel: kernel)
        let (_, gradient) = valueAndGrad(at: model) { $0.loss(batch) }
        // Central differences of a smooth function of size 1: error h² ≈ 1e-10 plus rounding 1e-16 / h ≈ 1e-11.
        let step = 1e-5
        let tolerance = 1e-8
        let tensors = model.tensors
        for (place, (parameter, slopes)) in zip(tensors, gradient.tensors).enumerated() {
            let numbers = parameter.array(of: Double.self)
            let expected = slopes.array(of: Double.self)
            // Every seventh element of matrices keeps the test quick; all elements of vectors.
            for index in stride(from: 0, to: numbers.count, by: parameter.rank == 2 ? 7 : 1) {
                func loss(_ change: Double) -> Double {
                    var changed = numbers
                    changed[index] += change
                    var replaced = tensors
                    replaced[place] = Tensor(changed, shape: parameter.shape)
                    return model.replacingTensors(with: replaced).loss(batch).item()
                }
                let slope = (loss(step) - loss(-step)) / (2 * step)
                #expect(abs(slope - expected[index]) < tolerance, "tensor \(place) element \(index)")
            }
        }
    }

    @Test func `padding has no influence on loss and gradient`() {
        let model = TinyDecoders.model()
        let short = TokenExample(prompt: [8], completion: [9, 10, 2])
        let silent = TokenExample(tokens: Array(repeating: 3, count: 20), lossMask: Array(repeating: false, count: 20))
        let (loss, gradient) = valueAndGrad(at: model) { $0.loss(TokenBatch([short])) }
        let (padded, paddedGradient) = valueAndGrad(at: model) { $0.loss(TokenBatch([short, silent], padding: 7)) }
        #expect(abs(loss.item() - padded.item()) < 1e-12)
        for (first, second) in zip(gradient.tensors, paddedGradient.tensors) {
            #expect(TinyDecoders.distance(first, second) < 1e-12)
        }
    }

    @Test func `a small model learns sentences by heart`() {
        // No sentence begins with the same token twice: rotary attention over equal vectors can't count them.
        let sentences = [[1, 5, 3, 8, 2, 9, 0], [4, 3, 7, 1, 10, 6, 6, 0], [2, 9, 9, 3, 0]]
        let batch = TokenBatch(sentences.map { TokenExample(tokens: $0, lossMask: $0.map { _ in true }) })
        let model = TinyDecoders.model(dtype: .float32)
        let trainer = FusedAdam(
            AdamW.deepSeek(learningRate: 1e-2, totalSteps: 200, warmUpSteps: 10), model: model)
        let first = trainer.learn(batch)
        #expect(first.scoredCount == 17)
        #expect(first.gradientNorm > 0)
        var last = first
        for _ in 1..<200 { last = trainer.learn(batch) }
        #expect(last.loss < 0.01 && first.loss > 1)
        let trained = trainer.snapshot()
        for sentence in sentences {
            // Greedy continuation of the first token gives the sentence back.
            var tokens = [sentence[0]]
            while tokens.count < sentence.count {
                let logits = trained(Tensor(tokens, shape: [1, tokens.count]))[0, -1]
                tokens.append(logits.argmax().integerItem())
            }
            #expect(tokens == sentence)
        }
    }

    @Test func `the same seed trains the same model`() {
        func train() -> [Double] {
            let trainer = FusedAdam(
                AdamW.deepSeek(learningRate: 1e-2, totalSteps: 5, warmUpSteps: 2), model: TinyDecoders.model())
            return (0..<5).map { _ in trainer.learn(batch).loss }
        }
        let losses = train()
        #expect(losses == train())
        #expect(losses[4] < losses[0])
    }

    @Test(arguments: [1, 4, 7]) func `a stopped run goes on exactly`(stop: Int) {
        let examples = (0..<10).map { index in
            TokenExample(prompt: [index], completion: (0...index % 4).map { ($0 * 3 + index) % 11 })
        }
        let optimizer = AdamW.deepSeek(learningRate: 1e-2, totalSteps: 9, warmUpSteps: 2)
        let lengths = examples.map(\.tokens.count)
        func run(
            _ trainer: FusedAdam<DecoderModel>, from position: BatchSchedule.Position, steps: Int
        ) -> (losses: [Double], position: BatchSchedule.Position) {
            var schedule = BatchSchedule(
                lengths: lengths, options: .init(batchSize: 3), generator: .init(seed: 6), position: position)
            let losses = (0..<steps).map { _ in trainer.learn(TokenBatch(schedule.next().map { examples[$0] })).loss }
            return (losses, schedule.position)
        }
        let whole = FusedAdam(optimizer, model: TinyDecoders.model(dtype: .float32))
        let expected = run(whole, from: .init(), steps: 9).losses
        let first = FusedAdam(optimizer, model: TinyDecoders.model(dtype: .float32))
        let (before, position) = run(first, from: .init(), steps: stop)
        let second = FusedAdam(optimizer, model: first.snapshot(), state: first.state())
        #expect(before + run(second, from: position, steps: 9 - stop).losses == expected)
        for (found, wanted) in zip(second.snapshot().tensors, whole.snapshot().tensors) {
            #expect(TinyDecoders.distance(found, wanted) == 0)
        }
    }

    @Test func `a batch without targets that count traps`() async {
        await #expect(processExitsWith: .failure) {
            let silent = TokenExample(tokens: [1, 2], lossMask: [false, false])
            _ = TinyDecoders.model().loss(TokenBatch([silent]))
        }
    }
}
