extension RandomNumberGenerator {
    /// Puts the elements of a collection in a random order; every order is equally likely.
    ///
    /// - Parameter elements: shuffled in place.
    /// - Complexity: O(count).
    public mutating func shuffle<Elements>(_ elements: inout Elements)
    where Elements: MutableCollection & RandomAccessCollection {
        let count = elements.count
        for position in 0..<count {
            let other = position + integer(below: count - position)
            if position != other {
                elements.swapAt(
                    elements.index(elements.startIndex, offsetBy: position),
                    elements.index(elements.startIndex, offsetBy: other))
            }
        }
    }

    /// The elements of a sequence in a random order; every order is equally likely.
    ///
    /// - Parameter elements: any finite sequence.
    /// - Returns: an array of the same elements.
    public mutating func shuffled<Element>(_ elements: some Sequence<Element>) -> [Element] {
        var elements = Array(elements)
        shuffle(&elements)
        return elements
    }

    /// A random order of the numbers `0..<count`.
    ///
    /// - Parameter count: at least 0.
    /// - Returns: each number once.
    public mutating func permutation(of count: Int) -> [Int] {
        precondition(count >= 0, "permutation(of:): the count is \(count); it must be at least 0")
        return shuffled(0..<count)
    }

    /// Draws different numbers out of `0..<population`; every sequence of that length is equally likely.
    ///
    /// The first `count` places of a shuffle, so the order is random too.
    ///
    /// - Parameters:
    ///   - count: how many, from 0 to `population`.
    ///   - population: how many numbers there are to choose from.
    /// - Returns: `count` different numbers.
    /// - Complexity: O(count) time and memory, whatever the population.
    public mutating func sample(_ count: Int, outOf population: Int) -> [Int] {
        precondition(
            count >= 0 && count <= population,
            "sample(_:outOf:): \(count) numbers cannot be drawn out of \(population) without replacement")
        // A shuffle of 0..<population, where only the places that were moved are stored.
        var moved: [Int: Int] = [:]
        return (0..<count).map { position in
            let other = position + integer(below: population - position)
            let chosen = moved[other] ?? other
            moved[other] = moved[position] ?? position
            return chosen
        }
    }

    /// An element drawn uniformly.
    ///
    /// - Parameter elements: where to draw from.
    /// - Returns: nil when there are none.
    public mutating func element<Elements: RandomAccessCollection>(of elements: Elements) -> Elements.Element? {
        guard !elements.isEmpty else { return nil }
        return elements[elements.index(elements.startIndex, offsetBy: integer(below: elements.count))]
    }
}
