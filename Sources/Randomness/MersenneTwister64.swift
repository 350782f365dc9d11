/// MT19937-64, the same sequence as `std::mt19937_64` of C++ for the same seed.
///
/// Source: Nishimura, "Tables of 64-bit Mersenne twisters", ACM TOMACS 10(4), 2000; Nishimura and Matsumoto 2004.
public struct MersenneTwister64: RandomNumberGenerator, Hashable, Codable, Sendable {
    private static let size = 312
    private static let middle = 156
    private var words: [UInt64]
    private var position: Int

    /// Creates the generator that `std::mt19937_64(seed)` creates.
    ///
    /// - Parameter seed: 5489 is the default of C++.
    public init(seed: UInt64 = 5489) {
        words = [seed]
        words.reserveCapacity(Self.size)
        for index in 1..<Self.size {
            let previous = words[index - 1]
            words.append(6_364_136_223_846_793_005 &* (previous ^ previous >> 62) &+ UInt64(index))
        }
        position = Self.size
    }

    /// The next 64 random bits; one call of `std::mt19937_64`.
    ///
    /// - Complexity: O(1) on average; every 312th call makes the next 312 words.
    public mutating func next() -> UInt64 {
        if position == Self.size { refill() }
        var word = words[position]
        position += 1
        word ^= (word >> 29) & 0x5555_5555_5555_5555
        word ^= (word << 17) & 0x71d6_7fff_eda6_0000
        word ^= (word << 37) & 0xfff7_eee0_0000_0000
        return word ^ word >> 43
    }

    private mutating func refill() {
        for index in 0..<Self.size {
            let joined = words[index] & 0xffff_ffff_8000_0000 | words[(index + 1) % Self.size] & 0x7fff_ffff
            let twisted = joined >> 1 ^ (joined & 1 == 1 ? 0xb502_6f5a_a966_19e9 : 0)
            words[index] = words[(index + Self.middle) % Self.size] ^ twisted
        }
        position = 0
    }

    /// Reads a stored generator.
    ///
    /// - Parameter decoder: holds 312 words and a position from 0 to 312.
    /// - Throws: `DecodingError` for another count of words or position.
    public init(from decoder: any Decoder) throws {
        (words, position) = try MersenneTwisterState.decode(UInt64.self, count: Self.size, from: decoder)
    }

    /// Stores the generator.
    ///
    /// - Parameter encoder: receives 312 words and a position.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try MersenneTwisterState(words: words, position: position).encode(to: encoder)
    }
}
