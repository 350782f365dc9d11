/// MT19937, the same sequence as `std::mt19937` of C++ for the same seed.
///
/// Also the generator under Python's `random`, NumPy's `RandomState(seed)` and the CPU generator of libtorch.
///
/// Source: Matsumoto and Nishimura, "Mersenne twister", ACM TOMACS 8(1), 1998; seeding as of 2002.
public struct MersenneTwister: RandomNumberGenerator, Hashable, Codable, Sendable {
    @usableFromInline static var size: Int { 624 }
    private static var middle: Int { 397 }
    @usableFromInline var words: [UInt32]
    @usableFromInline var position: Int

    /// Creates the generator that `std::mt19937(seed)` creates.
    ///
    /// - Parameter seed: 5489 is the default of C++.
    public init(seed: UInt32 = 5489) {
        words = [seed]
        words.reserveCapacity(Self.size)
        for index in 1..<Self.size {
            let previous = words[index - 1]
            words.append(1_812_433_253 &* (previous ^ previous >> 30) &+ UInt32(index))
        }
        position = Self.size
    }

    /// The next 32 random bits; one call of `std::mt19937`.
    ///
    /// - Complexity: O(1) on average; every 624th call makes the next 624 words.
    @inlinable @inline(__always)
    public mutating func nextHalf() -> UInt32 {
        if position == Self.size { refill() }
        var word = words[position]
        position += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9d2c_5680
        word ^= (word << 15) & 0xefc6_0000
        return word ^ word >> 18
    }

    /// The next 64 random bits: two calls of `std::mt19937`, the first one is the high half, as in NumPy.
    public mutating func next() -> UInt64 {
        let high = UInt64(nextHalf())
        return high << 32 | UInt64(nextHalf())
    }

    @usableFromInline @inline(never)
    mutating func refill() {
        let rest = Self.size - Self.middle
        words.withUnsafeMutableBufferPointer { words in
            // Three runs instead of remainders, so that several words are made at once.
            for index in 0..<rest {
                words[index] = words[index &+ Self.middle] ^ Self.twisted(words[index], words[index &+ 1])
            }
            for index in rest..<(Self.size - 1) {
                words[index] = words[index &- rest] ^ Self.twisted(words[index], words[index &+ 1])
            }
            words[Self.size - 1] = words[Self.middle - 1] ^ Self.twisted(words[Self.size - 1], words[0])
        }
        position = 0
    }

    @inline(__always)
    private static func twisted(_ first: UInt32, _ second: UInt32) -> UInt32 {
        let joined = first & 0x8000_0000 | second & 0x7fff_ffff
        return joined &>> 1 ^ (0 &- (joined & 1)) & 0x9908_b0df
    }

    /// Reads a stored generator.
    ///
    /// - Parameter decoder: holds 624 words and a position from 0 to 624.
    /// - Throws: `DecodingError` for another count of words or position.
    public init(from decoder: any Decoder) throws {
        (words, position) = try MersenneTwisterState.decode(UInt32.self, count: Self.size, from: decoder)
    }

    /// Stores the generator.
    ///
    /// - Parameter encoder: receives 624 words and a position.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try MersenneTwisterState(words: words, position: position).encode(to: encoder)
    }
}

/// The stored form of both twisters.
struct MersenneTwisterState<Word: FixedWidthInteger & Codable>: Codable {
    let words: [Word]
    let position: Int
}

extension MersenneTwisterState {
    /// Reads words and a position and checks both.
    static func decode(_: Word.Type, count: Int, from decoder: any Decoder) throws -> ([Word], Int) {
        let state = try Self(from: decoder)
        guard state.words.count == count, (0...count).contains(state.position) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a Mersenne twister needs \(count) words and a position from 0 to \(count); "
                        + "there are \(state.words.count) words and position \(state.position)"))
        }
        return (state.words, state.position)
    }
}
