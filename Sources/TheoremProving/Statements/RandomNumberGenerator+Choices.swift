extension RandomNumberGenerator {
    /// A uniform integer of the closed range.
    mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True with the given probability.
    mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    /// A uniform element of a list that is not empty.
    mutating func element<Element>(_ list: [Element]) -> Element {
        precondition(!list.isEmpty, "element of an empty list")
        return list[integer(0...(list.count - 1))]
    }

    /// `count` different elements in random order; all of them where the list is shorter.
    mutating func elements<Element>(_ count: Int, of list: [Element]) -> [Element] {
        Array(list.shuffled(using: &self).prefix(count))
    }

    /// An element drawn in proportion to its weight; weights are at least 0 with a positive sum.
    mutating func weighted<Element>(_ list: [(Element, Double)]) -> Element {
        precondition(!list.isEmpty, "weighted choice from an empty list")
        var point = Double.random(in: 0..<1, using: &self) * list.reduce(0) { $0 + $1.1 }
        for (element, weight) in list {
            point -= weight
            if point < 0 { return element }
        }
        return list[list.count - 1].0
    }

    /// A non-zero integer of absolute value at most `bound`.
    mutating func nonZero(_ bound: Int) -> Int {
        let value = integer(1...bound)
        return chance(0.5) ? value : -value
    }
}
