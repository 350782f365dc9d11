public import Tensors

/// Stochastic gradient descent with momentum, as `torch.optim.SGD`.
///
/// With gradient g, parameter p, learning rate η, momentum μ, dampening d, weight decay λ:
/// g ← g + λp; at the first step b ← g, later b ← μb + (1 − d)g; u = g + μb with Nesterov's momentum, else b;
/// update −ηu. Without momentum u = g.
///
/// - Note: the first step is told by `state.step == 0`, not by memory of the transform, so one value serves many runs.
public struct SGD: GradientTransform {
    /// Learning rate η.
    public var learningRate: Hyperparameter

    /// Momentum μ in `[0, 1)`; 0 keeps no buffers.
    public var momentum: Hyperparameter

    /// Dampening d of the gradient's part in the buffer, in `[0, 1]`.
    public var dampening: Double

    /// Whether to look ahead along the buffer (needs momentum, and dampening 0).
    public var nesterov: Bool

    /// Weight decay λ, added to the gradient.
    public var weightDecay: Hyperparameter

    /// The parameters that decay.
    public var decayMask: ParameterMask

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - momentum: μ in `[0, 1)`; the constant 0 keeps no buffers.
    ///   - dampening: d in `[0, 1]`.
    ///   - nesterov: whether to use Nesterov's momentum.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    /// - Precondition: Nesterov's momentum needs a momentum and dampening 0; violations trap.
    public init(
        learningRate: Hyperparameter, momentum: Hyperparameter = 0, dampening: Double = 0, nesterov: Bool = false,
        weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all
    ) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
        self.weightDecay = weightDecay
        self.decayMask = decayMask
        precondition(
            !nesterov || (hasMomentum && dampening == 0),
            "SGD: Nesterov's momentum needs a momentum and dampening 0, dampening is \(dampening)")
    }

    /// Whether buffers are kept.
    var hasMomentum: Bool {
        if case .constant(let value) = momentum { value != 0 } else { true }
    }

    /// Zero buffers (none without momentum) and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> SGDState {
        SGDState(step: 0, buffers: hasMomentum ? parameters.map { Tensor.zeros(like: $0) } : nil)
    }

    /// One step of gradient descent.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: the state; with step 0 its buffers are not read.
    ///   - parameters: the parameters.
    /// - Returns: updates to add, and the next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: SGDState, parameters: ParameterList
    ) -> (updates: ParameterList, state: SGDState) {
        let rate = learningRate.factor(at: state.step) * -1
        let factor = momentum.factor(at: state.step)
        let decayed = addingDecay(
            weightDecay.factor(at: state.step), of: parameters, where: decayMask, to: gradients)
        var next = state
        next.step += 1
        guard hasMomentum, let buffers = state.buffers else {
            return (decayed.map { $0 * rate }, next)
        }
        let moved =
            state.step == 0
            ? decayed
            : buffers.map(with: decayed) { buffer, gradient in
                (buffer * factor).adding(gradient, scale: 1 - dampening)
            }
        next.buffers = moved
        let direction = nesterov ? decayed.map(with: moved) { $0.adding($1, times: factor) } : moved
        return (direction.map { $0 * rate }, next)
    }
}

/// What `SGD` remembers.
public struct SGDState: OptimizerState {
    /// Number of updates made so far.
    ///
    /// At 0 the buffers are not read; to start from buffers of your own, set 1.
    public var step: Int

    /// Momentum buffers b, one a parameter; nil without momentum.
    public var buffers: ParameterList?

    /// Creates a state.
    ///
    /// - Parameters:
    ///   - step: number of updates made so far.
    ///   - buffers: momentum buffers, one a parameter; nil without momentum.
    public init(step: Int, buffers: ParameterList?) {
        self.step = step
        self.buffers = buffers
    }

    /// Shows the buffers under `momentum`.
    ///
    /// - Parameter visitor: sees and may replace every buffer.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("momentum", &buffers)
    }

    /// Shows the counter `step`.
    ///
    /// - Parameter body: takes `step`.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        body("step", &step)
    }
}
