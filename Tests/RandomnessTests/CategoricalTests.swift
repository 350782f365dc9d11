import Foundation
import Testing

@testable import Randomness

@Suite struct CategoricalTests {
    private static let weights = [0.5, 0, 2, 1, 0.25, 0]

    private static var probabilities: [Double] {
        let positive = weights.filter { $0 > 0 }
        return positive.map { $0 / positive.reduce(0, +) }
    }

    private func check(_ draws: [Int]) {
        var counts = Array(repeating: 0, count: Self.weights.count)
        for draw in draws { counts[draw] += 1 }
        #expect(counts[1] == 0 && counts[5] == 0)
        let positive = [0, 2, 3, 4].map { counts[$0] }
        #expect(Statistics.chiSquare(positive, Self.probabilities) < Statistics.chiSquareBound(degreesOfFreedom: 3))
    }

    /// n = 60000 each; Pearson's bound, false alarm rate 1e-6.
    @Test func distributions() {
        var generator = SplittableGenerator(seed: 31)
        check((0..<60000).map { _ in generator.categorical(weights: Self.weights) })
        let prepared = CategoricalDistribution(weights: Self.weights)
        check((0..<60000).map { _ in prepared.sample(using: &generator) })
        let logits = Self.weights.map { Float(log($0)) + 40 }
        check((0..<60000).map { _ in generator.categorical(logits: logits) })
        let doubled = Self.weights.map { log($0) * 2 - 700 }
        check((0..<60000).map { _ in generator.categorical(logits: doubled, temperature: 2) })
    }

    @Test func bothFormsDrawAlike() {
        var first = SplittableGenerator(seed: 32)
        var second = first
        let weights = (1...50).map(Double.init)
        let prepared = CategoricalDistribution(weights: weights)
        for _ in 0..<1000 { #expect(first.categorical(weights: weights) == prepared.sample(using: &second)) }
    }

    @Test func temperatureZeroIsTheFirstGreatest() {
        var generator = ListedWords(words: [])
        #expect(generator.categorical(logits: [1.0, 3.0, 3.0, -.infinity], temperature: 0) == 1)
    }

    @Test func extremeWordsStayInside() {
        for words in [UInt64(0), .max] {
            var generator = ListedWords(words: [words, words, words])
            let expected = words == 0 ? 1 : 3
            #expect(generator.categorical(weights: [0, 0.1, 0.2, 0.3, 0]) == expected)
            let prepared = CategoricalDistribution(weights: [0, 0.1, 0.2, 0.3, 0])
            #expect(prepared.sample(using: &generator) == expected)
            let least = CategoricalDistribution(weights: [0, Double.leastNonzeroMagnitude, 0])
            #expect(least.sample(using: &generator) == 1)
        }
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.categorical(weights: [0, 0])
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.categorical(weights: [1, -1])
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.categorical(logits: [0, Double.nan])
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.categorical(logits: [-Double.infinity])
        }
        await #expect(processExitsWith: .failure) { _ = CategoricalDistribution(weights: []) }
    }
}
