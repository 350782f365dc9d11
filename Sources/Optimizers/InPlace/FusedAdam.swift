public import Tensors

/// `AdamW` or `Adam` in place: owns the parameters and moments, and changes them in one fused pass a step.
///
/// Gives the trajectory of the functional optimiser with the same options, to rounding, without new memory. Nothing
/// can be differentiated through it. States are interchangeable with the functional optimiser's.
///
///     let trainer = FusedAdam(AdamW(learningRate: 3e-4), model: model)
///     for batch in batches {
///         let (loss, gradients) = trainer.withModel { valueAndGrad(at: $0) { $0.loss(batch) } }
///         trainer.step(gradients.clippedByGlobalNorm(1).clipped)
///     }
///     let trained = trainer.snapshot()
///
/// Not `Sendable`: one task steps and reads.
public final class FusedAdam<Model: TensorTree> {
    private let storage: ParameterStorage<Model>
    private let descent: DescentOptions
    private let options: AdamOptions
    private let groups: [Group]
    private let firstMoments: ParameterList
    private let secondMoments: ParameterList
    /// The step count as the fused kernel takes it: a float32 number on each device.
    private let counts: [Tensor]

    /// Number of updates made so far.
    public private(set) var stepCount: Int

    /// Parameters with the same weight decay.
    private struct Group {
        let indices: [Int]
        let decays: Bool
        /// Each parameter's step count: the one on its device.
        let counts: [Tensor]

        init(_ indices: [Int], decays: Bool, of parameters: ParameterList, counts: [Device: Tensor]) {
            self.indices = indices
            self.decays = decays
            self.counts = indices.compactMap { counts[parameters.tensors[$0].device] }
        }
    }

    /// Creates an in-place AdamW that starts from copies of a model's parameters.
    ///
    /// - Parameters:
    ///   - optimizer: options; amsgrad and ε₀ have no fused form.
    ///   - model: starting values; left as they are.
    ///   - state: moments to go on from; nil: zero moments.
    /// - Precondition: neither amsgrad nor ε₀, and the state is one for this model; violations trap.
    public convenience init(_ optimizer: AdamW, model: Model, state: AdamState? = nil) {
        self.init(model: model, state: state, descent: optimizer.descent, options: optimizer.options)
    }

    /// Creates an in-place Adam that starts from copies of a model's parameters.
    ///
    /// - Parameters:
    ///   - optimizer: options; amsgrad and ε₀ have no fused form.
    ///   - model: starting values; left as they are.
    ///   - state: moments to go on from; nil: zero moments.
    /// - Precondition: neither amsgrad nor ε₀, and the state is one for this model; violations trap.
    public convenience init(_ optimizer: Adam, model: Model, state: AdamState? = nil) {
        self.init(model: model, state: state, descent: optimizer.descent, options: optimizer.options)
    }

    private init(model: Model, state: AdamState?, descent: DescentOptions, options: AdamOptions) {
        precondition(
            !options.amsgrad && options.epsilonRoot == 0,
            "FusedAdam: amsgrad and epsilonRoot have no fused form; use the functional optimiser")
        storage = ParameterStorage(copying: model)
        let parameters = storage.parameters
        let start = state ?? AdamState(for: parameters)
        parameters.requireSameNames(as: start.firstMoments)
        parameters.requireSameNames(as: start.secondMoments)
        self.descent = descent
        self.options = options
        let counts = Dictionary(
            uniqueKeysWithValues: Set(parameters.tensors.map(\.device)).map { device in
                (device, Tensor.full([], Double(start.step), dtype: .float32, device: device))
            })
        groups = [
            Group(descent.decayMask.indices(of: parameters), decays: true, of: parameters, counts: counts),
            Group((!descent.decayMask).indices(of: parameters), decays: false, of: parameters, counts: counts),
        ]
        self.counts = Array(counts.values)
        firstMoments = start.firstMoments.map { $0.detached().copied() }
        secondMoments = start.secondMoments.map { $0.detached().copied() }
        stepCount = start.step
    }

    /// Lends the model to a closure.
    ///
    /// - Parameter body: takes the model; its tensors change at the next step, so none of them may be kept. What the
    ///   closure computes from them is its own.
    /// - Returns: what the closure returns.
    public func withModel<Result>(_ body: (Model) throws -> Result) rethrows -> Result {
        try storage.withModel(body)
    }

    /// A copy of the model as it is now.
    ///
    /// - Returns: a model that later steps leave as it is.
    public func snapshot() -> Model {
        storage.snapshot()
    }

    /// A copy of the state as it is now, for a checkpoint or for the functional optimiser.
    ///
    /// - Returns: a state that later steps leave as it is.
    public func state() -> AdamState {
        var state = AdamState(for: ParameterList(names: [], tensors: []))
        state.step = stepCount
        state.firstMoments = firstMoments.map { $0.copied() }
        state.secondMoments = secondMoments.map { $0.copied() }
        return state
    }

    /// Makes one step.
    ///
    /// - Parameter gradients: gradients at the present model; left as they are.
    /// - Precondition: structure and shapes are the model's; violations trap.
    public func step(_ gradients: Model) {
        let values = storage.gradients(of: gradients)
        let rate = descent.learningRate.value(at: stepCount)
        let decay = descent.weightDecay.value(at: stepCount)
        stepCount += 1
        for count in counts { InPlace.fill(count, Double(stepCount)) }
        for group in groups where !group.indices.isEmpty {
            func chosen(_ tensors: [Tensor]) -> [Tensor] { group.indices.map { tensors[$0] } }
            InPlace.adam(
                parameters: chosen(storage.parameters.tensors), gradients: chosen(values),
                first: chosen(firstMoments.tensors), second: chosen(secondMoments.tensors),
                steps: group.counts,
                options: AdamStep(
                    learningRate: rate, beta1: options.firstMomentDecay, beta2: options.secondMomentDecay,
                    weightDecay: group.decays ? decay : 0, epsilon: options.epsilon,
                    isDecoupled: descent.isDecayDecoupled, maximizes: descent.maximizes))
        }
    }
}
