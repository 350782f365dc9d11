public import Tensors

/// Stochastic gradient descent with momentum, as `torch.optim.SGD`.
///
/// With gradient g, parameter p, learning rate η, momentum μ, dampening d, weight decay λ:
/// g ← g + λp; at the first step b ← g, later b ← μb + (1 − d)g; u = g + μb with Nesterov's momentum, else b;
/// update −ηu. Without momentum u = g.
///
/// - Note: the first step is told by `state.step == 0`, not by memory of the transform, so one value serves many runs.
public struct SGD: DescentRule {
    /// Learning rate η, weight decay λ (added to the gradient), and whether to go up.
    public var descent: DescentOptions

    /// Momentum μ in `[0, 1)`; 0 keeps no buffers.
    public var momentum: Hyperparameter

    /// Dampening d of the gradient's part in the buffer, in `[0, 1]`.
    public var dampening: Double

    /// Whether to look ahead along the buffer (needs momentum, and dampening 0).
    public var nesterov: Bool

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - momentum: μ in `[0, 1)`; the constant 0 keeps no buffers.
    ///   - dampening: d in `[0, 1]`.
    ///   - nesterov: whether to use Nesterov's momentum.
    ///   - weightDecay: λ, added to the gradient.
    ///   - decayMask: the parameters that decay.
    ///   - maximizes: whether steps go up.
    /// - Precondition: Nesterov's momentum needs a momentum and dampening 0; violations trap.
    public init(
        learningRate: Hyperparameter, momentum: Hyperparameter = 0, dampening: Double = 0, nesterov: Bool = false,
        weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all, maximizes: Bool = false
    ) {
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, maximizes: maximizes)
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
        precondition(
            !nesterov || (hasMomentum && dampening == 0),
            "SGD: Nesterov's momentum needs a momentum and dampening 0, dampening is \(dampening)")
    }

    /// Whether buffers are kept.
    var hasMomentum: Bool { !momentum.isConstantZero }

    /// Zero buffers (none without momentum) and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> SGDState {
        SGDState(step: 0, buffers: hasMomentum ? parameters.map { Tensor.zeros(like: $0) } : nil)
    }

    /// The gradients, or the buffers that they move.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its buffers are moved; with step 0 they are not read.
    /// - Returns: directions times `scale`.
    public func directions(for gradients: ParameterList, scale: Double, state: inout SGDState) -> ParameterList {
        guard hasMomentum, let buffers = state.buffers else { return gradients.scaled(by: scale) }
        let factor = momentum.factor(at: state.step)
        let moved =
            state.step == 0
            ? gradients
            : buffers.map(with: gradients) { buffer, gradient in
                (buffer * factor).adding(gradient, scale: 1 - dampening)
            }
        state.buffers = moved
        let ahead = nesterov ? gradients.map(with: moved) { $0.adding($1, times: factor) } : moved
        return ahead.scaled(by: scale)
    }
}

/// What `SGD` remembers.
public struct SGDState: SteppedState {
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
}
