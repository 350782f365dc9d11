/// A Markov decision process with finitely many states and actions, whose rewards depend on state and action alone.
///
/// `S` states, `A` actions. A policy is the softmax of a table of parameters `[S, A]`; tables are flat arrays in
/// row-major order, in float64.
public struct TabularProcess: Sendable {
    /// Number of states `S`.
    public let stateCount: Int
    /// Number of actions `A`.
    public let actionCount: Int
    /// `[S, A, S]` probabilities of the next state.
    public let transitions: [Double]
    /// `[S, A]` rewards.
    public let rewards: [Double]
    /// γ in `[0, 1]`.
    public let discount: Double
    /// Where every trajectory begins.
    public let initialState: Int
    /// The next states of each state and action with their cumulative probabilities, likely ones first.
    let successors: SuccessorTable

    /// Creates a process.
    ///
    /// - Parameters:
    ///   - transitions: `[S, A, S]` probabilities of the next state; each row sums to 1.
    ///   - rewards: `[S, A]`, finite.
    ///   - stateCount: `S`, at least 1.
    ///   - actionCount: `A`, at least 1.
    ///   - discount: γ in `[0, 1]`.
    ///   - initialState: where every trajectory begins.
    /// - Throws: `MetaLearningError.badValue` for anything outside these ranges.
    public init(
        transitions: [Double], rewards: [Double], stateCount: Int, actionCount: Int, discount: Double,
        initialState: Int = 0
    ) throws(MetaLearningError) {
        guard stateCount >= 1, actionCount >= 1 else {
            throw .badValue(
                name: "size", value: "\(stateCount) x \(actionCount)", reason: "states and actions must be at least 1.")
        }
        guard discount >= 0, discount <= 1 else {
            throw .badValue(name: "discount", value: "\(discount)", reason: "it must lie between 0 and 1.")
        }
        guard (0..<stateCount).contains(initialState) else {
            throw .badValue(
                name: "initialState", value: "\(initialState)", reason: "there are \(stateCount) states, from 0.")
        }
        guard rewards.count == stateCount * actionCount, rewards.allSatisfy(\.isFinite) else {
            throw .badValue(
                name: "rewards", value: "\(rewards.count) numbers",
                reason: "there must be \(stateCount * actionCount) finite ones.")
        }
        guard transitions.count == stateCount * actionCount * stateCount else {
            throw .badValue(
                name: "transitions", value: "\(transitions.count) numbers",
                reason: "there must be \(stateCount * actionCount * stateCount).")
        }
        for row in 0..<(stateCount * actionCount) {
            let probabilities = transitions[(row * stateCount)..<((row + 1) * stateCount)]
            let sum = probabilities.reduce(0, +)
            guard probabilities.allSatisfy({ $0 >= 0 }), abs(sum - 1) < 1e-9 else {
                throw .badValue(
                    name: "transitions", value: "\(sum) in row \(row)",
                    reason: "probabilities must not be negative and sum to 1.")
            }
        }
        self.stateCount = stateCount
        self.actionCount = actionCount
        self.transitions = transitions
        self.rewards = rewards
        self.discount = discount
        self.initialState = initialState
        successors = SuccessorTable(transitions, stateCount: stateCount)
    }

    /// Numbers in a table of parameters: `S · A`.
    public var parameterCount: Int { stateCount * actionCount }

    /// The policy of a table of parameters.
    ///
    /// - Parameter parameters: `[S, A]`, finite.
    /// - Returns: `[S, A]` probabilities: the softmax of each row.
    /// - Precondition: as many parameters as the table has; violations trap.
    public func policy(_ parameters: [Double]) -> [Double] {
        precondition(
            parameters.count == parameterCount,
            "TabularProcess: \(parameters.count) parameters for a table of \(stateCount) x \(actionCount)")
        return softmaxRows(parameters, width: actionCount)
    }
}

/// The possible next states of each row of a transition table, for fast draws.
struct SuccessorTable: Sendable {
    /// Where the entries of each row begin; one more than there are rows.
    let starts: [Int32]
    let states: [Int32]
    /// Cumulative within a row; the last of a row is infinite, so that rounding can't lead beyond it.
    let cumulative: [Double]

    init(_ transitions: [Double], stateCount: Int) {
        var starts: [Int32] = [0]
        var states: [Int32] = []
        var cumulative: [Double] = []
        for row in 0..<(transitions.count / stateCount) {
            let likely = (0..<stateCount).filter { transitions[row * stateCount + $0] > 0 }
                .sorted { transitions[row * stateCount + $0] > transitions[row * stateCount + $1] }
            var sum = 0.0
            for state in likely {
                sum += transitions[row * stateCount + state]
                states.append(Int32(state))
                cumulative.append(sum)
            }
            cumulative[cumulative.count - 1] = .infinity
            starts.append(Int32(states.count))
        }
        self.starts = starts
        self.states = states
        self.cumulative = cumulative
    }
}
