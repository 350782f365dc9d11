/// MT19937, the same sequence as `std::mt19937` of C++ for the same seed.
///
/// Also the generator under Python's `random`, NumPy's `RandomState(seed)` and the CPU generator of libtorch.
///
/// Source: Matsumoto and Nishimura, "Mersenne twister", ACM TOMACS 8(1), 1998; seeding as of 2002.
public struct MersenneTwister: RandomNumberGenerator, Hashable, Codable, Sendable {
    private static let size = 624
    private static let middle = 397
    private var words: [UInt32]
    private var position: Int

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

    private mutating func refill() {
        for index in 0..<Self.size {
            let joined = words[index] & 0x8000_0000 | words[(index + 1) % Self.size] & 0x7fff_ffff
            let twisted = joined >> 1 ^ (joined & 1 == 1 ? 0x9908_b0df : 0)
            words[index] = words[(index + Self.middle) % Self.size] ^ twisted
        }
        position = 0
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
