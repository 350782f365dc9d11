import Testing

@testable import Randomness

@Suite struct OrderTests {
    /// All 24 orders of four elements, n = 48000; Pearson's bound, false alarm rate 1e-6.
    @Test func everyOrderIsEquallyLikely() {
        var generator = SplittableGenerator(seed: 41)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<48000 { counts[generator.permutation(of: 4), default: 0] += 1 }
        #expect(counts.count == 24)
        let probabilities = Array(repeating: 1.0 / 24, count: 24)
        #expect(
            Statistics.chiSquare(Array(counts.values), probabilities) < Statistics.chiSquareBound(degreesOfFreedom: 23))
    }

    /// The memory-saving form draws what the first places of a full shuffle hold.
    @Test(arguments: [(0, 0), (0, 5), (1, 1), (3, 5), (5, 5), (50, 60), (10, 100_000)])
    func samplesAreTheBeginningOfAShuffle(count: Int, population: Int) {
        for seed in UInt64(0)..<5 {
            var generator = SplittableGenerator(seed: seed)
            var other = generator
            let sample = generator.sample(count, outOf: population)
            #expect(sample == Array(other.permutation(of: population).prefix(count)))
            #expect(Set(sample).count == count)
        }
    }

    @Test func enormousPopulation() {
        var generator = SplittableGenerator(seed: 42)
        let sample = generator.sample(1000, outOf: .max)
        #expect(Set(sample).count == 1000)
    }

    @Test func slicesAreShuffledInPlace() {
        var generator = SplittableGenerator(seed: 43)
        var numbers = Array(0..<20)
        generator.shuffle(&numbers[5..<15])
        #expect(Array(numbers[..<5]) == Array(0..<5))
        #expect(Array(numbers[15...]) == Array(15..<20))
        #expect(numbers.sorted() == Array(0..<20))
        #expect(numbers != Array(0..<20))
        #expect(generator.shuffled("abc").count == 3)
    }

    /// n = 30000; Pearson's bound, false alarm rate 1e-6.
    @Test func elements() {
        var generator = SplittableGenerator(seed: 44)
        let none: Int? = generator.element(of: [])
        #expect(none == nil)
        var counts = [0, 0, 0]
        for _ in 0..<30000 {
            if let element = generator.element(of: 4...6) { counts[element - 4] += 1 }
        }
        #expect(Statistics.chiSquare(counts, [1 / 3, 1 / 3, 1 / 3]) < Statistics.chiSquareBound(degreesOfFreedom: 2))
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.sample(3, outOf: 2)
        }
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.permutation(of: -1)
        }
    }
}
