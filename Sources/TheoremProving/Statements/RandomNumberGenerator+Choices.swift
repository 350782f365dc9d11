import Randomness

extension RandomNumberGenerator {
    /// A uniform integer of the closed range.
    mutating func integer(_ range: ClosedRange<Int>) -> Int { integer(in: range.lowerBound..<range.upperBound + 1) }

    /// True with the given probability.
    mutating func chance(_ probability: Double) -> Bool { bernoulli(probability) }

    /// A uniform element of a list that is not empty.
    mutating func element<Element>(_ list: [Element]) -> Element {
        precondition(!list.isEmpty, "element of an empty list")
        return list[integer(below: list.count)]
    }

    /// An element drawn in proportion to its weight; weights are at least 0 with a positive sum.
    mutating func weighted<Element>(_ list: [(Element, Double)]) -> Element {
        list[categorical(weights: list.map(\.1))].0
    }

    /// A non-zero integer of absolute value at most `bound`.
    mutating func nonZero(_ bound: Int) -> Int {
        let value = integer(1...bound)
        return chance(0.5) ? value : -value
    }
}
