import Foundation
import Randomness
import Testing

@testable import LanguageModels

@Suite struct TokenDataTests {
    @Test func `a batch shifts, pads and masks`() {
        let examples = [
            TokenExample(prompt: [5, 6], completion: [7, 8]),
            TokenExample(tokens: [9, 10], lossMask: [true, true]),
        ]
        let batch = TokenBatch(examples, padding: 3)
        #expect(batch.count == 2)
        #expect(batch.length == 3)
        #expect(batch.inputs == [5, 6, 7, 9, 3, 3])
        #expect(batch.targets == [6, 7, 8, 10, 3, 3])
        #expect(batch.weights == [0, 1, 1, 1, 0, 0])
        #expect(batch.scoredCount == examples[0].scoredCount + examples[1].scoredCount)
        let cut = TokenBatch(examples, maximumLength: 1)
        #expect(cut.inputs == [5, 9])
        #expect(cut.targets == [6, 10])
        #expect(cut.scoredCount == 1)
    }

    @Test func `rows of joined examples keep order and masks`() {
        let examples = [3, 4, 2, 12, 5].enumerated().map { index, count in
            TokenExample(tokens: Array(repeating: index, count: count), lossMask: Array(repeating: true, count: count))
        }
        let rows = TokenExample.concatenated(examples, length: 9)
        #expect(
            rows.map(\.tokens) == [
                [0, 0, 0, 1, 1, 1, 1, 2, 2], Array(repeating: 3, count: 9), Array(repeating: 4, count: 5),
            ])
        #expect(rows[0].lossMask == [false, true, true, false, true, true, true, false, true])
        #expect(TokenExample.concatenated([], length: 4).isEmpty)
    }

    @Test(arguments: [nil, 40]) func `an epoch holds every example once and respects the limits`(tokens: Int?) {
        var generator = SplittableGenerator(seed: 3)
        let lengths = (0..<103).map { _ in generator.integer(in: 2..<30) }
        let options = BatchSchedule.Options(batchSize: 4, maximumTokens: tokens, sortingWindow: 5)
        var schedule = BatchSchedule(lengths: lengths, options: options, generator: generator)
        for epoch in 0..<3 {
            #expect(schedule.position == .init(epoch: epoch))
            let batches = (0..<schedule.batchesInEpoch).map { _ in schedule.next() }
            #expect(batches.flatMap { $0 }.sorted() == Array(0..<103))
            for batch in batches {
                let longest = batch.map { lengths[$0] }.max() ?? 0
                #expect(batch.count <= 4)
                #expect(batch.count * longest <= tokens ?? .max)
            }
        }
    }

    @Test func `batches hold similar lengths and epochs differ`() {
        var generator = SplittableGenerator(seed: 4)
        let lengths = (0..<512).map { _ in generator.integer(in: 2..<200) }
        func padding(window: Int) -> Double {
            let options = BatchSchedule.Options(batchSize: 8, sortingWindow: window)
            var schedule = BatchSchedule(lengths: lengths, options: options, generator: generator)
            let batches = (0..<64).map { _ in schedule.next().map { lengths[$0] } }
            let padded = batches.map { ($0.max() ?? 0) * $0.count }.reduce(0, +)
            return Double(padded) / Double(lengths.reduce(0, +)) - 1
        }
        #expect(padding(window: 16) < 0.15)
        #expect(padding(window: 1) > 0.4)
        var schedule = BatchSchedule(lengths: lengths, options: .init(batchSize: 8), generator: generator)
        let first = (0..<64).map { _ in schedule.next() }
        let second = (0..<64).map { _ in schedule.next() }
        #expect(first != second)
    }

    @Test(arguments: [0, 1, 12, 25, 26, 27, 77]) func `a stored position goes on exactly`(steps: Int) throws {
        let lengths = (0..<103).map { 2 + $0 * 7 % 31 }
        let options = BatchSchedule.Options(batchSize: 4)
        let generator = SplittableGenerator(seed: 9)
        var schedule = BatchSchedule(lengths: lengths, options: options, generator: generator)
        for _ in 0..<steps { _ = schedule.next() }
        let stored = try JSONEncoder().encode(schedule.position)
        let position = try JSONDecoder().decode(BatchSchedule.Position.self, from: stored)
        var resumed = BatchSchedule(lengths: lengths, options: options, generator: generator, position: position)
        for _ in 0..<60 {
            #expect(resumed.next() == schedule.next())
            #expect(resumed.position == schedule.position)
        }
    }

    @Test func `an example of one token traps`() async {
        await #expect(processExitsWith: .failure) { _ = TokenExample(tokens: [1], lossMask: [true]) }
    }
}
