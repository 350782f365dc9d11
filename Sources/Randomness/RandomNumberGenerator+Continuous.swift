import Foundation

extension RandomNumberGenerator {
    /// A number from a normal distribution.
    ///
    /// Box and Muller's transform of exactly two words, of which one of the two results is used, so the number of
    /// words does not depend on what was drawn. Values lie within 8.6 standard deviations of the mean.
    ///
    /// - Parameters:
    ///   - mean: any finite number.
    ///   - standardDeviation: at least 0, finite.
    /// - Returns: a finite number.
    public mutating func normal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
        checkNormal(mean, standardDeviation)
        return mean + standardDeviation * normalPair().0
    }

    /// Independent numbers from a normal distribution; half as many words as single draws take.
    ///
    /// - Parameters:
    ///   - count: how many numbers, at least 0.
    ///   - mean: any finite number.
    ///   - standardDeviation: at least 0, finite.
    /// - Returns: `count` numbers.
    public mutating func normals(_ count: Int, mean: Double = 0, standardDeviation: Double = 1) -> [Double] {
        precondition(count >= 0, "normals: \(count) numbers were asked for; ask for 0 or more")
        checkNormal(mean, standardDeviation)
        var numbers: [Double] = []
        numbers.reserveCapacity(count + 1)
        while numbers.count < count {
            let (first, second) = normalPair()
            numbers.append(mean + standardDeviation * first)
            if numbers.count < count { numbers.append(mean + standardDeviation * second) }
        }
        return numbers
    }

    /// A number from an exponential distribution, by inversion of one word.
    ///
    /// - Parameter rate: λ above 0, finite; the mean is 1 / λ.
    /// - Returns: a number of at least 0 and less than 37 / λ.
    public mutating func exponential(rate: Double = 1) -> Double {
        precondition(rate > 0 && rate.isFinite, "exponential: the rate is \(rate); it must be positive and finite")
        return -log1p(-uniform()) / rate
    }

    private func checkNormal(_ mean: Double, _ standardDeviation: Double) {
        precondition(
            mean.isFinite && standardDeviation >= 0 && standardDeviation.isFinite,
            "normal: mean \(mean) and standard deviation \(standardDeviation); both must be finite, the second not negative"
        )
    }

    /// Two independent numbers from the standard normal distribution.
    private mutating func normalPair() -> (Double, Double) {
        let radius = sqrt(-2 * log(1 - uniform()))
        let angle = 2 * Double.pi * uniform()
        return (radius * cos(angle), radius * sin(angle))
    }
}
