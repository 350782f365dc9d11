/// NumPy's way from a seed to the state of a generator, bit for bit.
///
/// Mixes the words of the entropy into a pool of four 32-bit words and draws as many words as a generator needs.
///
/// Source: `numpy.random.SeedSequence` (NumPy 1.17 and later), after O'Neill's `seed_seq_fe`.
public struct SeedSequence: Hashable, Codable, Sendable {
    /// The entropy as 32-bit words, least significant first; what NumPy calls `entropy`.
    public let entropy: [UInt32]
    /// The path of spawned children that leads here from the root sequence.
    public let spawnKey: [UInt32]
    /// How many children ``spawn()`` has given so far.
    public private(set) var spawned: UInt32 = 0

    /// Creates the sequence of a seed, as `SeedSequence(seed)` in NumPy.
    ///
    /// - Parameters:
    ///   - seed: the entropy.
    ///   - spawnKey: the path of a child; empty for the root.
    public init(_ seed: UInt64, spawnKey: [UInt32] = []) {
        let high = UInt32(truncatingIfNeeded: seed >> 32)
        let low = UInt32(truncatingIfNeeded: seed)
        self.init(entropy: high == 0 ? [low] : [low, high], spawnKey: spawnKey)
    }

    /// Creates a sequence from entropy of any length.
    ///
    /// - Parameters:
    ///   - entropy: at least one word, least significant first.
    ///   - spawnKey: the path of a child; empty for the root.
    public init(entropy: [UInt32], spawnKey: [UInt32] = []) {
        precondition(!entropy.isEmpty, "SeedSequence(entropy:): there is no entropy; give at least one word")
        self.entropy = entropy
        self.spawnKey = spawnKey
    }

    /// Takes an independent child, as `spawn(1)[0]` in NumPy; each call gives another.
    public mutating func spawn() -> SeedSequence {
        let child = SeedSequence(entropy: entropy, spawnKey: spawnKey + [spawned])
        spawned += 1
        return child
    }

    /// Words for the state of a generator, as `generate_state(count, uint32)`.
    ///
    /// - Parameter count: how many words, at least 0.
    /// - Returns: `count` words.
    public func words(_ count: Int) -> [UInt32] {
        precondition(count >= 0, "SeedSequence.words: \(count) words were asked for; ask for 0 or more")
        let pool = self.pool
        var constant: UInt32 = 0x8b51_f9dd
        return (0..<count).map { index in
            var word = pool[index % pool.count] ^ constant
            constant = constant &* 0x58f3_8ded
            word = word &* constant
            return word ^ (word >> 16)
        }
    }

    /// Long words for the state of a generator, as `generate_state(count, uint64)`.
    ///
    /// - Parameter count: how many words, at least 0.
    /// - Returns: `count` words.
    public func longWords(_ count: Int) -> [UInt64] {
        let halves = words(2 * count)
        return (0..<count).map { UInt64(halves[2 * $0]) | UInt64(halves[2 * $0 + 1]) << 32 }
    }

    private static let poolSize = 4

    /// The four words into which all entropy is mixed.
    private var pool: [UInt32] {
        var input = entropy
        if !spawnKey.isEmpty && input.count < Self.poolSize {
            input += Array(repeating: 0, count: Self.poolSize - input.count)
        }
        input += spawnKey
        var constant: UInt32 = 0x43b0_d7e5
        func hashed(_ value: UInt32) -> UInt32 {
            var value = value ^ constant
            constant = constant &* 0x931e_8875
            value = value &* constant
            return value ^ (value >> 16)
        }
        func mixed(_ x: UInt32, _ y: UInt32) -> UInt32 {
            let value = 0xca01_f9dd &* x &- 0x4973_f715 &* y
            return value ^ (value >> 16)
        }
        var pool = (0..<Self.poolSize).map { hashed($0 < input.count ? input[$0] : 0) }
        for source in 0..<Self.poolSize {
            for target in 0..<Self.poolSize where source != target {
                pool[target] = mixed(pool[target], hashed(pool[source]))
            }
        }
        for word in input.dropFirst(Self.poolSize) {
            for target in 0..<Self.poolSize { pool[target] = mixed(pool[target], hashed(word)) }
        }
        return pool
    }
}
