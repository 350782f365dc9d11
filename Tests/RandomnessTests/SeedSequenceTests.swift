import Testing

@testable import Randomness

@Suite struct SeedSequenceTests {
    @Test func wordsEqualNumPys() throws {
        for row in try Golden.load().seedSequences {
            let sequence = SeedSequence(entropy: row.entropy, spawnKey: row.spawnKey)
            #expect(sequence.words(row.words.count) == row.words)
            #expect(sequence.longWords(row.longWords.count).map(String.init) == row.longWords)
        }
    }

    @Test func aNumberIsItsWords() {
        #expect(SeedSequence(0) == SeedSequence(entropy: [0]))
        #expect(SeedSequence(1 << 32 + 5).entropy == [5, 1])
        #expect(SeedSequence(.max).entropy == [.max, .max])
    }

    @Test func spawnExtendsTheKey() {
        var parent = SeedSequence(7)
        let first = parent.spawn()
        let second = parent.spawn()
        #expect(first == SeedSequence(7, spawnKey: [0]))
        #expect(second == SeedSequence(7, spawnKey: [1]))
        #expect(parent.spawned == 2)
    }

    @Test func noEntropyTraps() async {
        await #expect(processExitsWith: .failure) { _ = SeedSequence(entropy: []) }
    }
}
