/// A mean of independent numbers with its 95 % confidence interval.
public struct SampleMean: Codable, Hashable, Sendable {
    /// The mean.
    public let mean: Double
    /// Half the interval's width; 0 for a single number.
    public let halfWidth: Double

    /// Takes the mean.
    ///
    /// - Parameter numbers: at least one.
    /// - Precondition: there is a number; an empty array traps.
    public init(of numbers: [Double]) {
        precondition(!numbers.isEmpty, "SampleMean: no numbers")
        let count = Double(numbers.count)
        let mean = numbers.reduce(0, +) / count
        self.mean = mean
        guard numbers.count > 1 else {
            halfWidth = 0
            return
        }
        let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (count - 1)
        halfWidth = Self.quantile(freedom: count - 1) * (variance / count).squareRoot()
    }

    /// The 97.5 % quantile of Student's distribution: Cornish and Fisher's expansion from the normal one, good to 1 %
    /// from 3 degrees of freedom on; exact values for 1 and 2.
    private static func quantile(freedom: Double) -> Double {
        if freedom < 1.5 { return 12.706 }
        if freedom < 2.5 { return 4.303 }
        let normal = 1.959964
        let square = normal * normal
        let first = normal * (square + 1) / 4
        let second = normal * ((5 * square + 16) * square + 3) / 96
        let third = normal * (((3 * square + 19) * square + 17) * square - 15) / 384
        return normal + first / freedom + second / (freedom * freedom) + third / (freedom * freedom * freedom)
    }
}
