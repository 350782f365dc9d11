import Foundation
import Randomness

extension RandomNumberGenerator {
    /// The logarithm of a number from a gamma distribution of scale 1.
    ///
    /// Logarithms, since numbers of shape 0.001 underflow half of the time.
    ///
    /// Source: Marsaglia and Tsang 2000, "A simple method for generating gamma variables", ACM TOMS 26; shapes below 1
    /// by γ(a) = γ(a + 1) · U^(1/a) of the same paper.
    ///
    /// - Parameter shape: above 0.
    /// - Returns: a finite number.
    mutating func logGamma(shape: Double) -> Double {
        let boosted = shape < 1 ? shape + 1 : shape
        let offset = boosted - 1 / 3.0
        let scale = 1 / (9 * offset).squareRoot()
        var result = 0.0
        while true {
            let draw = normal()
            let base = 1 + scale * draw
            guard base > 0 else { continue }
            let cube = base * base * base
            if log(1 - uniform()) < 0.5 * draw * draw + offset * (1 - cube + log(cube)) {
                result = log(offset * cube)
                break
            }
        }
        return shape < 1 ? result + log(1 - uniform()) / shape : result
    }

    /// Probabilities from a symmetric Dirichlet distribution.
    ///
    /// - Parameters:
    ///   - concentration: above 0; small ones put almost all weight on one index.
    ///   - count: how many probabilities, at least 1.
    /// - Returns: numbers that sum to 1 up to rounding.
    mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
        let logarithms = (0..<count).map { _ in logGamma(shape: concentration) }
        let greatest = logarithms.max() ?? 0
        let weights = logarithms.map { exp($0 - greatest) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }
}
