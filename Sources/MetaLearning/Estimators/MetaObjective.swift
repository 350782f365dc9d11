public import Tensors

/// What an inner objective is evaluated for.
public enum InnerRole: Sendable, Hashable {
    /// Its gradient, which moves the parameters; nothing is differentiated through it.
    case gradient
    /// Its derivatives, through which the meta-gradient flows.
    case hessian
}

/// The unified objective of gradient-based meta-reinforcement learning.
///
/// max_φ J_out(φ, θ_K), where θ_0 = θ_0(φ) and θ_{k+1} = θ_k + α ∂_θ J_in(φ, θ_k) for K steps. Its instances differ in
/// what φ is:
///
/// | instance | φ | J_in | J_out |
/// |---|---|---|---|
/// | few-shot (MAML-RL) | θ_0 | return in a task | return in the task |
/// | opponent shaping (LOLA) | own policy | the opponent's return | own return |
/// | meta-gradient | discount, trace, weights of losses | return that they define | true return |
/// | intrinsic reward (LIRPG) | table or network of rewards | return with them | return without |
///
/// Objectives are maximised. Several tasks go along a leading axis of all parameters; the objectives then return sums
/// over them. A learning rate that is learnt is a factor of the inner objective, in φ.
///
/// Source: Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning", section 3.
public protocol MetaObjective {
    /// φ.
    associatedtype Meta: TensorTree
    /// θ.
    associatedtype Parameters: TensorTree

    /// θ_0 as a function of the meta-parameters; constant where they don't reach it.
    ///
    /// - Parameter meta: φ.
    /// - Returns: θ_0.
    /// - Throws: anything; `metaGradient` passes it on.
    func initialParameters(_ meta: Meta) throws -> Parameters

    /// The inner objective J_in, an estimate or exact.
    ///
    /// - Parameters:
    ///   - meta: φ.
    ///   - parameters: θ_k; to sample with it, read its detached numbers.
    ///   - step: k, from 0.
    ///   - role: what it is evaluated for.
    /// - Returns: a scalar that depends on the parameters.
    /// - Throws: anything; `metaGradient` passes it on.
    func inner(_ meta: Meta, _ parameters: Parameters, step: Int, role: InnerRole) throws -> Tensor

    /// The outer objective J_out, an estimate or exact.
    ///
    /// - Parameters:
    ///   - meta: φ.
    ///   - parameters: θ_K.
    /// - Returns: a scalar.
    /// - Throws: anything; `metaGradient` passes it on.
    func outer(_ meta: Meta, _ parameters: Parameters) throws -> Tensor
}

/// How a meta-gradient is unrolled.
public struct MetaGradientOptions: Codable, Hashable, Sendable {
    /// Inner steps `K`, at least 1.
    public var steps: Int
    /// Inner learning rate α.
    public var rate: Double
    /// Whether the inner objective is evaluated twice a step, for its gradient and for its second derivatives.
    ///
    /// The two can then come from different samples or estimators. Otherwise it is evaluated once, as `hessian`.
    public var separatesHessian = false

    /// Sets steps and rate.
    ///
    /// - Parameters:
    ///   - steps: `K`, at least 1.
    ///   - rate: α.
    public init(steps: Int, rate: Double) {
        self.steps = steps
        self.rate = rate
    }
}

/// What a meta-gradient comes with.
public struct MetaGradient<Objective: MetaObjective> {
    /// J_out.
    public let value: Tensor
    /// dJ_out / dφ.
    public let gradient: Objective.Meta
    /// θ_K, without a graph.
    public let adapted: Objective.Parameters
}

/// The meta-gradient of a unified objective, by differentiating through its K inner steps.
///
/// - Parameters:
///   - objective: inner and outer objective.
///   - meta: φ, where to differentiate.
///   - options: steps, rate, whether gradient and second derivatives have samples of their own.
/// - Returns: the outer objective, its derivative and the adapted parameters.
/// - Throws: what the objective throws; `MetaLearningError.badValue` for fewer than one step.
public func metaGradient<Objective: MetaObjective>(
    of objective: Objective, at meta: Objective.Meta, _ options: MetaGradientOptions
) throws -> MetaGradient<Objective> {
    guard options.steps >= 1 else {
        throw MetaLearningError.badValue(
            name: "steps", value: "\(options.steps)", reason: "a meta-gradient needs at least one inner step.")
    }
    guard options.rate.isFinite else {
        throw MetaLearningError.badValue(name: "rate", value: "\(options.rate)", reason: "it must be finite.")
    }
    let result = try valueAuxiliaryAndGrad(at: meta) { meta in
        var parameters = try objective.initialParameters(meta)
        for step in 0..<options.steps {
            parameters = try innerStep(objective, meta, parameters, step, options)
        }
        return (try objective.outer(meta, parameters), parameters)
    }
    return MetaGradient(
        value: result.value, gradient: result.gradient, adapted: result.auxiliary.mapTensors { $0.detached() })
}

/// θ + α ∂_θ J_in, with the value of one evaluation and the derivatives of another where the options say so.
private func innerStep<Objective: MetaObjective>(
    _ objective: Objective, _ meta: Objective.Meta, _ parameters: Objective.Parameters, _ step: Int,
    _ options: MetaGradientOptions
) throws -> Objective.Parameters {
    var values: [Tensor]?
    if options.separatesHessian {
        let frozen = meta.mapTensors { $0.detached() }
        values = try grad(at: parameters.mapTensors { $0.detached() }) {
            try objective.inner(frozen, $0, step: step, role: .gradient)
        }.tensors
    }
    let derivatives = try grad(at: parameters, createGraph: true) {
        try objective.inner(meta, $0, step: step, role: .hessian)
    }.tensors
    let moved = parameters.tensors.enumerated().map { index, parameter in
        let derivative = derivatives[index]
        guard let value = values?[index] else { return parameter + derivative * options.rate }
        return parameter + (value.detached() + (derivative - derivative.detached())) * options.rate
    }
    return parameters.replacingTensors(with: moved)
}
