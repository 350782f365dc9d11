/// Where one of the derivatives in a meta-gradient comes from.
public enum GradientSource: Codable, Hashable, Sendable {
    /// The exact one.
    case exact
    /// An estimate from trajectories, at least one, drawn anew at every use.
    case sampled(SurrogateEstimator, trajectories: Int)
}

/// How a tabular meta-gradient is computed: `K` inner steps θ ← θ + α ∇J_in, then ∇J_out, chained back.
public struct TabularMetaGradientOptions: Codable, Hashable, Sendable {
    /// Inner steps `K`, at least 1.
    public var steps = 1
    /// Inner learning rate α.
    public var rate = 10.0
    /// Where the gradients of the inner steps come from.
    public var innerGradient = GradientSource.exact
    /// Where the second derivatives of the inner steps come from.
    public var innerHessian = GradientSource.exact
    /// Where the gradient of the outer objective comes from.
    public var outerGradient = GradientSource.exact
    /// Steps of each trajectory, at least 1.
    public var horizon = 20
    /// Noise of the baseline: values V are V + noise · ‖V‖ / S · N(0, 1), drawn once for each use.
    public var baselineNoise = 1.0
    /// λ of the advantages behind the second derivatives, in `[0, 1]`; the other advantages have λ = 1.
    public var hessianTrace = 1.0
    /// Whether second derivatives see that the baseline depends on an intrinsic reward.
    public var keepsValueGradient = true
    /// h: the inner objective has mean(θ² (h + injectedNoise · N(0, 1))) added where its Hessian is taken.
    public var injectedBias = 0.0
    /// Standard deviation of the noise that comes with an injected bias.
    public var injectedNoise = 0.0

    /// The published setting (Liu and others 2022): one step of rate 10, 20 steps a trajectory.
    public init() {}

    /// Checks the ranges.
    ///
    /// - Throws: `MetaLearningError.badValue` for fewer than 1 step, sample or horizon, or a rate that isn't finite.
    public func check() throws(MetaLearningError) {
        guard steps >= 1 else {
            throw .badValue(name: "steps", value: "\(steps)", reason: "a meta-gradient needs at least one inner step.")
        }
        guard horizon >= 1 else {
            throw .badValue(name: "horizon", value: "\(horizon)", reason: "trajectories need at least one step.")
        }
        guard rate.isFinite else {
            throw .badValue(name: "rate", value: "\(rate)", reason: "it must be finite.")
        }
        guard hessianTrace >= 0, hessianTrace <= 1 else {
            throw .badValue(name: "hessianTrace", value: "\(hessianTrace)", reason: "it must lie between 0 and 1.")
        }
        guard baselineNoise >= 0, injectedNoise >= 0 else {
            throw .badValue(
                name: "noise", value: "\(baselineNoise), \(injectedNoise)", reason: "it must not be negative.")
        }
        for (name, source) in [
            ("innerGradient", innerGradient), ("innerHessian", innerHessian), ("outerGradient", outerGradient),
        ] {
            guard case .sampled(let estimator, let count) = source else { continue }
            guard count >= 1 else {
                throw .badValue(
                    name: name, value: "\(count) trajectories", reason: "an estimate needs at least one.")
            }
            guard estimator != .offPolicyDice else {
                throw .badValue(
                    name: name, value: estimator.rawValue,
                    reason: "samples are drawn anew here; use SampledObjective for stored ones.")
            }
        }
    }
}
