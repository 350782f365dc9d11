import Testing

@testable import Randomness

/// Gives words from a list, then traps.
struct ListedWords: RandomNumberGenerator {
    var words: [UInt64]
    mutating func next() -> UInt64 { words.removeFirst() }
}

@Suite struct UniformTests {
    @Test func extremesStayInside() {
        var lowest = ListedWords(words: [0])
        var highest = ListedWords(words: [.max])
        #expect(lowest.uniform() == 0)
        #expect(highest.uniform() == 1 - 0x1p-53)
        // The narrowest range: the highest word would round up to the bound and is drawn again.
        var narrow = ListedWords(words: [.max, 0])
        #expect(narrow.uniform(in: 1..<1.0.nextUp) == 1)
    }

    /// n = 100000; distribution bound, false alarm rate 1e-6.
    @Test func distributionOfUniform() {
        var generator = SplittableGenerator(seed: 11)
        let samples = (0..<100_000).map { _ in generator.uniform(in: -2..<3) }
        let distance = Statistics.distance(samples) { ($0 + 2) / 5 }
        #expect(distance < Statistics.distributionBound(samples: samples.count))
    }

    /// n = 60000 a bound; Pearson's bound, false alarm rate 1e-6.
    @Test(arguments: [2, 3, 7, 100])
    func distributionOfIntegers(bound: Int) {
        var generator = SplittableGenerator(seed: 12)
        var counts = Array(repeating: 0, count: bound)
        for _ in 0..<60000 { counts[generator.integer(below: bound)] += 1 }
        let probabilities = Array(repeating: 1 / Double(bound), count: bound)
        #expect(Statistics.chiSquare(counts, probabilities) < Statistics.chiSquareBound(degreesOfFreedom: bound - 1))
    }

    /// A bound for which a plain product is visibly uneven.
    ///
    /// For 3·2⁶¹ a plain multiplication would give the residues 0, 1, 2 modulo 3 the weights 3, 3, 2.
    /// n = 60000; Pearson's bound, false alarm rate 1e-6.
    @Test func hugeBoundHasNoBias() {
        var generator = SplittableGenerator(seed: 13)
        let third = 1 << 61
        var counts = [0, 0, 0]
        for _ in 0..<60000 { counts[generator.integer(below: 3 * third) % 3] += 1 }
        #expect(Statistics.chiSquare(counts, [1 / 3, 1 / 3, 1 / 3]) < Statistics.chiSquareBound(degreesOfFreedom: 2))
    }

    /// Words that would make the result uneven are drawn again: exactly those with a low product below 2⁶⁴ mod 3 = 1.
    @Test func unevenWordsAreRejected() {
        var generator = ListedWords(words: [0, 1])
        #expect(generator.integer(below: 3) == 0)
        #expect(generator.words.isEmpty)
    }

    @Test func integersInAnyRange() {
        var generator = SplittableGenerator(seed: 14)
        var seen: Set<Int> = []
        for _ in 0..<200 { seen.insert(generator.integer(in: -2..<3)) }
        #expect(seen == [-2, -1, 0, 1, 2])
        var lowest = ListedWords(words: [1])
        #expect(lowest.integer(in: .min ..< .max) == .min)
        var highest = ListedWords(words: [.max])
        #expect(highest.integer(in: .min ..< .max) == .max - 1)
    }

    /// n = 100000; 5 standard errors, false alarm rate 6e-7.
    @Test func bernoulli() {
        var generator = SplittableGenerator(seed: 15)
        let count = (0..<100_000).count { _ in generator.bernoulli(0.3) }
        let deviation = (100_000 * 0.3 * 0.7).squareRoot()
        #expect(abs(Double(count) - 30_000) < Statistics.deviations * deviation)
        #expect((0..<100).allSatisfy { _ in generator.bernoulli(1) && !generator.bernoulli(0) })
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.integer(below: 0)
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.uniform(in: 1..<1)
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.bernoulli(.nan)
        }
    }
}
