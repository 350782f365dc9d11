public import Randomness

/// What a meta-gradient is taken of.
public enum TabularMetaParameters: Codable, Hashable, Sendable {
    /// The policy's initial parameters: few-shot reinforcement learning (MAML-RL).
    case initialParameters
    /// A table of rewards added to those of the inner objective (LIRPG); it is 0 where the meta-gradient is taken.
    case intrinsicReward
}

/// The meta-gradient of adapting a softmax policy in one tabular process, in closed form.
///
/// θ_{k+1} = θ_k + α g(θ_k) from θ_0, then λ_K = ∇J_out(θ_K) and, back through the steps, λ_k = (I + α H(θ_k)) λ_{k+1}.
/// The meta-gradient is λ_0 for the initial parameters, and Σ α ∂_r ⟨∂_θ J_in(θ_k), λ_{k+1}⟩ for an intrinsic reward.
/// Gradients g, second derivatives H and ∂_r ∂_θ, and the outer gradient each come from a source of their own.
///
/// Source: Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning", NeurIPS.
public struct TabularMetaGradient: Sendable {
    /// `[S, A]` derivative of the outer objective by the meta-parameters.
    public let gradient: [Double]
    /// `[S, A]` the policy's parameters after the inner steps.
    public let adapted: [Double]

    /// Computes a meta-gradient.
    ///
    /// - Parameters:
    ///   - process: the task.
    ///   - meta: what to differentiate by.
    ///   - options: steps, rate, sources.
    ///   - initial: `[S, A]` the policy's initial parameters; nil is the uniform policy.
    ///   - generator: where samples and noise come from; not used when all sources are exact.
    /// - Throws: `MetaLearningError` for options outside their ranges, or γ = 1 without an end.
    /// - Complexity: O(K (S³ + S² A + N T)).
    public init(
        _ process: TabularProcess, of meta: TabularMetaParameters = .initialParameters,
        _ options: TabularMetaGradientOptions, from initial: [Double]? = nil,
        using generator: inout SplittableGenerator
    ) throws(MetaLearningError) {
        try options.check()
        let unroll = TabularUnroll(process: process, options: options)
        var parameters = initial ?? [Double](repeating: 0, count: process.parameterCount)
        var curvatures: [InnerCurvature] = []
        for _ in 0..<options.steps {
            let exact = try ExactEvaluation(process, parameters: parameters)
            let step = unroll.gradient(options.innerGradient, exact, parameters, using: &generator)
            curvatures.append(unroll.curvature(exact, parameters, using: &generator))
            parameters = sum(parameters, step, times: options.rate)
        }
        let exact = try ExactEvaluation(process, parameters: parameters)
        var adjoint = unroll.gradient(options.outerGradient, exact, parameters, using: &generator)
        var rewards = [Double](repeating: 0, count: process.parameterCount)
        for curvature in curvatures.reversed() {
            if meta == .intrinsicReward {
                let product = curvature.rewardProduct(adjoint, keepsValueGradient: options.keepsValueGradient)
                rewards = sum(rewards, product, times: options.rate)
            }
            adjoint = sum(adjoint, curvature.hessianProduct(adjoint), times: options.rate)
        }
        gradient = meta == .intrinsicReward ? rewards : adjoint
        adapted = parameters
    }
}

/// The inner steps of a tabular meta-gradient.
struct TabularUnroll {
    let process: TabularProcess
    let options: TabularMetaGradientOptions

    func gradient(
        _ source: GradientSource, _ exact: ExactEvaluation, _ parameters: [Double],
        using generator: inout SplittableGenerator
    ) -> [Double] {
        guard case .sampled(let estimator, let count) = source else { return exact.gradient }
        return sampled(estimator, count, exact, parameters, trace: 1, using: &generator).gradient
    }

    fileprivate func curvature(
        _ exact: ExactEvaluation, _ parameters: [Double], using generator: inout SplittableGenerator
    ) -> InnerCurvature {
        var result = InnerCurvature(exact: exact)
        if case .sampled(let estimator, let count) = options.innerHessian {
            result.sampled = sampled(
                estimator, count, exact, parameters, trace: options.hessianTrace, using: &generator)
        }
        if options.injectedBias != 0 || options.injectedNoise != 0 {
            let scale = 2 / Double(process.parameterCount)
            result.injected = generator.normals(
                process.parameterCount, mean: options.injectedBias, standardDeviation: options.injectedNoise
            ).map { $0 * scale }
        }
        return result
    }

    private func sampled(
        _ estimator: SurrogateEstimator, _ count: Int, _ exact: ExactEvaluation, _ parameters: [Double], trace: Double,
        using generator: inout SplittableGenerator
    ) -> SampledObjective {
        let batch = TrajectoryBatch(
            process, policy: exact.policy, count: count, length: options.horizon, using: &generator)
        let norm = innerProduct(exact.values, exact.values).squareRoot()
        let noise = options.baselineNoise * norm / Double(process.stateCount)
        let draws = generator.normals(process.stateCount)
        return SampledObjective(
            process, parameters: parameters, batch: batch, estimator: estimator,
            values: sum(exact.values, draws, times: noise), trace: trace)
    }
}

/// Second derivatives of one inner step.
private struct InnerCurvature {
    let exact: ExactEvaluation
    /// The estimate, where the second derivatives aren't exact.
    var sampled: SampledObjective?
    /// Diagonal to add to the Hessian.
    var injected: [Double]?

    func hessianProduct(_ direction: [Double]) -> [Double] {
        var result = sampled?.hessianProduct(direction) ?? exact.hessianProduct(direction)
        if let injected {
            for index in result.indices { result[index] += injected[index] * direction[index] }
        }
        return result
    }

    func rewardProduct(_ direction: [Double], keepsValueGradient: Bool) -> [Double] {
        guard let sampled else { return exact.rewardProduct(direction) }
        let (rewards, values) = sampled.rewardProduct(direction)
        return keepsValueGradient ? sum(rewards, exact.rewardPullback(values), times: 1) : rewards
    }
}
