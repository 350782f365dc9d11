import Foundation

/// How far estimates of a gradient are from the exact one, in one task.
///
/// `n` estimates ĝ of a gradient g with `P` numbers.
public struct GradientBias: Codable, Hashable, Sendable {
    /// Mean over the estimates of Pearson's correlation with the exact gradient; 0 where one of the two is constant.
    public let correlation: Double
    /// Sum over the numbers of the standard deviation of the estimates.
    public let totalDeviation: Double
    /// Mean over the numbers of (mean of the estimates − exact)², as the paper's code reports it.
    ///
    /// It contains a share `variance / n` of the estimates' noise: its expectation is bias² + variance / n.
    public let officialBias: Double
    /// The same for means over groups of the estimates, averaged over the groups.
    public let officialBiasOfGroups: Double
    /// The official bias less variance / n: its expectation is the squared bias.
    ///
    /// It can be negative.
    public let debiasedBias: Double
    /// ‖mean of the estimates − exact‖ / ‖exact‖.
    public let officialRelativeBias: Double
    /// The same for means over groups of the estimates, averaged over the groups.
    public let officialRelativeBiasOfGroups: Double
    /// The debiased bias over the mean square of the exact gradient: its expectation is the square of the relative bias.
    public let debiasedSquaredRelativeBias: Double

    /// Compares estimates with the exact gradient.
    ///
    /// - Parameters:
    ///   - estimates: `[n][P]`, independent, at least two.
    ///   - exact: `[P]`.
    ///   - groupSize: estimates in a group, for comparison with figures that were made of fewer; at least 1, at most
    ///     `n`.
    /// - Precondition: at least two estimates, all of the exact gradient's size; violations trap.
    public init(of estimates: [[Double]], exact: [Double], groupSize: Int = 5) {
        precondition(estimates.count >= 2, "GradientBias: \(estimates.count) estimates; there must be at least 2")
        precondition(
            estimates.allSatisfy { $0.count == exact.count },
            "GradientBias: estimates of another size than the \(exact.count) of the exact gradient")
        let size = min(max(groupSize, 1), estimates.count)
        let (count, width) = (Double(estimates.count), Double(exact.count))
        correlation = estimates.map { Self.correlation($0, exact) }.reduce(0, +) / count
        let mean = Self.mean(estimates[...])
        var (deviation, variance) = (0.0, 0.0)
        for index in exact.indices {
            var sum = 0.0
            for estimate in estimates { sum += (estimate[index] - mean[index]) * (estimate[index] - mean[index]) }
            variance += sum / (count - 1)
            deviation += (sum / (count - 1)).squareRoot()
        }
        totalDeviation = deviation
        let square = innerProduct(exact, exact)
        let error = Self.squaredDistance(mean, exact)
        officialBias = error / width
        debiasedBias = (error - variance / count) / width
        officialRelativeBias = (error / square).squareRoot()
        debiasedSquaredRelativeBias = (error - variance / count) / square
        let groups = stride(from: 0, through: estimates.count - size, by: size).map { start in
            Self.squaredDistance(Self.mean(estimates[start..<(start + size)]), exact)
        }
        officialBiasOfGroups = groups.map { $0 / width }.reduce(0, +) / Double(groups.count)
        officialRelativeBiasOfGroups = groups.map { ($0 / square).squareRoot() }.reduce(0, +) / Double(groups.count)
    }

    /// Pearson's correlation of two vectors; 0 where one of them is constant.
    ///
    /// - Parameters:
    ///   - a: numbers.
    ///   - b: as many numbers.
    /// - Returns: in `[-1, 1]`.
    public static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        precondition(a.count == b.count, "GradientBias: correlation of \(a.count) with \(b.count) numbers")
        let means = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
        var (product, squareA, squareB) = (0.0, 0.0, 0.0)
        for index in a.indices {
            let (x, y) = (a[index] - means.0, b[index] - means.1)
            product += x * y
            squareA += x * x
            squareB += y * y
        }
        let scale = (squareA * squareB).squareRoot()
        return scale > 0 ? product / scale : 0
    }

    private static func mean(_ rows: ArraySlice<[Double]>) -> [Double] {
        var result = [Double](repeating: 0, count: rows.first?.count ?? 0)
        for row in rows { result = sum(result, row, times: 1 / Double(rows.count)) }
        return result
    }

    private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
        let difference = sum(a, b, times: -1)
        return innerProduct(difference, difference)
    }
}
