/// Damages bytes in the ways that files get damaged: flipped bits, other bytes, cuts, repeats, swapped digits.
///
/// - Parameters:
///   - bytes: what is damaged; may be empty.
///   - generator: decides how.
/// - Returns: the damaged copy; now and then it is equal.
public func mutated<Generator: RandomNumberGenerator>(_ bytes: [UInt8], using generator: inout Generator) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        guard !result.isEmpty else { return result }
        let place = Int.random(in: 0..<result.count, using: &generator)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: result[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: result.removeSubrange(place...)
        case 3: result.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 4:
            let end = min(result.count, place + Int.random(in: 1...8, using: &generator))
            result.insert(contentsOf: result[place..<end], at: end)
        case 5: result.remove(at: place)
        default:
            // Digits are what lengths and shapes are made of.
            let digits = result.indices.filter { (0x30...0x39).contains(result[$0]) }
            if let digit = digits.randomElement(using: &generator) {
                result[digit] = UInt8.random(in: 0x30...0x39, using: &generator)
            }
        }
    }
    return result
}

/// A small generator for tests: SplitMix64 (Steele et al.
///
/// 2014).
public struct TestGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
