/// Draws one token from a row of probabilities.
enum NucleusChoice {
    /// The token that a uniform number picks.
    ///
    /// Tokens of the nucleus share `[0, 1)` in the order of their identifiers, so that rounding errors in the
    /// probabilities move the borders a little and never reorder them.
    ///
    /// - Parameters:
    ///   - probabilities: `[V]`, not negative, sum about 1.
    ///   - topProbability: mass of the nucleus in (0, 1].
    ///   - uniform: in `[0, 1)`.
    /// - Returns: an index into `probabilities`.
    /// - Complexity: O(V) and the sorting of the few tokens that can belong to the nucleus.
    static func choose(
        from probabilities: UnsafeBufferPointer<Float>, topProbability: Double, uniform: Double
    ) -> Int {
        guard topProbability < 1 else { return pick(probabilities, floor: 0, uniform: uniform) }
        let floor = nucleusFloor(probabilities, topProbability: topProbability)
        return pick(probabilities, floor: floor, uniform: uniform)
    }

    /// The index of the greatest number, the first among equals.
    static func greatest(of numbers: UnsafeBufferPointer<Float>) -> Int {
        var best = 0
        for index in numbers.indices where numbers[index] > numbers[best] { best = index }
        return best
    }

    /// Probability of the nucleus's least likely token; tokens as likely as that one belong to it too.
    private static func nucleusFloor(_ probabilities: UnsafeBufferPointer<Float>, topProbability: Double) -> Float {
        var total = 0.0
        for probability in probabilities { total += Double(probability) }
        // All tokens below this bound together have less than the mass outside, so none can be needed.
        let bound = Float((1 - topProbability) * total / Double(probabilities.count)).nextDown
        let candidates = probabilities.filter { $0 >= bound }.sorted(by: >)
        var mass = 0.0
        for probability in candidates {
            mass += Double(probability)
            if mass >= topProbability * total { return probability }
        }
        return candidates.last ?? 0
    }

    private static func pick(_ probabilities: UnsafeBufferPointer<Float>, floor: Float, uniform: Double) -> Int {
        var total = 0.0
        for probability in probabilities where probability >= floor { total += Double(probability) }
        let goal = uniform * total
        var mass = 0.0
        var last = 0
        for index in probabilities.indices where probabilities[index] >= floor && probabilities[index] > 0 {
            mass += Double(probabilities[index])
            last = index
            if mass > goal { return index }
        }
        return last
    }
}
