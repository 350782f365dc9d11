import Tensors

/// One transform for the parameters of a mask, another for all others.
///
///     let optimizer = ByGroup(
///         Muon(learningRate: 0.02), where: .matrices,
///         others: ByGroup(SGD(learningRate: 0.1), where: .prefix("head."), others: AdamW()))
///
/// Each transform sees and remembers its own parameters only, so a transform that looks at all together (a global norm)
/// looks at its group.
public struct ByGroup<Chosen: GradientTransform, Others: GradientTransform>: GradientTransform {
    /// Works on the chosen parameters.
    public var chosen: Chosen

    /// The choice.
    public var mask: ParameterMask

    /// Works on the rest.
    public var others: Others

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - chosen: works on the chosen parameters.
    ///   - mask: the choice.
    ///   - others: works on the rest.
    public init(_ chosen: Chosen, where mask: ParameterMask, others: Others) {
        self.chosen = chosen
        self.mask = mask
        self.others = others
    }

    /// Both transforms on their parts.
    private var parts: Chain<Masked<Chosen>, Masked<Others>> {
        Chain(Masked(chosen, where: mask), Masked(others, where: !mask))
    }

    /// Both transforms' states.
    ///
    /// - Parameter parameters: all parameters.
    /// - Returns: the state before the first step; `first` belongs to the chosen parameters, `second` to the others.
    public func initialState(for parameters: ParameterList) -> ChainState<Chosen.State, Others.State> {
        parts.initialState(for: parameters)
    }

    /// Both transforms' updates.
    ///
    /// - Parameters:
    ///   - gradients: gradients of all parameters.
    ///   - state: both states.
    ///   - parameters: all parameters.
    /// - Returns: updates of all parameters, and the next states.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: ChainState<Chosen.State, Others.State>, parameters: ParameterList
    ) -> (updates: ParameterList, state: ChainState<Chosen.State, Others.State>) {
        parts.update(gradients, state: state, parameters: parameters)
    }
}
