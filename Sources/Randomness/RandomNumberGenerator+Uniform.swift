// The draws below are written out here, not taken from the standard library, so that a seed gives the same numbers
// with every version of Swift.

extension RandomNumberGenerator {
    /// A number drawn uniformly from the multiples of 2⁻⁵³ in `[0, 1)`.
    ///
    /// The upper 53 bits of one word; with ``PermutedCongruential64`` the same as NumPy's `Generator.random`.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number drawn uniformly from a range.
    ///
    /// - Parameter range: finite, not empty; the upper bound is never returned.
    /// - Returns: a number in the range.
    public mutating func uniform(in range: Range<Double>) -> Double {
        let width = range.upperBound - range.lowerBound
        precondition(
            width > 0 && width.isFinite, "uniform(in:): the range \(range) is empty or not finite; give a finite one")
        // Rounding can reach the upper bound when the range is narrow for its size: draw again.
        while true {
            let value = range.lowerBound + width * uniform()
            if value < range.upperBound { return value }
        }
    }

    /// An integer drawn uniformly from `0..<bound`, exactly: no modulo bias.
    ///
    /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019, algorithm 5.
    ///
    /// - Parameter bound: at least 1.
    /// - Returns: an integer from 0 to `bound - 1`.
    /// - Complexity: O(1); fewer than two words on average.
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "integer(below:): the bound is \(bound); it must be at least 1")
        return Int(word(below: UInt64(bound)))
    }

    /// An integer drawn uniformly from a range, exactly.
    ///
    /// - Parameter range: not empty.
    /// - Returns: an integer in the range.
    public mutating func integer(in range: Range<Int>) -> Int {
        precondition(!range.isEmpty, "integer(in:): the range \(range) is empty")
        let width = UInt64(bitPattern: Int64(range.upperBound)) &- UInt64(bitPattern: Int64(range.lowerBound))
        return Int(truncatingIfNeeded: UInt64(bitPattern: Int64(range.lowerBound)) &+ word(below: width))
    }

    /// True with a given probability.
    ///
    /// - Parameter probability: in `[0, 1]`; 0 is never true and 1 always.
    /// - Returns: true with that probability.
    public mutating func bernoulli(_ probability: Double) -> Bool {
        precondition(
            probability >= 0 && probability <= 1, "bernoulli: the probability is \(probability); it must be in [0, 1]")
        return uniform() < probability
    }

    /// A word drawn uniformly from `0..<bound`; `bound` is at least 1.
    mutating func word(below bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }
}
