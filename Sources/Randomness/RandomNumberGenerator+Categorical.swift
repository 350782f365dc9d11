import Foundation

extension RandomNumberGenerator {
    /// An index drawn with probability proportional to its weight.
    ///
    /// For many draws from the same weights use ``CategoricalDistribution``.
    ///
    /// - Parameter weights: at least one, none negative, with a positive finite sum; they need not sum to 1.
    /// - Returns: an index whose weight is positive.
    /// - Complexity: O(number of weights); one word.
    public mutating func categorical(weights: some Collection<Double>) -> Int {
        var total = 0.0
        for weight in weights {
            precondition(weight >= 0, "categorical(weights:): a weight is \(weight); none may be negative or NaN")
            total += weight
        }
        precondition(
            total > 0 && total.isFinite,
            "categorical(weights:): the weights sum to \(total); the sum must be positive and finite")
        var rest = uniform() * total
        var lastPositive = 0
        for (index, weight) in weights.enumerated() where weight > 0 {
            if rest < weight { return index }
            rest -= weight
            lastPositive = index
        }
        // Reached only where rounding of the sum leaves a remainder.
        return lastPositive
    }

    /// An index drawn from a softmax of logits.
    ///
    /// P(i) ∝ exp(logits[i] / temperature). Temperature 0 takes the first of the greatest logits and draws nothing.
    ///
    /// - Parameters:
    ///   - logits: at least one above -∞, none NaN or +∞; -∞ is never drawn.
    ///   - temperature: at least 0, finite.
    /// - Returns: an index.
    /// - Complexity: O(number of logits); one word.
    public mutating func categorical<Scalar: BinaryFloatingPoint>(
        logits: some Collection<Scalar>, temperature: Double = 1
    ) -> Int {
        precondition(
            temperature >= 0 && temperature.isFinite,
            "categorical(logits:temperature:): the temperature is \(temperature); it must be finite and not negative")
        var greatest = -Double.infinity
        var greatestIndex = 0
        for (index, logit) in logits.enumerated() {
            precondition(!logit.isNaN, "categorical(logits:): logit \(index) is NaN")
            if Double(logit) > greatest {
                greatest = Double(logit)
                greatestIndex = index
            }
        }
        precondition(
            greatest.isFinite, "categorical(logits:): the greatest logit is \(greatest); it must be finite")
        if temperature == 0 { return greatestIndex }
        return categorical(weights: logits.map { exp((Double($0) - greatest) / temperature) })
    }
}

/// A distribution over indices, prepared for many draws.
public struct CategoricalDistribution: Hashable, Sendable {
    /// Sums of the weights up to and with each index.
    private let cumulative: [Double]

    /// Prepares weights.
    ///
    /// - Parameter weights: at least one, none negative, with a positive finite sum; they need not sum to 1.
    public init(weights: some Collection<Double>) {
        var total = 0.0
        cumulative = weights.map { weight in
            precondition(weight >= 0, "CategoricalDistribution: a weight is \(weight); none may be negative or NaN")
            total += weight
            return total
        }
        precondition(
            total > 0 && total.isFinite,
            "CategoricalDistribution: the weights sum to \(total); the sum must be positive and finite")
    }

    /// How many indices there are.
    public var count: Int { cumulative.count }

    /// Draws an index with probability proportional to its weight.
    ///
    /// - Parameter generator: one word is taken from it.
    /// - Returns: an index whose weight is positive.
    /// - Complexity: O(log count).
    public func sample(using generator: inout some RandomNumberGenerator) -> Int {
        let total = cumulative[cumulative.count - 1]
        // The product rounds below the total, except where the total is subnormal; the least bound is then exact.
        let target = min(generator.uniform() * total, total.nextDown)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
