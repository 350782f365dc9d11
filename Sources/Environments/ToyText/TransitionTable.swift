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
    let cells: TransitionCells
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
        self.start = Self.sums(start)
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

    /// Draws an outcome.
    func step(_ state: Int, _ action: Int, _ generator: inout EnvironmentGenerator) -> TransitionCells.Cell {
        let pair = state &* actionCount &+ action
        return cells.cells[pair &* cells.width &+ place(pair, &generator)]
    }

    /// Draws the place of a pair's outcome, as Gymnasium's `categorical_sample` does, or as EnvPool: an integer below
    /// the number of outcomes, which all have the same probability there, and nothing where there is only one.
    // Never in a loop over runs: the compiler makes jumps of the other generators' search there.
    @inline(never)
    func place(_ pair: Int, _ generator: inout EnvironmentGenerator) -> Int {
        if generator.kind == .envpool {
            let count = cells.counts[pair]
            return count == 1 ? 0 : generator.integer(below: Int(count))
        }
        // A multiple of 2⁻⁵³, so that nothing is lost.
        return cells.place(pair, UInt64(generator.unit() * 0x1p53), width: cells.width)
    }

    /// Draws a first state, as Gymnasium's `categorical_sample` does; EnvPool draws nothing for the one that is certain.
    func first(_ generator: inout EnvironmentGenerator) -> Int {
        if let only {
            if generator.kind != .envpool { _ = generator.unit() }
            return only
        }
        let unit = generator.unit()
        var low = 0
        var high = start.count - 1
        while low < high {
            let middle = (low + high) / 2
            if start[middle] > unit { high = middle } else { low = middle + 1 }
        }
        return low
    }

    static func sums(_ numbers: [Double]) -> [Double] {
        var sum = 0.0
        return numbers.map {
            sum += $0
            return sum
        }
    }
}
