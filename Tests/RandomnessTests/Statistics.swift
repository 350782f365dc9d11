import Foundation

/// Bounds for the statistical tests; each false alarm rate is that of one comparison with a perfect generator.
///
/// Seeds are fixed, so a test either always passes or always fails; the rates say how much a pass means.
enum Statistics {
    /// Largest allowed distance of a mean from its expectation, in standard errors; false alarm rate 6e-7 (normal).
    static let deviations = 5.0

    /// Upper bound of Pearson's statistic with a false alarm rate below 1e-6.
    ///
    /// Laurent and Massart 2000, lemma 1: P(χ² ≥ k + 2√(kx) + 2x) ≤ e^-x with x = ln 1e6.
    static func chiSquareBound(degreesOfFreedom: Int) -> Double {
        let x = log(1e6)
        let k = Double(degreesOfFreedom)
        return k + 2 * (k * x).squareRoot() + 2 * x
    }

    /// Pearson's statistic of counts against probabilities.
    static func chiSquare(_ counts: [Int], _ probabilities: [Double]) -> Double {
        let total = Double(counts.reduce(0, +))
        return zip(counts, probabilities).map { count, probability in
            let expected = total * probability
            return (Double(count) - expected) * (Double(count) - expected) / expected
        }.reduce(0, +)
    }

    /// Largest distance between the empirical and the true distribution function, with a false alarm rate of 1e-6.
    ///
    /// Dvoretzky, Kiefer and Wolfowitz with Massart's constant: P(D > e) ≤ 2 exp(-2 n e²).
    static func distributionBound(samples: Int) -> Double {
        (log(2 / 1e-6) / (2 * Double(samples))).squareRoot()
    }

    /// The Kolmogorov-Smirnov distance of samples from a distribution function.
    static func distance(_ samples: [Double], _ distribution: (Double) -> Double) -> Double {
        let count = Double(samples.count)
        return samples.sorted().enumerated().map { index, value in
            let probability = distribution(value)
            return max(abs(probability - Double(index) / count), abs(Double(index + 1) / count - probability))
        }.max() ?? 0
    }
}
