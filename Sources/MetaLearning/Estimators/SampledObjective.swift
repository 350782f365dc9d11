import Foundation

/// An estimate of the derivatives of a policy's value from trajectories: a ``SurrogateEstimator`` in closed form.
///
/// With u_t = ∇ log π(a_t|s_t) and h_t = ∇² log π(a_t|s_t), the gradient and the product of the Hessian with a direction
/// are Σ c_t u_t and Σ (c_t u_t + e_t h_t direction) for certain coefficients, and both sums need only their totals for
/// each state and action.
///
/// - Complexity: O(N T) for each derivative.
public struct SampledObjective: Sendable {
    /// The estimator.
    public let estimator: SurrogateEstimator
    /// `[S, A]` probabilities of the policy.
    public let policy: [Double]
    /// The trajectories.
    public let batch: TrajectoryBatch

    private let process: TabularProcess
    /// `[N, T]` γᵗ w A_t, or γᵗ w R_t Π_{≤t} r for the DiCE that have no baseline.
    private let terms: [Double]
    private let trace: Double

    /// Prepares an estimate.
    ///
    /// - Parameters:
    ///   - process: the process.
    ///   - parameters: `[S, A]`, where to differentiate.
    ///   - batch: trajectories, drawn with these parameters except for `offPolicyDice`.
    ///   - estimator: the surrogate.
    ///   - values: `[S]` baseline, bootstrap beyond the last step; not used by the DiCE without baseline.
    ///   - addedReward: `[S, A]` to add to the process's rewards; nil adds nothing.
    ///   - trace: λ of the advantages, in `[0, 1]`.
    ///   - behaviour: `[S, A]` probabilities of the policy that drew the trajectories; needed for `offPolicyDice`.
    /// - Precondition: sizes agree, λ is in `[0, 1]`, a behaviour is given just for `offPolicyDice`; violations trap.
    public init(
        _ process: TabularProcess, parameters: [Double], batch: TrajectoryBatch, estimator: SurrogateEstimator,
        values: [Double], addedReward: [Double]? = nil, trace: Double = 1, behaviour: [Double]? = nil
    ) {
        precondition(
            values.count == process.stateCount,
            "SampledObjective: \(values.count) values for \(process.stateCount) states")
        precondition(trace >= 0 && trace <= 1, "SampledObjective: trace is \(trace); it must lie between 0 and 1")
        precondition(
            (behaviour != nil) == (estimator == .offPolicyDice),
            "SampledObjective: a behaviour policy belongs to off-policy DiCE and to it alone")
        self.process = process
        self.batch = batch
        self.estimator = estimator
        self.trace = trace
        policy = process.policy(parameters)
        let rewards = addedReward.map { sum(process.rewards, $0, times: 1) } ?? process.rewards
        if estimator.usesAdvantages {
            terms = Advantages(values: values, rewards: rewards, trace: trace).weighted(batch, process)
        } else {
            terms = Self.weightedRewards(batch, process, rewards: rewards, policy: policy, behaviour: behaviour)
        }
    }

    /// `[S, A]` the estimate of the gradient.
    public var gradient: [Double] {
        var totals = Totals(process)
        let length = batch.length
        for trajectory in 0..<batch.count {
            var later = 0.0
            for step in stride(from: length - 1, through: 0, by: -1) {
                let term = terms[trajectory * length + step]
                later += term
                totals.scores[row(trajectory, step)] += estimator.usesAdvantages ? term : later
            }
        }
        return totals.result(policy, direction: nil)
    }

    /// The estimate of the Hessian times a direction.
    ///
    /// - Parameter direction: `[S, A]`.
    /// - Returns: `[S, A]`.
    public func hessianProduct(_ direction: [Double]) -> [Double] {
        var totals = Totals(process)
        let slopes = scoreProducts(direction)
        let length = batch.length
        // Sums of slopes up to and with each step of one trajectory.
        var passed = [Double](repeating: 0, count: length)
        for trajectory in 0..<batch.count {
            var slope = 0.0
            for step in 0..<length {
                slope += slopes[row(trajectory, step)]
                passed[step] = slope
            }
            var (laterTerm, laterProduct) = (0.0, 0.0)
            for step in stride(from: length - 1, through: 0, by: -1) {
                let term = terms[trajectory * length + step]
                let row = row(trajectory, step)
                switch estimator {
                case .policyGradient:
                    totals.curvatures[row] += term
                case .lowVarianceCurvature:
                    totals.curvatures[row] += term
                    totals.scores[row] += term * slopes[row]
                case .loadedDice:
                    totals.curvatures[row] += term
                    totals.scores[row] += term * passed[step] + laterProduct
                    laterProduct += term * slopes[row]
                case .dice, .offPolicyDice:
                    laterTerm += term
                    laterProduct += term * passed[step]
                    totals.curvatures[row] += laterTerm
                    totals.scores[row] += laterProduct
                }
            }
        }
        return totals.result(policy, direction: direction)
    }

    /// How the product of the gradient with a direction changes with the rewards and with the baseline's values.
    ///
    /// - Parameter direction: `[S, A]`, a change of the policy's parameters.
    /// - Returns: derivatives by the rewards `[S, A]` and by the values `[S]`.
    /// - Precondition: the estimator uses advantages; violations trap.
    public func rewardProduct(_ direction: [Double]) -> (rewards: [Double], values: [Double]) {
        precondition(
            estimator.usesAdvantages, "SampledObjective: rewards can't be differentiated through \(estimator.rawValue)")
        let slopes = scoreProducts(direction)
        var weights = [Double](repeating: 0, count: terms.count)
        for trajectory in 0..<batch.count {
            for step in 0..<batch.length {
                weights[trajectory * batch.length + step] = slopes[row(trajectory, step)]
            }
        }
        return Advantages.pullback(weights, batch, process, trace: trace)
    }

    /// `[S, A]` products of ∇ log π(a|s) with a direction.
    private func scoreProducts(_ direction: [Double]) -> [Double] {
        var result = direction
        let width = process.actionCount
        for start in stride(from: 0, to: result.count, by: width) {
            var mean = 0.0
            for index in start..<(start + width) { mean += policy[index] * direction[index] }
            for index in start..<(start + width) { result[index] -= mean }
        }
        return result
    }

    private func row(_ trajectory: Int, _ step: Int) -> Int {
        Int(batch.states[trajectory * (batch.length + 1) + step]) * process.actionCount
            + Int(batch.actions[trajectory * batch.length + step])
    }

    private static func weightedRewards(
        _ batch: TrajectoryBatch, _ process: TabularProcess, rewards: [Double], policy: [Double], behaviour: [Double]?
    ) -> [Double] {
        let powers = discountPowers(process.discount, batch.length)
        var result = [Double](repeating: 0, count: batch.count * batch.length)
        for trajectory in 0..<batch.count {
            var ratio = batch.weights[trajectory]
            for step in 0..<batch.length {
                let row =
                    Int(batch.states[trajectory * (batch.length + 1) + step]) * process.actionCount
                    + Int(batch.actions[trajectory * batch.length + step])
                if let behaviour { ratio *= policy[row] / behaviour[row] }
                result[trajectory * batch.length + step] = powers[step] * ratio * rewards[row]
            }
        }
        return result
    }
}

/// Sums over all steps: Σ scores(s, a) ∇ log π(a|s) + Σ curvatures(s, a) ∇² log π(a|s) direction.
private struct Totals {
    var scores: [Double]
    var curvatures: [Double]
    let width: Int

    init(_ process: TabularProcess) {
        scores = [Double](repeating: 0, count: process.parameterCount)
        curvatures = scores
        width = process.actionCount
    }

    /// ∇ log π(a|s) = e_a − π, and its derivative along a direction is −π ⊙ (v − ⟨π, v⟩) whatever the action.
    func result(_ policy: [Double], direction: [Double]?) -> [Double] {
        var result = scores
        let change = direction.map { softmaxDerivative(policy, along: $0, width: width) }
        for start in stride(from: 0, to: result.count, by: width) {
            var (score, curvature) = (0.0, 0.0)
            for index in start..<(start + width) {
                score += scores[index]
                curvature += curvatures[index]
            }
            for index in start..<(start + width) {
                result[index] -= score * policy[index]
                if let change { result[index] -= curvature * change[index] }
            }
        }
        return result
    }
}
