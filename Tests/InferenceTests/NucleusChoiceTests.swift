import Randomness
import Testing

@testable import Inference

@Suite struct NucleusChoiceTests {
    /// The nucleus as the paper defines it, by sorting everything.
    private func nucleus(_ probabilities: [Float], _ topProbability: Double) -> Set<Int> {
        let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
        let total = probabilities.reduce(0) { $0 + Double($1) }
        var mass = 0.0
        var members: Set<Int> = []
        for index in order {
            members.insert(index)
            mass += Double(probabilities[index])
            if mass >= topProbability * total { break }
        }
        return members
    }

    private func randomRow(_ generator: inout SplittableGenerator, count: Int) -> [Float] {
        let weights = (0..<count).map { _ in
            Float(generator.exponential() * generator.exponential() * generator.uniform())
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    @Test(arguments: [0.05, 0.5, 0.9, 0.95, 0.999, 1.0]) func `frequencies are those of the nucleus`(top: Double) {
        var generator = SplittableGenerator(seed: 5)
        let row = randomRow(&generator, count: 12)
        let members = top < 1 ? nucleus(row, top) : Set(row.indices)
        let mass = members.reduce(0) { $0 + Double(row[$1]) }
        let draws = 40_000
        var counts = [Int](repeating: 0, count: row.count)
        for _ in 0..<draws {
            let uniform = generator.uniform()
            let token = row.withUnsafeBufferPointer {
                NucleusChoice.choose(from: $0, topProbability: top, uniform: uniform)
            }
            counts[token] += 1
        }
        for index in row.indices {
            let expected = members.contains(index) ? Double(row[index]) / mass : 0
            // Six standard deviations of a binomial count: false alarm below 1e-8 for each of the 72 comparisons.
            let bound = 6 * (expected * (1 - expected) * Double(draws)).squareRoot()
            #expect(abs(Double(counts[index]) - expected * Double(draws)) <= bound)
        }
    }

    @Test(arguments: 0..<50) func `every draw lies in the sorted nucleus`(seed: UInt64) {
        var generator = SplittableGenerator(seed: seed)
        let row = randomRow(&generator, count: 200)
        let top = 0.3 + 0.699 * generator.uniform()
        let members = nucleus(row, top)
        let drawn = row.withUnsafeBufferPointer { buffer in
            (0..<200).map { NucleusChoice.choose(from: buffer, topProbability: top, uniform: Double($0) / 200) }
        }
        #expect(members.isSuperset(of: drawn))
    }

    @Test func `borders of the unit interval pick the first and last token`() {
        let row: [Float] = [0, 0.25, 0.5, 0.25, 0]
        row.withUnsafeBufferPointer { buffer in
            #expect(NucleusChoice.choose(from: buffer, topProbability: 1, uniform: 0) == 1)
            #expect(NucleusChoice.choose(from: buffer, topProbability: 1, uniform: 0.25) == 2)
            #expect(NucleusChoice.choose(from: buffer, topProbability: 1, uniform: 1.0.nextDown) == 3)
            #expect(NucleusChoice.choose(from: buffer, topProbability: 0.4, uniform: 0.99) == 2)
            #expect(NucleusChoice.greatest(of: buffer) == 2)
        }
    }

    @Test func `the first of equal numbers is the greatest`() {
        let row: [Float] = [-1, 3, 3, -.infinity]
        row.withUnsafeBufferPointer { #expect(NucleusChoice.greatest(of: $0) == 1) }
    }
}
