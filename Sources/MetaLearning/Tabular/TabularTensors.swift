public import Tensors

/// Tabular processes of one size along a leading axis, for exact values that one can differentiate any number of times.
///
/// `M` processes, `S` states, `A` actions; float64.
public struct TabularTensors: Sendable {
    /// `[M, S, A, S]` probabilities of the next state.
    public let transitions: Tensor
    /// `[M, S, A]` rewards.
    public let rewards: Tensor
    /// γ.
    public let discount: Double
    /// Where trajectories begin.
    public let initialState: Int

    /// Stacks processes.
    ///
    /// - Parameter processes: at least one, of one size, discount and initial state.
    /// - Throws: `MetaLearningError.badValue` otherwise.
    public init(_ processes: [TabularProcess]) throws(MetaLearningError) {
        guard let first = processes.first,
            processes.allSatisfy({
                $0.stateCount == first.stateCount && $0.actionCount == first.actionCount
                    && $0.discount == first.discount && $0.initialState == first.initialState
            })
        else {
            throw .badValue(
                name: "processes", value: "\(processes.count) of different kinds",
                reason: "there must be at least one, all of one size, discount and initial state.")
        }
        let (states, actions) = (first.stateCount, first.actionCount)
        transitions = Tensor(
            processes.flatMap(\.transitions), shape: [processes.count, states, actions, states])
        rewards = Tensor(processes.flatMap(\.rewards), shape: [processes.count, states, actions])
        discount = first.discount
        initialState = first.initialState
    }

    /// The values of softmax policies.
    ///
    /// - Parameters:
    ///   - parameters: `[M, S, A]`.
    ///   - addedReward: `[M, S, A]` to add to the rewards; nil adds nothing.
    ///   - discount: γ to use instead of the processes', a number or a scalar to differentiate by.
    /// - Returns: `[M, S]` values of the states.
    /// - Throws: `TensorError.numericalFailure` when values aren't finite, which needs γ = 1.
    public func values(
        _ parameters: Tensor, addedReward: Tensor? = nil, discount: Tensor? = nil
    ) throws(TensorError) -> Tensor {
        let policy = parameters.softmax()
        let factor = discount ?? Tensor(self.discount, dtype: .float64)
        let flow = Tensor.einsum("msat,msa->mst", transitions, policy)
        let system = Tensor.identity(rewards.size(1), dtype: .float64) - flow * factor
        let total = addedReward.map { rewards + $0 } ?? rewards
        let right = (policy * total).sum(dimension: -1, keepDimension: true)
        return try system.solve(right).squeezed(-1)
    }

    /// The values of the initial states.
    ///
    /// - Parameters:
    ///   - parameters: `[M, S, A]`.
    ///   - addedReward: `[M, S, A]` to add to the rewards; nil adds nothing.
    ///   - discount: γ to use instead of the processes'.
    /// - Returns: `[M]`.
    /// - Throws: `TensorError.numericalFailure` when values aren't finite, which needs γ = 1.
    public func value(
        _ parameters: Tensor, addedReward: Tensor? = nil, discount: Tensor? = nil
    ) throws(TensorError) -> Tensor {
        try values(parameters, addedReward: addedReward, discount: discount).select(dimension: 1, index: initialState)
    }
}
