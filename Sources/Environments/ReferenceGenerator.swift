import Randomness

/// Random numbers as EnvPool or Gymnasium draw them: the state of an ``EnvironmentGenerator`` that isn't `fast`.
///
/// Beside the generator, so that those of the kind `fast` are small and many fit into a cache.
final class ReferenceGenerator: @unchecked Sendable, Codable {
    // Unchecked: written only through a generator that is known to be the only one that holds it, which is also why
    // accesses need no look at whether they overlap.

    /// The stored form.
    private enum State: Codable {
        case mersenne(MersenneTwister, spareNormal: Double?)
        case congruential(PermutedCongruential64)
    }

    // One of the two is there.
    /// EnvPool's; nil for Gymnasium's.
    @exclusivity(unchecked) private var twister: MersenneTwister?
    @exclusivity(unchecked) private var spareNormal: Double?
    /// Gymnasium's; nil for EnvPool's.
    @exclusivity(unchecked) private var congruential: PermutedCongruential64?

    init(_ twister: MersenneTwister) { self.twister = twister }
    init(_ congruential: PermutedCongruential64) { self.congruential = congruential }

    /// The same state once more.
    init(_ other: ReferenceGenerator) {
        twister = other.twister
        spareNormal = other.spareNormal
        congruential = other.congruential
    }

    init(from decoder: any Decoder) throws {
        switch try State(from: decoder) {
        case .mersenne(let twister, let spare): (self.twister, spareNormal) = (twister, spare)
        case .congruential(let generator): congruential = generator
        }
    }

    func encode(to encoder: any Encoder) throws {
        if let twister { try State.mersenne(twister, spareNormal: spareNormal).encode(to: encoder) }
        if let congruential { try State.congruential(congruential).encode(to: encoder) }
    }

    /// Whether it is EnvPool's.
    var isMersenne: Bool { twister != nil }

    /// A number drawn uniformly from `[0, 1)`.
    func unit() -> Double {
        twister == nil ? congruential?.uniform() ?? 0 : canonical()
    }

    /// An integer drawn uniformly from `0..<bound`, where the bound is from 1 to 2³².
    func integer(below bound: Int) -> Int {
        // NumPy draws nothing where there is only one value.
        if twister == nil { return bound == 1 ? 0 : Self.bounded(UInt64(bound)) { congruential?.nextHalf() ?? 0 } }
        return Self.bounded(UInt64(bound)) { twister?.nextHalf() ?? 0 }
    }

    /// A number drawn from a normal distribution.
    func normal(mean: Double, standardDeviation: Double) -> Double {
        if let number = congruential?.standardNormal() { return mean + standardDeviation * number }
        if let spareNormal {
            self.spareNormal = nil
            return spareNormal * standardDeviation + mean
        }
        let (first, second) = polar()
        spareNormal = second
        return first * standardDeviation + mean
    }

    /// Two normal numbers by Marsaglia's polar method, in the order of libstdc++: the second is kept for later.
    private func polar() -> (Double, Double) {
        var x = 0.0
        var y = 0.0
        var square = 0.0
        repeat {
            x = 2 * canonical() - 1
            y = 2 * canonical() - 1
            square = x * x + y * y
        } while square > 1 || square == 0
        let factor = Mathematics.squareRoot(-2 * Mathematics.logarithm(square) / square)
        return (y * factor, x * factor)
    }

    /// `std::generate_canonical<double, 53>` on MT19937: two words, the low one first.
    private func canonical() -> Double {
        let low = Double(twister?.nextHalf() ?? 0)
        let high = Double(twister?.nextHalf() ?? 0)
        let value = (low + high * 0x1p32) / 0x1p64
        return value < 1 ? value : 1.0.nextDown
    }

    /// Lemire's method on 32-bit words, as both libstdc++ and NumPy have it.
    @inline(__always)
    private static func bounded(_ bound: UInt64, _ word: () -> UInt32) -> Int {
        if bound == 1 << 32 { return Int(word()) }
        var product = UInt64(word()) &* bound
        if product & 0xffff_ffff < bound {
            let threshold = ((1 << 32) - bound) % bound
            while product & 0xffff_ffff < threshold { product = UInt64(word()) &* bound }
        }
        return Int(product >> 32)
    }
}
