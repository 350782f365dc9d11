public import Tensors

/// `SGD` in place: owns the parameters and buffers, and writes into them.
///
/// Gives the trajectory of the functional optimiser with the same options, to rounding. Nothing can be differentiated
/// through it. States are interchangeable with the functional optimiser's. Not `Sendable`: one task steps and reads.
public final class InPlaceSGD<Model: TensorTree> {
    private let storage: ParameterStorage<Model>
    private let optimizer: SGD
    private let buffers: ParameterList?

    /// Number of updates made so far.
    public private(set) var stepCount: Int

    /// Creates an in-place optimiser that starts from copies of a model's parameters.
    ///
    /// - Parameters:
    ///   - optimizer: options.
    ///   - model: starting values; left as they are.
    ///   - state: the state to go on from; nil: the initial one.
    /// - Precondition: the state is one for this model and these options; violations trap.
    public init(_ optimizer: SGD, model: Model, state: SGDState? = nil) {
        storage = ParameterStorage(copying: model)
        let start = state ?? optimizer.initialState(for: storage.parameters)
        precondition(
            optimizer.hasMomentum == (start.buffers != nil),
            "InPlaceSGD: a state with buffers goes with a momentum, one without with none")
        if let buffers = start.buffers { storage.parameters.requireSameNames(as: buffers) }
        self.optimizer = optimizer
        buffers = start.buffers?.map { $0.detached().copied() }
        stepCount = start.step
    }

    /// Lends the model to a closure.
    ///
    /// - Parameter body: takes the model; its tensors change at the next step, so none of them may be kept.
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
    public func state() -> SGDState {
        SGDState(step: stepCount, buffers: buffers?.map { $0.copied() })
    }

    /// Makes one step.
    ///
    /// - Parameter gradients: gradients at the present model; left as they are.
    /// - Precondition: structure and shapes are the model's; violations trap.
    public func step(_ gradients: Model) {
        let parameters = storage.parameters
        let values = storage.gradients(of: gradients)
        let rate = optimizer.learningRate.value(at: stepCount)
        let momentum = optimizer.momentum.value(at: stepCount)
        let decay = optimizer.weightDecay.value(at: stepCount)
        for index in values.indices {
            let parameter = parameters.tensors[index]
            var gradient = optimizer.maximizes ? -values[index] : values[index]
            if decay != 0, optimizer.decayMask(parameters.names[index], shape: parameter.shape) {
                gradient = gradient.adding(parameter, scale: decay)
            }
            guard let buffer = buffers?.tensors[index] else {
                InPlace.add(parameter, gradient, scale: -rate)
                continue
            }
            if stepCount == 0 {
                InPlace.copy(buffer, from: gradient)
            } else {
                InPlace.multiply(buffer, momentum)
                InPlace.add(buffer, gradient, scale: 1 - optimizer.dampening)
            }
            if optimizer.nesterov {
                InPlace.add(parameter, gradient, scale: -rate)
                InPlace.add(parameter, buffer, scale: -rate * momentum)
            } else {
                InPlace.add(parameter, buffer, scale: -rate)
            }
        }
        stepCount += 1
    }
}
