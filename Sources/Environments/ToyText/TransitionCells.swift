/// A table's outcomes as a matrix, so that a step is one look into it.
final class TransitionCells: @unchecked Sendable, Hashable {
    // Unchecked: written while it is made, and only read afterwards.
    struct Cell {
        var state: Int32
        var reward: Float
        var probability: Float
        var isTerminal: Bool
    }

    /// Outcomes of the pair that has most.
    let width: Int
    /// `[pairs, width - 1]`: an outcome is past where the upper 53 bits of a word are at least this.
    private let limits: UnsafeMutablePointer<UInt64>
    /// `[pairs, width]`.
    let cells: UnsafeMutablePointer<Cell>
    /// `[pairs]`, outcomes of each.
    let counts: UnsafeMutablePointer<UInt8>
    private let pairs: Int

    init(_ pairs: [ArraySlice<TransitionTable.Outcome>]) {
        precondition(
            pairs.allSatisfy { (1...255).contains($0.count) },
            "TransitionTable: an action has no outcome, or more than 255")
        self.pairs = pairs.count
        width = pairs.map(\.count).max() ?? 1
        limits = .allocate(capacity: pairs.count * width)
        cells = .allocate(capacity: pairs.count * width)
        counts = .allocate(capacity: pairs.count)
        for (pair, outcomes) in pairs.enumerated() {
            (counts + pair).initialize(to: UInt8(outcomes.count))
            let sums = TransitionTable.sums(outcomes.map(\.probability))
            for place in 0..<(width - 1) {
                // What rounding leaves to the last outcome is its own.
                let limit = place < outcomes.count - 1 ? EnvironmentGenerator.wordLimit(sums[place]) : 1 << 62
                (limits + pair * (width - 1) + place).initialize(to: limit)
            }
            for place in 0..<width {
                let outcome = outcomes[min(outcomes.startIndex + place, outcomes.endIndex - 1)]
                (cells + pair * width + place).initialize(
                    to: Cell(
                        state: Int32(outcome.state), reward: outcome.reward, probability: Float(outcome.probability),
                        isTerminal: outcome.isTerminal))
            }
        }
    }

    /// Which of a pair's outcomes it is that a word draws.
    ///
    /// - Parameters:
    ///   - pair: state and action.
    ///   - word: the upper 53 bits of a random word.
    ///   - width: ``width``, as a constant where it is known.
    /// - Returns: the outcome's place among those of the pair.
    @inline(__always)
    func place(_ pair: Int, _ word: UInt64, width: Int) -> Int {
        let limits = limits + pair &* (width &- 1)
        var place = 0
        // The sign of a difference: compilers make jumps of comparisons where they see fit. All are far below 2⁶³.
        for other in 0..<(width &- 1) { place &+= Int(1 &- (word &- limits[other]) &>> 63) }
        return place
    }

    deinit {
        limits.deallocate()
        cells.deallocate()
        counts.deallocate()
    }

    // A table's cells follow from its outcomes, which are compared.
    static func == (lhs: TransitionCells, rhs: TransitionCells) -> Bool { lhs.pairs == rhs.pairs }
    func hash(into hasher: inout Hasher) { hasher.combine(pairs) }
}
