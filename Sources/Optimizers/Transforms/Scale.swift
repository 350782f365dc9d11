import Tensors

/// Multiplies updates by a factor, which may follow a schedule.
public struct Scale: GradientTransform {
    /// The factor, for example −η to turn a direction into a descent step.
    public var factor: Hyperparameter

    /// Creates the transform.
    ///
    /// - Parameter factor: the factor.
    public init(by factor: Hyperparameter) {
        self.factor = factor
    }

    /// Step 0.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> StepState { StepState() }

    /// The gradients times the factor.
    ///
    /// - Parameters:
    ///   - gradients: gradients or updates.
    ///   - state: counts the steps.
    ///   - parameters: not used.
    /// - Returns: scaled updates, and the next state.
    public func update(
        _ gradients: ParameterList, state: StepState, parameters: ParameterList
    ) -> (updates: ParameterList, state: StepState) {
        let value = factor.factor(at: state.step)
        return (gradients.map { $0 * value }, StepState(step: state.step + 1))
    }
}

/// Adds λ times the parameters to the updates: with a loss's gradients, a penalty λ|p|²/2.
public struct AddDecayedWeights: GradientTransform {
    /// Weight decay λ.
    public var weightDecay: Hyperparameter

    /// The parameters that decay.
    public var mask: ParameterMask

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - weightDecay: λ.
    ///   - mask: the parameters that decay.
    public init(_ weightDecay: Hyperparameter, where mask: ParameterMask = .all) {
        self.weightDecay = weightDecay
        self.mask = mask
    }

    /// Step 0.
    ///
    /// - Parameter parameters: not used.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> StepState { StepState() }

    /// The gradients plus λ times the chosen parameters.
    ///
    /// - Parameters:
    ///   - gradients: gradients or updates.
    ///   - state: counts the steps.
    ///   - parameters: the parameters.
    /// - Returns: updates, and the next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: StepState, parameters: ParameterList
    ) -> (updates: ParameterList, state: StepState) {
        let decay = weightDecay.factor(at: state.step)
        let updates = addingDecay(decay, of: parameters, where: mask, to: gradients)
        return (updates, StepState(step: state.step + 1))
    }
}
