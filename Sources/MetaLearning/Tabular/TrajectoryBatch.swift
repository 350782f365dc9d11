public import Randomness

/// Trajectories of one length through a tabular process.
///
/// `N` trajectories of `T` steps each. The reward of a step is the process's reward of its state and action.
public struct TrajectoryBatch: Sendable {
    /// Number of trajectories `N`.
    public let count: Int
    /// Steps of each, `T`.
    public let length: Int
    /// `[N, T + 1]` states, the last ones included.
    public let states: [Int32]
    /// `[N, T]` actions.
    public let actions: [Int32]
    /// `[N]` weight of each trajectory in an average: 1 / N for a sample, its probability in an enumeration.
    public let weights: [Double]

    /// Draws trajectories from the initial state.
    ///
    /// - Parameters:
    ///   - process: the process.
    ///   - policy: `[S, A]` probabilities.
    ///   - count: `N`, at least 1.
    ///   - length: `T`, at least 1.
    ///   - generator: two words a step are taken from it, one where the next state is certain.
    /// - Precondition: counts are at least 1, and the policy has the process's size; violations trap.
    /// - Complexity: O(N T A).
    public init(
        _ process: TabularProcess, policy: [Double], count: Int, length: Int,
        using generator: inout SplittableGenerator
    ) {
        precondition(count >= 1, "TrajectoryBatch: \(count) trajectories were asked for; ask for 1 or more")
        precondition(length >= 1, "TrajectoryBatch: trajectories of \(length) steps were asked for; ask for 1 or more")
        precondition(
            policy.count == process.parameterCount,
            "TrajectoryBatch: a policy of \(policy.count) numbers for a process of \(process.parameterCount)")
        self.count = count
        self.length = length
        weights = [Double](repeating: 1 / Double(count), count: count)
        let actionCount = process.actionCount
        let table = process.successors
        var words = generator
        var drawn: [Int32] = []
        states = [Int32](unsafeUninitializedCapacity: count * (length + 1)) { states, stateTotal in
            drawn = [Int32](unsafeUninitializedCapacity: count * length) { actions, actionTotal in
                for trajectory in 0..<count {
                    var state = process.initialState
                    for step in 0..<length {
                        states[trajectory * (length + 1) + step] = Int32(state)
                        var rest = Double(words.next() >> 11) * 0x1p-53
                        var row = state * actionCount
                        let last = row + actionCount - 1
                        while row < last && rest >= policy[row] {
                            rest -= policy[row]
                            row += 1
                        }
                        actions[trajectory * length + step] = Int32(row - state * actionCount)
                        var place = Int(table.starts[row])
                        if Int(table.starts[row + 1]) > place + 1 {
                            let target = Double(words.next() >> 11) * 0x1p-53
                            while target >= table.cumulative[place] { place += 1 }
                        }
                        state = Int(table.states[place])
                    }
                    states[trajectory * (length + 1) + length] = Int32(state)
                }
                actionTotal = count * length
            }
            stateTotal = count * (length + 1)
        }
        generator = words
        actions = drawn
    }

    /// Every trajectory that has a positive probability, weighted with it.
    ///
    /// An average over it is an expectation; for small processes and lengths only.
    ///
    /// - Parameters:
    ///   - process: the process.
    ///   - policy: `[S, A]` probabilities.
    ///   - length: `T`, at least 1.
    /// - Precondition: the length is at least 1; violations trap.
    /// - Complexity: O((S A)^T).
    public init(enumerating process: TabularProcess, policy: [Double], length: Int) {
        precondition(length >= 1, "TrajectoryBatch: trajectories of \(length) steps were asked for; ask for 1 or more")
        struct Path {
            var states: [Int32]
            var actions: [Int32] = []
            var probability = 1.0
        }
        var paths = [Path(states: [Int32(process.initialState)])]
        for step in 0..<length {
            paths = paths.flatMap { path in
                var longer: [Path] = []
                for action in 0..<process.actionCount {
                    let row = Int(path.states[step]) * process.actionCount + action
                    for next in 0..<process.stateCount {
                        let chance = policy[row] * process.transitions[row * process.stateCount + next]
                        guard chance > 0 else { continue }
                        longer.append(
                            Path(
                                states: path.states + [Int32(next)], actions: path.actions + [Int32(action)],
                                probability: path.probability * chance))
                    }
                }
                return longer
            }
        }
        count = paths.count
        self.length = length
        states = paths.flatMap(\.states)
        actions = paths.flatMap(\.actions)
        weights = paths.map(\.probability)
    }
}
