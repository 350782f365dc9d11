import Foundation
import Testing

@testable import Randomness

@Suite struct ContinuousTests {
    /// n = 100000; distribution bound, false alarm rate 1e-6.
    @Test func distributionOfNormals() {
        var generator = SplittableGenerator(seed: 21)
        let single = (0..<100_000).map { _ in generator.normal(mean: 1, standardDeviation: 2) }
        let many = generator.normals(100_000, mean: 1, standardDeviation: 2)
        let bound = Statistics.distributionBound(samples: 100_000)
        for samples in [single, many] {
            #expect(Statistics.distance(samples) { erfc(-($0 - 1) / 2 / 2.0.squareRoot()) / 2 } < bound)
        }
    }

    /// n = 100000; the lag-one product has variance 1: 5 standard errors, false alarm rate 6e-7.
    @Test func neighboursAreUncorrelated() {
        var generator = SplittableGenerator(seed: 22)
        let samples = generator.normals(100_001)
        let sum = zip(samples, samples.dropFirst()).map(*).reduce(0, +)
        #expect(abs(sum) < Statistics.deviations * 100_000.0.squareRoot())
    }

    /// n = 100000; distribution bound, false alarm rate 1e-6.
    @Test func distributionOfExponentials() {
        var generator = SplittableGenerator(seed: 23)
        let samples = (0..<100_000).map { _ in generator.exponential(rate: 3) }
        let distance = Statistics.distance(samples) { -expm1(-3 * $0) }
        #expect(distance < Statistics.distributionBound(samples: samples.count))
    }

    @Test func extremeWordsGiveFiniteNumbers() {
        for words in [[UInt64.max, 0], [0, 0], [.max, .max]] {
            var generator = ListedWords(words: words)
            let value = generator.normal()
            #expect(value.isFinite && abs(value) < 8.6)
        }
        var highest = ListedWords(words: [.max])
        #expect(abs(highest.exponential() - 53 * log(2.0)) < 1e-12)
        var lowest = ListedWords(words: [0])
        #expect(lowest.exponential() == 0)
    }

    @Test func oddAndEvenCountsBeginAlike() {
        var first = SplittableGenerator(seed: 24)
        var second = first
        let three = first.normals(3)
        #expect(three.count == 3)
        #expect(Array(second.normals(4).prefix(3)) == three)
        #expect(first == second)
        #expect(first.normals(0).isEmpty)
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.normal(standardDeviation: -1)
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.exponential(rate: 0)
        }
    }
}
