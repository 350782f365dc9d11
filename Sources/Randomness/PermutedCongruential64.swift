/// PCG64, the default generator of NumPy, bit for bit: a 128-bit linear congruence with an XSL-RR output.
///
/// `PermutedCongruential64(seed: 7).next()` is `numpy.random.PCG64(7).random_raw()`. With it, `uniform()` of this
/// module equals `numpy.random.default_rng(7).random()`, and `integer(below:)` equals `Generator.integers` for ranges
/// above 2³².
///
/// Source: O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for random number
/// generation", HMC-CS-2014-0905; `numpy/random/src/pcg64`.
public struct PermutedCongruential64: RandomNumberGenerator, Hashable, Sendable {
    /// Position in the sequence; `state["state"]["state"]` of NumPy.
    public private(set) var state: UInt128
    /// Odd constant that selects the sequence; `state["state"]["inc"]` of NumPy.
    public let increment: UInt128
    private var spare: UInt32?

    private static let multiplier: UInt128 = 2_549_297_995_355_413_924 << 64 | 4_865_540_595_714_422_341

    /// Creates the generator that NumPy creates from a seed.
    ///
    /// - Parameter seed: the entropy of the seed sequence.
    public init(seed: UInt64) {
        self.init(SeedSequence(seed))
    }

    /// Creates the generator that NumPy creates from a seed sequence.
    ///
    /// - Parameter sequence: four long words of it are the position and the sequence constant.
    public init(_ sequence: SeedSequence) {
        let words = sequence.longWords(4).map { UInt128($0) }
        increment = (words[2] << 64 | words[3]) << 1 | 1
        state = increment &+ (words[0] << 64 | words[1])
        step()
    }

    /// Continues from a state that NumPy printed.
    ///
    /// - Parameters:
    ///   - state: position, any value.
    ///   - increment: sequence constant, odd.
    public init(state: UInt128, increment: UInt128) {
        precondition(
            increment & 1 == 1, "PermutedCongruential64(state:increment:): the increment is even; it must be odd")
        self.state = state
        self.increment = increment
    }

    private mutating func step() {
        state = state &* Self.multiplier &+ increment
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        step()
        let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
        let rotation = UInt64(truncatingIfNeeded: state >> 122)
        return folded &>> rotation | folded &<< (64 &- rotation)
    }

    /// The next 32 random bits, as NumPy draws them: the low half of a word first, then its high half.
    public mutating func nextHalf() -> UInt32 {
        if let half = spare {
            spare = nil
            return half
        }
        let word = next()
        spare = UInt32(truncatingIfNeeded: word >> 32)
        return UInt32(truncatingIfNeeded: word)
    }

    /// Moves ahead as if words had been drawn, as `advance` in NumPy.
    ///
    /// - Parameter count: how many words are passed over; a kept half word is dropped.
    /// - Complexity: O(log count).
    public mutating func advance(by count: UInt128) {
        var multiplier = Self.multiplier
        var increment = self.increment
        var allMultiplier: UInt128 = 1
        var allIncrement: UInt128 = 0
        var rest = count
        while rest > 0 {
            if rest & 1 == 1 {
                allMultiplier = allMultiplier &* multiplier
                allIncrement = allIncrement &* multiplier &+ increment
            }
            increment = (multiplier &+ 1) &* increment
            multiplier = multiplier &* multiplier
            rest >>= 1
        }
        state = allMultiplier &* state &+ allIncrement
        spare = nil
    }
}

extension PermutedCongruential64: Codable {
    private enum CodingKeys: String, CodingKey { case state, increment, spare }

    /// Reads a stored generator: two hexadecimal numbers and the kept half word.
    ///
    /// - Parameter decoder: holds what ``encode(to:)`` wrote.
    /// - Throws: `DecodingError` for anything else than two numbers of which the second is odd.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> UInt128 {
            let text = try container.decode(String.self, forKey: key)
            guard let value = UInt128(text, radix: 16) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\"\(text)\" is not a hexadecimal 128-bit number")
            }
            return value
        }
        let increment = try number(.increment)
        guard increment & 1 == 1 else {
            throw DecodingError.dataCorruptedError(
                forKey: .increment, in: container, debugDescription: "the increment of PCG64 must be odd")
        }
        self.init(state: try number(.state), increment: increment)
        spare = try container.decodeIfPresent(UInt32.self, forKey: .spare)
    }

    /// Stores the generator: two hexadecimal numbers and the kept half word.
    ///
    /// - Parameter encoder: receives the three values.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(String(state, radix: 16), forKey: .state)
        try container.encode(String(increment, radix: 16), forKey: .increment)
        try container.encodeIfPresent(spare, forKey: .spare)
    }
}
