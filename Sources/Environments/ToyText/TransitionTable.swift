/// The dynamics of a small task: what each action may lead to in each state.
public struct TransitionTable: Sendable, Hashable {
    /// One thing that an action may lead to.
    public struct Outcome: Sendable, Hashable {
        /// Its probability.
        public var probability: Double
        /// The next state.
        public var state: Int
        /// The reward.
        public var reward: Float
        /// Whether the episode ends.
        public var isTerminal: Bool

        /// An outcome from its parts.
        public init(_ probability: Double, _ state: Int, _ reward: Float, _ isTerminal: Bool) {
            self.probability = probability
            self.state = state
            self.reward = reward
            self.isTerminal = isTerminal
        }
    }

    /// Number of states.
    public let stateCount: Int
    /// Number of actions.
    public let actionCount: Int
    /// First outcome of each pair of state and action, and the end of the last.
    private let offsets: [Int]
    private let outcomes: [Outcome]
    private let cells: TransitionCells
    /// Probabilities of the first states, added up.
    private let start: [Double]
    /// The first state where there is only one.
    private let only: Int?

    /// A table from a function.
    ///
    /// - Parameters:
    ///   - states: number of states.
    ///   - actions: number of actions.
    ///   - start: probability of each first state.
    ///   - outcomes: what an action may lead to in a state.
    public init(
        states: Int, actions: Int, start: [Double], outcomes: (_ state: Int, _ action: Int) -> [Outcome]
    ) {
        precondition(start.count == states, "TransitionTable: \(start.count) first states of \(states)")
        stateCount = states
        actionCount = actions
        self.start = Self.sums(start[...])
        only = start.firstIndex(of: 1)
        var offsets = [0]
        var all: [Outcome] = []
        for state in 0..<states {
            for action in 0..<actions {
                all += outcomes(state, action)
                offsets.append(all.count)
            }
        }
        self.offsets = offsets
        self.outcomes = all
        cells = TransitionCells(zip(offsets, offsets.dropFirst()).map { all[$0..<$1] })
    }

    /// What an action may lead to in a state.
    ///
    /// - Parameters:
    ///   - action: the action.
    ///   - state: the state.
    /// - Returns: the outcomes.
    public func outcomes(of action: Int, in state: Int) -> ArraySlice<Outcome> {
        let pair = state * actionCount + action
        return outcomes[offsets[pair]..<offsets[pair + 1]]
    }

    /// Draws an outcome, as Gymnasium's `categorical_sample` does, or as EnvPool: an integer below the number of outcomes,
    /// which all have the same probability there, and nothing where there is only one.
    @inline(__always)
    func step(_ state: Int, _ action: Int, _ generator: inout EnvironmentGenerator) -> TransitionCells.Cell {
        let pair = state &* actionCount &+ action
        let row = cells.cells + pair &* cells.width
        var place = 0
        if generator.kind == .envpool {
            let count = cells.counts[pair]
            place = count == 1 ? 0 : generator.integer(below: Int(count))
        } else {
            let unit = generator.unit()
            for other in 0..<(cells.width &- 1) where row[other].cumulative <= unit { place &+= 1 }
        }
        return row[place]
    }

    /// Draws a first state, as Gymnasium's `categorical_sample` does; EnvPool draws nothing for the one that is certain.
    func first(_ generator: inout EnvironmentGenerator) -> Int {
        if generator.kind == .envpool, let only { return only }
        let unit = generator.unit()
        var low = 0
        var high = start.count - 1
        while low < high {
            let middle = (low + high) / 2
            if start[middle] > unit { high = middle } else { low = middle + 1 }
        }
        return low
    }

    static func sums(_ numbers: ArraySlice<Double>) -> [Double] {
        var sum = 0.0
        return numbers.map {
            sum += $0
            return sum
        }
    }
}

/// A table's outcomes as a matrix, so that a step is one look into it.
final class TransitionCells: @unchecked Sendable, Hashable {
    // Unchecked: written while it is made, and only read afterwards.
    struct Cell {
        /// Probabilities up to this outcome, added up; of a pair's last outcome infinite.
        var cumulative: Double
        var state: Int32
        var reward: Float
        var probability: Float
        var isTerminal: Bool
    }

    /// Outcomes of the pair that has most.
    let width: Int
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
        cells = .allocate(capacity: pairs.count * width)
        counts = .allocate(capacity: pairs.count)
        for (pair, outcomes) in pairs.enumerated() {
            (counts + pair).initialize(to: UInt8(outcomes.count))
            let sums = TransitionTable.sums(outcomes.map(\.probability)[...])
            for place in 0..<width {
                let outcome = outcomes[min(outcomes.startIndex + place, outcomes.endIndex - 1)]
                (cells + pair * width + place).initialize(
                    to: Cell(
                        cumulative: place < outcomes.count - 1 ? sums[place] : .infinity, state: Int32(outcome.state),
                        reward: outcome.reward, probability: Float(outcome.probability),
                        isTerminal: outcome.isTerminal))
            }
        }
    }

    deinit {
        cells.deallocate()
        counts.deallocate()
    }

    // A table's cells follow from its outcomes, which are compared.
    static func == (lhs: TransitionCells, rhs: TransitionCells) -> Bool { lhs.pairs == rhs.pairs }
    func hash(into hasher: inout Hasher) { hasher.combine(pairs) }
}

/// What tasks with a table have in common: a state an environment, observed as it is.
struct TabularStates: Sendable {
    let table: TransitionTable
    let states: StateArray<Int64>

    init(_ table: TransitionTable, count: Int) {
        self.table = table
        states = StateArray(count)
    }

    func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        begin(index, in: table.first(&generator), row)
    }

    func begin(_ index: Int, in state: Int, _ row: StepRow<Int64>) {
        states[index] = Int64(state)
        row.observation[0] = states[index]
        row.column(0, as: Float.self)[0] = 1
    }

    func step(
        _ index: Int, _ action: Int64, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        let outcome = table.step(Int(states[index]), Int(action), &generator)
        states[index] = Int64(outcome.state)
        row.observation[0] = Int64(outcome.state)
        row.column(0, as: Float.self)[0] = outcome.probability
        return StepOutcome(outcome.reward, isTerminated: outcome.isTerminal)
    }

    func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([states[index]]) }

    func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.integers(bytes, count: 1)[0]
        guard state >= 0, state < table.stateCount else {
            throw .badSnapshot(reason: "its state is \(state), the task has \(table.stateCount)")
        }
        states[index] = Int64(state)
    }

    /// The column that all these tasks have: the probability of what happened.
    static let column = EnvironmentSpecification.Column("prob", .float32)
}
