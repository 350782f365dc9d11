import Foundation
import Testing

@testable import Randomness

@Suite struct SplittableGeneratorTests {
    /// The known answers for threefry2x64 with 20 rounds that come with Random123.
    @Test func blocksEqualTheKnownAnswers() {
        #expect(Threefry.block(key: [0, 0], counter: [0, 0]) == [0xc2b6_e3a8_c2c6_9865, 0x6f81_ed42_f350_084d])
        #expect(
            Threefry.block(key: [.max, .max], counter: [.max, .max])
                == [0xe02c_b7c4_d95d_277a, 0xd066_33d0_893b_8b68])
        #expect(
            Threefry.block(
                key: [0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89],
                counter: [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344])
                == [0x263c_7d30_bb0f_0af1, 0x56be_8361_d331_1526])
    }

    @Test func wordsAreTheBlocksInOrder() {
        var generator = SplittableGenerator(seed: 5)
        let expected = (UInt64(0)..<3).flatMap { counter in
            let block = Threefry.block(key: [5, 0], counter: [counter, 0])
            return [block[0], block[1]]
        }
        #expect((0..<6).map { _ in generator.next() } == expected)
    }

    @Test func copiesGoOnAlone() {
        var generator = SplittableGenerator(seed: 1)
        _ = generator.next()
        var copy = generator
        let words = (0..<5).map { _ in generator.next() }
        #expect((0..<5).map { _ in copy.next() } == words)
    }

    @Test func splitsDoNotDependOnDraws() {
        var quiet = SplittableGenerator(seed: 2)
        var busy = quiet
        for _ in 0..<17 { _ = busy.next() }
        #expect(quiet.split() == busy.split())
        #expect(quiet.split() == busy.split())
        #expect(quiet.folding(in: 3) == busy.folding(in: 3))
    }

    @Test func drawsDoNotDependOnSplits() {
        var quiet = SplittableGenerator(seed: 2)
        var split = quiet
        _ = split.split(into: 3)
        #expect((0..<5).map { _ in quiet.next() } == (0..<5).map { _ in split.next() })
    }

    @Test func splittingTogetherIsSplittingOneByOne() {
        var together = SplittableGenerator(seed: 4)
        var alone = together
        #expect(together.split(into: 3) == [alone.split(), alone.split(), alone.split()])
    }

    /// All words of a family of 400 related streams, 4 words each: a collision has probability 1e-13.
    @Test func relatedStreamsShareNoWord() {
        var generators: [SplittableGenerator] = []
        for seed in UInt64(0)..<20 {
            var parent = SplittableGenerator(seed: seed)
            generators.append(parent)
            generators += parent.split(into: 6)
            generators += (UInt64(0)..<6).map { parent.folding(in: $0) }
            var child = parent.split()
            generators += child.split(into: 3)
            generators += (UInt64(0)..<3).map { child.folding(in: $0) }
            generators.append(parent.folding(in: "name"))
        }
        var words: Set<UInt64> = []
        for index in generators.indices {
            for _ in 0..<4 { words.insert(generators[index].next()) }
        }
        #expect(words.count == generators.count * 4)
    }

    @Test func namesAreStable() {
        var layer = SplittableGenerator(seed: 0).folding(in: "layer")
        var other = SplittableGenerator(seed: 0).folding(in: "layer2")
        #expect(layer.next() != other.next())
        var empty = SplittableGenerator(seed: 0).folding(in: "")
        var offset = SplittableGenerator(seed: 0).folding(in: 0xcbf2_9ce4_8422_2325)
        #expect(empty.next() == offset.next())
    }

    @Test func storedInTheMiddleOfABlock() throws {
        var generator = SplittableGenerator(seed: .max)
        _ = generator.next()
        _ = generator.split()
        let data = try JSONEncoder().encode(generator)
        var restored = try JSONDecoder().decode(SplittableGenerator.self, from: data)
        #expect(restored == generator)
        #expect(restored.next() == generator.next())
        #expect(restored.split() == generator.split())
    }

    @Test func negativeSplitTraps() async {
        await #expect(processExitsWith: .failure) {
            var generator = SplittableGenerator(seed: 0)
            _ = generator.split(into: -1)
        }
    }
}
