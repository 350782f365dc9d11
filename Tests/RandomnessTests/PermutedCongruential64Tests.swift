import Foundation
import Testing

@testable import Randomness

@Suite struct PermutedCongruential64Tests {
    @Test func drawsEqualNumPys() throws {
        for row in try Golden.load().permutedCongruential {
            let seed = try #require(UInt64(row.seed))
            let start = PermutedCongruential64(seed: seed)
            #expect(String(start.state, radix: 16) == row.state)
            #expect(String(start.increment, radix: 16) == row.increment)

            var generator = start
            #expect(row.words.map { _ in String(generator.next()) } == row.words)
            generator = start
            #expect(row.halves.map { _ in generator.nextHalf() } == row.halves)
            generator = start
            #expect(row.doubles.map { _ in generator.uniform() } == row.doubles)
            generator = start
            let bound = try #require(Int(row.integersBelow))
            #expect(row.integers.map { _ in String(generator.integer(below: bound)) } == row.integers)
        }
    }

    /// Two hundred thousand numbers a seed, so that all layers and the tail are in it.
    @Test func normalsEqualNumPys() throws {
        for row in try Golden.Normals.load() {
            var generator = PermutedCongruential64(seed: try #require(UInt64(row.seed)))
            var (numbers, bits) = ([Double](), UInt64(0))
            for index in 0..<row.count {
                let number = generator.standardNormal()
                bits ^= number.bitPattern
                if index < row.first.count { numbers.append(number) }
            }
            #expect(numbers == row.first)
            #expect(String(bits) == row.bits)
        }
    }

    @Test func advanceEqualsNumPysAndDrawing() throws {
        for row in try Golden.load().permutedCongruential {
            var generator = PermutedCongruential64(seed: try #require(UInt64(row.seed)))
            generator.advance(by: 1_000_000_000_000_000_000_000_000_000_000)
            #expect(row.advanced.map { _ in String(generator.next()) } == row.advanced)
        }
        var drawn = PermutedCongruential64(seed: 3)
        for _ in 0..<1000 { _ = drawn.next() }
        var moved = PermutedCongruential64(seed: 3)
        moved.advance(by: 1000)
        #expect(drawn == moved)
    }

    @Test func storedInTheMiddleOfAWord() throws {
        var generator = PermutedCongruential64(seed: 9)
        _ = generator.nextHalf()
        let data = try JSONEncoder().encode(generator)
        var restored = try JSONDecoder().decode(PermutedCongruential64.self, from: data)
        #expect(restored == generator)
        #expect((0..<9).map { _ in restored.nextHalf() } == (0..<9).map { _ in generator.nextHalf() })
    }

    @Test(arguments: [
        #"{"state":"xyz","increment":"1"}"#, #"{"state":"1","increment":"2"}"#, #"{"state":"1"}"#,
        #"{"state":"1ffffffffffffffffffffffffffffffff","increment":"1"}"#,
    ])
    func brokenStoreIsRefused(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PermutedCongruential64.self, from: Data(text.utf8))
        }
    }

    @Test func evenIncrementTraps() async {
        await #expect(processExitsWith: .failure) { _ = PermutedCongruential64(state: 1, increment: 2) }
    }
}
