import Foundation
import Testing

@testable import Randomness

@Suite struct MersenneTwisterTests {
    @Test func wordsEqualTheStandardLibrarys() throws {
        for row in try Golden.load().twisters {
            let seed = try #require(UInt64(row.seed))
            var small = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
            var large = MersenneTwister64(seed: seed)
            let smallWords = (0..<10000).map { _ in small.nextHalf() }
            let largeWords = (0..<10000).map { _ in large.next() }
            #expect(row.calls.map { String(smallWords[$0 - 1]) } == row.small)
            #expect(row.calls.map { String(largeWords[$0 - 1]) } == row.large)
        }
    }

    /// The C++ standard, [rand.predef], names the 10000th draw of both default generators.
    @Test func tenThousandthDraw() {
        var small = MersenneTwister()
        var large = MersenneTwister64()
        for _ in 0..<9999 {
            _ = small.nextHalf()
            _ = large.next()
        }
        #expect(small.nextHalf() == 4_123_659_995)
        #expect(large.next() == 9_981_545_732_273_789_042)
    }

    @Test func longWordHoldsTheFirstHalfHigh() throws {
        var generator = MersenneTwister()
        let expected = try Golden.load().twisterLongWords
        #expect(expected.map { _ in String(generator.next()) } == expected)
    }

    @Test func storedAndRestored() throws {
        var small = MersenneTwister(seed: 3)
        var large = MersenneTwister64(seed: 3)
        for _ in 0..<1000 {
            _ = small.next()
            _ = large.next()
        }
        let smallCopy = try JSONDecoder().decode(MersenneTwister.self, from: JSONEncoder().encode(small))
        let largeCopy = try JSONDecoder().decode(MersenneTwister64.self, from: JSONEncoder().encode(large))
        #expect(smallCopy == small)
        #expect(largeCopy == large)
    }

    @Test(arguments: [#"{"words":[1,2],"position":0}"#, #"{"position":0}"#, "[]"])
    func brokenStoreIsRefused(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(MersenneTwister.self, from: Data(text.utf8))
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(MersenneTwister64.self, from: Data(text.utf8))
        }
    }

    @Test func positionOutOfRangeIsRefused() throws {
        let words = Array(repeating: "1", count: 624).joined(separator: ",")
        let text = #"{"words":[\#(words)],"position":625}"#
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(MersenneTwister.self, from: Data(text.utf8))
        }
    }
}
