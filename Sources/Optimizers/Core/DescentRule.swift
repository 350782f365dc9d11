import Tensors

/// A rule that steps against a direction made from gradients: what SGD, Adam and their relatives have in common.
///
/// A conformer holds its `DescentOptions` and makes directions; learning rate, weight decay and the sense of the step
/// are applied here, for all rules in one way:
///
/// 1. g ← −g when maximizing;
/// 2. g ← g + λp, unless the decay is decoupled;
/// 3. update ← −η·direction(g);
/// 4. update ← update − ηλp, when the decay is decoupled.
public protocol DescentRule: GradientTransform where State: SteppedState {
    /// Learning rate, weight decay, and whether to go up.
    var descent: DescentOptions { get set }

    /// Directions times a factor; takes the gradients into the state.
    ///
    /// - Parameters:
    ///   - gradients: gradients, decay and sense included.
    ///   - scale: multiplies the directions; with a number as learning rate −η, else 1.
    ///   - state: the state before the step; everything but `step` is brought up to date.
    /// - Returns: one direction a parameter, times `scale`.
    func directions(for gradients: ParameterList, scale: Double, state: inout State) -> ParameterList
}

extension DescentRule {
    /// Learning rate η.
    public var learningRate: Hyperparameter {
        get { descent.learningRate }
        set { descent.learningRate = newValue }
    }

    /// Weight decay λ.
    public var weightDecay: Hyperparameter {
        get { descent.weightDecay }
        set { descent.weightDecay = newValue }
    }

    /// The parameters that decay.
    public var decayMask: ParameterMask {
        get { descent.decayMask }
        set { descent.decayMask = newValue }
    }

    /// Whether steps go up instead of down.
    public var maximizes: Bool {
        get { descent.maximizes }
        set { descent.maximizes = newValue }
    }

    /// One step of the rule.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters. One that is not a number makes its parameter's update and state not
    ///     a number from then on; put `ApplyIfFinite` or `ReplaceNonFinite` around where that can happen.
    ///   - state: the state.
    ///   - parameters: the parameters.
    /// - Returns: updates to add, and the next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: State, parameters: ParameterList
    ) -> (updates: ParameterList, state: State) {
        gradients.requireSameNames(as: parameters)
        let decay = descent.weightDecay.factor(at: state.step)
        var uphill = descent.uphill(gradients)
        if !descent.isDecayDecoupled {
            uphill = addingDecay(decay, of: parameters, where: descent.decayMask, to: uphill)
        }
        var next = state
        let rate = descent.learningRate.factor(at: state.step)
        let updates = rate.descend { directions(for: uphill, scale: $0, state: &next) }
        next.step += 1
        guard descent.isDecayDecoupled else { return (updates, next) }
        return (
            addingDecay(
                rate * decay * -1, of: parameters, where: descent.decayMask, to: updates, isRetention: true), next
        )
    }
}

/// What descent rules have in common.
public struct DescentOptions: Sendable {
    /// Learning rate η.
    public var learningRate: Hyperparameter

    /// Weight decay λ.
    public var weightDecay: Hyperparameter

    /// The parameters that decay.
    public var decayMask: ParameterMask

    /// Whether the decay acts on the parameters by −ηλp, rather than on the gradients by λp.
    ///
    /// Source: Loshchilov and Hutter 2019, arXiv:1711.05101.
    public var isDecayDecoupled: Bool

    /// Whether steps go up instead of down.
    public var maximizes: Bool

    /// Creates options.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - weightDecay: λ.
    ///   - decayMask: the parameters that decay.
    ///   - isDecayDecoupled: whether the decay acts on the parameters rather than on the gradients.
    ///   - maximizes: whether steps go up.
    public init(
        learningRate: Hyperparameter, weightDecay: Hyperparameter = 0, decayMask: ParameterMask = .all,
        isDecayDecoupled: Bool = false, maximizes: Bool = false
    ) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.decayMask = decayMask
        self.isDecayDecoupled = isDecayDecoupled
        self.maximizes = maximizes
    }

    /// Gradients of what is to become small.
    func uphill(_ gradients: ParameterList) -> ParameterList {
        maximizes ? gradients.map { -$0 } : gradients
    }
}

extension Factor {
    /// −self times what `directions` makes, with numbers folded into the factor that it is given.
    func descend(_ directions: (Double) -> ParameterList) -> ParameterList {
        if case .number(let value) = self { return directions(-value) }
        let upward = self * -1
        return directions(1).map { $0 * upward }
    }
}

/// A state that counts its steps.
public protocol SteppedState: OptimizerState {
    /// Number of updates made so far.
    var step: Int { get set }
}

extension SteppedState {
    /// Shows the counter `step`.
    ///
    /// - Parameter body: takes `step`.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        body("step", &step)
    }
}
