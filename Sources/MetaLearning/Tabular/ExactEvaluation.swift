/// Exact values of a softmax policy in a tabular process, with closed-form derivatives.
///
/// v = (I − γ P_π)⁻¹ r_π and d = (I − γ P_π)⁻ᵀ e₀, so that the value of the initial state is J = v₀ = Σ d π r, and
///
/// - ∂J/∂θ(s, a) = d(s) π(a|s) (q(s, a) − v(s)), Sutton et al. 2000, theorem 1;
/// - Hessian and mixed derivatives along a direction come from differentiating this once more, with the factored
///   system at hand.
///
/// - Complexity: O(S³ + S² A) to create, O(S² A) for each derivative.
public struct ExactEvaluation: Sendable {
    /// `[S, A]` probabilities π.
    public let policy: [Double]
    /// `[S]` values v.
    public let values: [Double]
    /// `[S, A]` action values q.
    public let actionValues: [Double]
    /// `[S]` expected discounted visits d from the initial state; they sum to 1 / (1 − γ).
    public let visits: [Double]

    private let process: TabularProcess
    private let system: LinearSystem

    /// Evaluates a policy.
    ///
    /// - Parameters:
    ///   - process: the process.
    ///   - parameters: `[S, A]`, finite.
    ///   - addedReward: `[S, A]` to add to the process's rewards; nil adds nothing.
    /// - Throws: `MetaLearningError.singularSystem` when values aren't finite, which needs γ = 1.
    /// - Precondition: tables have the process's sizes; violations trap.
    public init(
        _ process: TabularProcess, parameters: [Double], addedReward: [Double]? = nil
    ) throws(MetaLearningError) {
        precondition(
            (addedReward ?? process.rewards).count == process.parameterCount,
            "ExactEvaluation: added reward of \(addedReward?.count ?? 0) numbers for \(process.parameterCount)")
        self.process = process
        policy = process.policy(parameters)
        let (states, actions, discount) = (process.stateCount, process.actionCount, process.discount)
        var matrix = [Double](repeating: 0, count: states * states)
        for state in 0..<states {
            for action in 0..<actions {
                let row = state * actions + action
                let factor = -discount * policy[row]
                for next in 0..<states {
                    matrix[state * states + next] += factor * process.transitions[row * states + next]
                }
            }
            matrix[state * states + state] += 1
        }
        guard let system = LinearSystem(matrix, size: states) else {
            throw .singularSystem(discount: discount)
        }
        self.system = system
        let rewards = addedReward.map { sum(process.rewards, $0, times: 1) } ?? process.rewards
        values = system.solve(Self.contracted(policy, rewards, width: actions))
        actionValues = sum(rewards, Self.expected(values, process), times: discount)
        var start = [Double](repeating: 0, count: states)
        start[process.initialState] = 1
        visits = system.solveTransposed(start)
    }

    /// J: the value of the initial state.
    public var value: Double { values[process.initialState] }

    /// `[S, A]` ∂J/∂θ.
    public var gradient: [Double] {
        var result = policy
        let actions = process.actionCount
        for index in result.indices {
            result[index] *= visits[index / actions] * (actionValues[index] - values[index / actions])
        }
        return result
    }

    /// `[S, A]` ∂J/∂r: expected discounted visits of states and actions.
    public var rewardGradient: [Double] {
        var result = policy
        for index in result.indices { result[index] *= visits[index / process.actionCount] }
        return result
    }

    /// The Hessian of J in θ times a direction.
    ///
    /// - Parameter direction: `[S, A]`.
    /// - Returns: `[S, A]`.
    public func hessianProduct(_ direction: [Double]) -> [Double] {
        let actions = process.actionCount
        let policyChange = softmaxDerivative(policy, along: direction, width: actions)
        let valueChange = system.solve(Self.contracted(policyChange, actionValues, width: actions))
        let actionValueChange = Self.expected(valueChange, process).map { $0 * process.discount }
        let visitChange = self.visitChange(policyChange)
        return policy.indices.map { index in
            let state = index / actions
            let advantage = actionValues[index] - values[state]
            let advantageChange = actionValueChange[index] - valueChange[state]
            return (visitChange[state] * policy[index] + visits[state] * policyChange[index]) * advantage
                + visits[state] * policy[index] * advantageChange
        }
    }

    /// The mixed derivative ∂/∂r ⟨∂J/∂θ, direction⟩.
    ///
    /// - Parameter direction: `[S, A]`, a change of the policy's parameters.
    /// - Returns: `[S, A]`, a derivative by rewards.
    public func rewardProduct(_ direction: [Double]) -> [Double] {
        let actions = process.actionCount
        let policyChange = softmaxDerivative(policy, along: direction, width: actions)
        let visitChange = self.visitChange(policyChange)
        return policy.indices.map { index in
            visitChange[index / actions] * policy[index] + visits[index / actions] * policyChange[index]
        }
    }

    /// Pulls weights of the values back to the rewards: ∂/∂r Σ weights · v.
    ///
    /// - Parameter weights: `[S]`.
    /// - Returns: `[S, A]`.
    public func rewardPullback(_ weights: [Double]) -> [Double] {
        let states = system.solveTransposed(weights)
        return policy.indices.map { states[$0 / process.actionCount] * policy[$0] }
    }

    /// The change of visits that goes with a change of the policy: (I − γ P_π)⁻ᵀ γ Ṗᵀ d.
    private func visitChange(_ policyChange: [Double]) -> [Double] {
        let states = process.stateCount
        var flow = [Double](repeating: 0, count: states)
        for index in policyChange.indices {
            let factor = process.discount * visits[index / process.actionCount] * policyChange[index]
            for next in 0..<states { flow[next] += factor * process.transitions[index * states + next] }
        }
        return system.solveTransposed(flow)
    }

    /// `[S]` sums of products over actions.
    private static func contracted(_ a: [Double], _ b: [Double], width: Int) -> [Double] {
        var result = [Double](repeating: 0, count: a.count / width)
        for index in a.indices { result[index / width] += a[index] * b[index] }
        return result
    }

    /// `[S, A]` expectations of a function of the next state.
    private static func expected(_ values: [Double], _ process: TabularProcess) -> [Double] {
        let states = process.stateCount
        var result = [Double](repeating: 0, count: process.parameterCount)
        for index in result.indices {
            var sum = 0.0
            for next in 0..<states { sum += process.transitions[index * states + next] * values[next] }
            result[index] = sum
        }
        return result
    }
}
