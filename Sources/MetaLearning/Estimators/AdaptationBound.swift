public import Randomness

/// How far sampled inner steps lead from exact ones in one process, and a bound on it.
///
/// With smoothness c (the largest norm of a Hessian) and σ the deviation of a gradient from one trajectory,
///
/// E ‖θ̂_K − θ_K‖ ≤ α σ |τ|^-½ Σ_{k<K} (1 + α c)ᵏ,
///
/// since ‖θ̂_{k+1} − θ_{k+1}‖ ≤ (1 + α c) ‖θ̂_k − θ_k‖ + α ‖ĝ(θ̂_k) − g(θ̂_k)‖. The bias of a meta-gradient whose inner
/// gradients alone are sampled is at most this times the meta-gradient's Lipschitz constant.
///
/// Source: Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning", NeurIPS; the
/// bound with constants is derived here.
public struct AdaptationBound: Sendable {
    /// c: the largest absolute eigenvalue of a Hessian found on the segments between exact and sampled iterates.
    public let smoothness: Double
    /// σ: root of the largest mean squared error found of a gradient from one trajectory.
    public let deviation: Double
    /// The right side.
    public let bound: Double
    /// The left side, a mean over trials.
    public let distance: Double

    /// Measures both sides.
    ///
    /// - Parameters:
    ///   - process: the process.
    ///   - options: steps, rate, the source of inner gradients; the other sources don't matter.
    ///   - trials: how often to adapt, at least 1.
    ///   - draws: trajectories that the error of one is measured with at each iterate, at least 1.
    ///   - generator: where samples come from.
    /// - Throws: `MetaLearningError.badValue` for options outside their ranges, or an exact inner gradient.
    public init(
        _ process: TabularProcess, _ options: TabularMetaGradientOptions, trials: Int, draws: Int = 100,
        using generator: inout SplittableGenerator
    ) throws(MetaLearningError) {
        try options.check()
        guard trials >= 1, draws >= 1, case .sampled(let estimator, let count) = options.innerGradient else {
            throw .badValue(
                name: "innerGradient", value: "\(options.innerGradient) in \(trials) trials",
                reason: "a bound on its error needs a sampled one and a trial.")
        }
        let unroll = TabularUnroll(process: process, options: options)
        var path = [[Double](repeating: 0, count: process.parameterCount)]
        for _ in 0..<options.steps {
            let exact = try ExactEvaluation(process, parameters: path[path.count - 1])
            path.append(sum(path[path.count - 1], exact.gradient, times: options.rate))
        }
        var (smoothness, variance, distance) = (0.0, 0.0, 0.0)
        for _ in 0..<trials {
            var sampled = path[0]
            for step in 0..<options.steps {
                for share in [0, 0.5, 1] {
                    let difference = sum(sampled, path[step], times: -1)
                    let point = sum(path[step], difference, times: share)
                    let exact = try ExactEvaluation(process, parameters: point)
                    smoothness = max(smoothness, Self.norm(of: exact, using: &generator))
                }
                let exact = try ExactEvaluation(process, parameters: sampled)
                let errors = (0..<draws).map { _ -> Double in
                    let single = unroll.gradient(
                        .sampled(estimator, trajectories: 1), exact, sampled, using: &generator)
                    let error = sum(single, exact.gradient, times: -1)
                    return innerProduct(error, error)
                }
                variance = max(variance, errors.reduce(0, +) / Double(errors.count))
                let gradient = unroll.gradient(options.innerGradient, exact, sampled, using: &generator)
                sampled = sum(sampled, gradient, times: options.rate)
            }
            let error = sum(sampled, path[options.steps], times: -1)
            distance += innerProduct(error, error).squareRoot() / Double(trials)
        }
        var (growth, factor) = (0.0, 1.0)
        for _ in 0..<options.steps {
            growth += factor
            factor *= 1 + options.rate * smoothness
        }
        self.smoothness = smoothness
        self.distance = distance
        deviation = variance.squareRoot()
        bound = options.rate * deviation / Double(count).squareRoot() * growth
    }

    /// The largest absolute eigenvalue of the Hessian, by power iteration.
    ///
    /// 15 products bring it to a few percent: the Hessian is symmetric, and two eigenvalues of nearly one size change
    /// the direction but hardly the norm.
    private static func norm(of exact: ExactEvaluation, using generator: inout SplittableGenerator) -> Double {
        var direction = generator.normals(exact.policy.count)
        var norm = 0.0
        for _ in 0..<15 {
            let length = innerProduct(direction, direction).squareRoot()
            guard length > 0 else { return 0 }
            let product = exact.hessianProduct(direction.map { $0 / length })
            norm = innerProduct(product, product).squareRoot()
            direction = product
        }
        return norm
    }
}
