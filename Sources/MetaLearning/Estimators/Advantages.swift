/// How advantages are estimated along trajectories of a tabular process.
///
/// A_t = Σ_k (γλ)ᵏ (R_{t+k} + γ V(s_{t+k+1}) − V(s_{t+k})) up to the last step; with λ = 1 this is the discounted
/// return to the last step, with V(s_T) beyond it, less V(s_t).
struct Advantages {
    /// `[S]` estimates of the values.
    var values: [Double]
    /// `[S, A]` rewards.
    var rewards: [Double]
    /// λ in `[0, 1]`.
    var trace = 1.0

    /// `[N, T]` terms γᵗ w A_t, with the weights w of the trajectories.
    func weighted(_ batch: TrajectoryBatch, _ process: TabularProcess) -> [Double] {
        let (length, actionCount, discount) = (batch.length, process.actionCount, process.discount)
        let powers = discountPowers(discount, length)
        var result = [Double](repeating: 0, count: batch.count * length)
        for trajectory in 0..<batch.count {
            var advantage = 0.0
            for step in stride(from: length - 1, through: 0, by: -1) {
                let state = Int(batch.states[trajectory * (length + 1) + step])
                let next = Int(batch.states[trajectory * (length + 1) + step + 1])
                let action = Int(batch.actions[trajectory * length + step])
                let surprise = rewards[state * actionCount + action] + discount * values[next] - values[state]
                advantage = surprise + discount * trace * advantage
                result[trajectory * length + step] = powers[step] * batch.weights[trajectory] * advantage
            }
        }
        return result
    }

    /// Pulls weights `[N, T]` of the terms of `weighted` back to the rewards `[S, A]` and the values `[S]`.
    static func pullback(
        _ weights: [Double], _ batch: TrajectoryBatch, _ process: TabularProcess, trace: Double
    ) -> (rewards: [Double], values: [Double]) {
        let (length, actionCount, discount) = (batch.length, process.actionCount, process.discount)
        let powers = discountPowers(discount, length)
        var rewards = [Double](repeating: 0, count: process.parameterCount)
        var values = [Double](repeating: 0, count: process.stateCount)
        for trajectory in 0..<batch.count {
            // The weight of a surprise is that of its own advantage and, faded by γλ, of those before it.
            var weight = 0.0
            for step in 0..<length {
                let state = Int(batch.states[trajectory * (length + 1) + step])
                let next = Int(batch.states[trajectory * (length + 1) + step + 1])
                let action = Int(batch.actions[trajectory * length + step])
                let own = weights[trajectory * length + step] * powers[step] * batch.weights[trajectory]
                weight = own + discount * trace * weight
                rewards[state * actionCount + action] += weight
                values[next] += discount * weight
                values[state] -= weight
            }
        }
        return (rewards, values)
    }
}

/// 1, γ, γ², ...
func discountPowers(_ discount: Double, _ count: Int) -> [Double] {
    var powers = [Double](repeating: 1, count: count)
    for index in stride(from: 1, to: count, by: 1) { powers[index] = powers[index - 1] * discount }
    return powers
}
