/// A seeded stream of random words that can be split into independent streams.
///
/// A counter-based generator: word `i` of a stream is a keyed bijection of the counter `i`, so two generators with
/// different keys are independent streams, and a state is five words that can be stored and compared. Splitting and
/// folding derive new 128-bit keys from counters that the stream of words never uses, so no number is used twice.
///
/// A value: a copy continues on its own and yields the same words as the original. Every part of Ludus that needs
/// random numbers takes a generator or a seed; there is no global one.
///
/// ```swift
/// var generator = SplittableGenerator(seed: 7)
/// let dropout = generator.split()              // a new independent stream; `generator` moves on
/// let worker = generator.folding(in: 3)        // the stream of worker 3; `generator` stays as it is
/// ```
///
/// Source: Threefry-2x64 with 20 rounds, Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011; keys are split as in Claessen and Pałka, "Splittable pseudorandom number generators using cryptographic
/// hashing", Haskell 2013.
public struct SplittableGenerator: RandomNumberGenerator, Hashable, Codable, Sendable {
    /// What a counter is used for: the second word of the counter, so that the uses cannot meet.
    private enum Purpose: UInt64 { case words = 0, splitting, folding }

    private let key: SIMD2<UInt64>
    private var blocks: UInt64 = 0
    private var splits: UInt64 = 0
    private var spare: UInt64?

    /// Creates the stream of a seed.
    ///
    /// - Parameter seed: any number; different seeds give independent streams.
    public init(seed: UInt64) {
        key = [seed, 0]
    }

    private init(key: SIMD2<UInt64>) {
        self.key = key
    }

    /// The next 64 random bits.
    ///
    /// - Complexity: O(1); 20 rounds for every second word.
    public mutating func next() -> UInt64 {
        if let word = spare {
            spare = nil
            return word
        }
        let block = Threefry.block(key: key, counter: [blocks, Purpose.words.rawValue])
        blocks &+= 1
        spare = block[1]
        return block[0]
    }

    /// Takes an independent stream out of this one; each call gives another.
    ///
    /// Words drawn from this generator do not change what its splits are, and splits do not change its words.
    public mutating func split() -> SplittableGenerator {
        let child = Threefry.block(key: key, counter: [splits, Purpose.splitting.rawValue])
        splits &+= 1
        return SplittableGenerator(key: child)
    }

    /// Takes several independent streams out of this one.
    ///
    /// - Parameter count: how many, at least 0.
    /// - Returns: `count` generators, the same as `count` calls of ``split()`` give.
    public mutating func split(into count: Int) -> [SplittableGenerator] {
        precondition(count >= 0, "SplittableGenerator.split(into:): \(count) streams were asked for; ask for 0 or more")
        return (0..<count).map { _ in split() }
    }

    /// The independent stream that belongs to a number: a step, a worker, a position.
    ///
    /// Depends on the key alone, not on how many words or splits were taken before.
    ///
    /// - Parameter number: any number; different numbers give independent streams.
    /// - Returns: a new generator.
    public func folding(in number: UInt64) -> SplittableGenerator {
        SplittableGenerator(key: Threefry.block(key: key, counter: [number, Purpose.folding.rawValue]))
    }

    /// The independent stream that belongs to a name, such as that of a layer.
    ///
    /// - Parameter name: text; its UTF-8 is hashed to 64 bits (FNV-1a), so names meet only by a chance of 2⁻⁶⁴ a pair.
    /// - Returns: a new generator.
    public func folding(in name: String) -> SplittableGenerator {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return folding(in: hash)
    }
}
