import Randomness

/// Where the random numbers of environments come from.
public enum GeneratorKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A counter under a keyed mixing function: fastest; nothing to store but two words.
    case fast
    /// MT19937 with the distributions of libstdc++, as EnvPool draws: environment i has the seed `seed + i`.
    case envpool
    /// PCG64 with NumPy's distributions, as Gymnasium draws: environment i has the seed `seed + i`.
    case gymnasium
}

/// The random numbers of one environment.
///
/// Environments draw only through these methods, so that one kernel serves all three kinds.
public struct EnvironmentGenerator: Sendable, Codable {
    /// The numbers of the kind `fast`.
    private var counter: CounterStream
    /// The numbers of the other kinds; nil for `fast`, so that these are one comparison away.
    private var reference: ReferenceGenerator?
    /// The seed, until somebody has taken it.
    private var seed: UInt64?

    /// The generator of an environment.
    ///
    /// - Parameters:
    ///   - kind: where the numbers come from.
    ///   - seed: the environment's seed.
    public init(_ kind: GeneratorKind, seed: UInt64) {
        self.seed = seed
        counter = CounterStream(seed: seed)
        switch kind {
        case .fast: break
        case .envpool: reference = ReferenceGenerator(MersenneTwister(seed: UInt32(truncatingIfNeeded: seed)))
        case .gymnasium: reference = ReferenceGenerator(PermutedCongruential64(seed: seed))
        }
    }

    /// Where the numbers come from, for tasks whose references draw differently.
    public var kind: GeneratorKind {
        guard let reference else { return .fast }
        return reference.isMersenne ? .envpool : .gymnasium
    }

    /// Whether the kind is `fast`.
    @inline(__always)
    var isFast: Bool { reference == nil }

    /// The next word of a generator of the kind `fast`, without a jump where none is to be drawn.
    ///
    /// - Parameter mask: all ones for a word; 0 leaves the generator as it is, and what comes back is of no use.
    /// - Returns: the word.
    @inline(__always)
    mutating func fastWord(_ mask: UInt64) -> UInt64 {
        counter.position &+= CounterStream.stride & mask
        return CounterStream.mixed(counter.position)
    }

    /// The bound below which the upper 53 bits of a word are where a number from `[0, 1)` is below a limit, exactly.
    static func wordLimit(_ limit: Double) -> UInt64 {
        limit >= 1 ? 1 << 53 : limit > 0 ? UInt64((limit * 0x1p53).rounded(.up)) : 0
    }

    /// Words of a generator of the kind `fast` that are passed over.
    @inline(__always)
    mutating func skipFast(_ words: UInt64) { counter.position &+= CounterStream.stride &* words }

    /// The seed, given once: for simulators with random numbers of their own, which start anew with it.
    ///
    /// - Returns: the seed, or nil if it was taken before.
    public mutating func takeSeed() -> UInt64? {
        defer { seed = nil }
        return seed
    }

    /// A number drawn uniformly from `[low, high)`.
    ///
    /// - Parameters:
    ///   - low: the lower bound.
    ///   - high: the upper bound.
    /// - Returns: `low + u·(high − low)` with `u` in `[0, 1)`.
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        // NumPy: low + range * u; libstdc++: u * range + low. The same sum.
        low + (high - low) * unit()
    }

    /// A number drawn uniformly from `[0, 1)`.
    public mutating func unit() -> Double {
        reference == nil ? counter.unit() : referenceUnit()
    }

    private mutating func referenceUnit() -> Double {
        withReference { $0.unit() }
    }

    /// Draws from the reference, whose state is copied first where another generator holds it, too.
    @inline(__always)
    private mutating func withReference<Value>(_ body: (ReferenceGenerator) -> Value) -> Value {
        if !isKnownUniquelyReferenced(&reference) { reference = reference.map { ReferenceGenerator($0) } }
        // The generator holds the reference all the time, so that nobody has to count.
        return Unmanaged.passUnretained(reference.unsafelyUnwrapped)._withUnsafeGuaranteedRef(body)
    }

    /// An integer drawn uniformly from `0..<bound`.
    ///
    /// - Parameter bound: from 1 to 2³².
    /// - Returns: the integer.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound >= 1 && bound <= 1 << 32, "integer(below:): the bound is \(bound); it must be in 1...2^32")
        if reference == nil { return Int(counter.next().multipliedFullWidth(by: UInt64(bound)).high) }
        return withReference { $0.integer(below: bound) }
    }

    /// A number drawn from a normal distribution.
    ///
    /// - Parameters:
    ///   - mean: the mean.
    ///   - standardDeviation: at least 0.
    /// - Returns: the number.
    public mutating func normal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
        if reference == nil { return counter.normal(mean: mean, standardDeviation: standardDeviation) }
        return withReference { $0.normal(mean: mean, standardDeviation: standardDeviation) }
    }
}

/// A counter under a mixing function with a key: word k of stream s is a function of k and s alone.
///
/// Source: the finaliser of Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA,
/// applied to the counter times an odd constant, plus the key.
struct CounterStream: RandomNumberGenerator, Sendable, Codable {
    var position: UInt64

    init(seed: UInt64) {
        position = Self.mixed(Self.mixed(seed &+ 0x632b_e59b_d9b4_e019) &+ Self.stride)
    }

    static func mixed(_ word: UInt64) -> UInt64 {
        var z = word
        z = (z ^ z &>> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z &>> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z &>> 31
    }

    /// From one word's counter to the next one's.
    @inline(__always)
    static var stride: UInt64 { 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        position &+= Self.stride
        return Self.mixed(position)
    }

    mutating func unit() -> Double {
        Double(Int64(bitPattern: next() &>> 11)) * 0x1p-53
    }
}
