public import Tensors

/// A pure rule that turns gradients into updates: an optimiser, or a piece of one such as clipping.
///
/// A transform is a value of options. What it remembers is another value, its state, that is passed in and returned;
/// nothing is hidden, and nothing is changed in place. Updates are made with differentiable operations only, so
/// gradients flow through any number of steps into parameters, states, and hyper-parameters given as tensors.
///
///     let optimizer = AdamW(learningRate: 3e-4)
///     var state = optimizer.initialState(for: model)
///     let (_, gradients) = valueAndGrad(at: model) { loss($0, batch) }
///     let (updates, next) = optimizer.update(gradients, state: state, parameters: model)
///     model = model.applying(updates)
///     state = next
///
/// Conformers write the two methods on flat lists; callers use the generic ones on trees. Updates are added to the
/// parameters: an optimiser's learning rate and sign are already in them.
public protocol GradientTransform: Sendable {
    /// What the transform remembers between steps.
    associatedtype State: OptimizerState

    /// The state before the first step.
    ///
    /// - Parameter parameters: the parameters; only shapes, types, devices and names are used.
    /// - Returns: a state on the parameters' devices.
    func initialState(for parameters: ParameterList) -> State

    /// The update that follows from gradients.
    ///
    /// - Parameters:
    ///   - gradients: one a parameter, with the parameter's name, shape and type.
    ///   - state: what `initialState(for:)` or the last `update` returned.
    ///   - parameters: the parameters at which the gradients were taken.
    /// - Returns: updates to add to the parameters, and the state for the next step.
    /// - Precondition: the three have the same names; violations trap.
    func update(
        _ gradients: ParameterList, state: State, parameters: ParameterList
    ) -> (updates: ParameterList, state: State)
}

extension GradientTransform {
    /// The state before the first step, for a tree of parameters.
    ///
    /// - Parameter parameters: a model or any tree of floating-point tensors.
    /// - Returns: a state on the parameters' devices.
    public func initialState<Parameters: TensorTree>(for parameters: Parameters) -> State {
        initialState(for: ParameterList(of: parameters))
    }

    /// The update that follows from gradients, for a tree of parameters.
    ///
    /// - Parameters:
    ///   - gradients: a tree of the parameters' structure.
    ///   - state: what `initialState(for:)` or the last `update` returned.
    ///   - parameters: the parameters at which the gradients were taken.
    /// - Returns: updates to add to the parameters (`parameters.applying(updates)`), and the state for the next step.
    /// - Precondition: the trees have the same structure; violations trap.
    public func update<Parameters: TensorTree>(
        _ gradients: Parameters, state: State, parameters: Parameters
    ) -> (updates: Parameters, state: State) {
        let (updates, next) = update(
            ParameterList(of: gradients), state: state, parameters: ParameterList(of: parameters))
        return (gradients.replacingParameters(with: updates), next)
    }

    /// Makes one step: replaces parameters and state by those after the update.
    ///
    /// - Parameters:
    ///   - parameters: the parameters at which the gradients were taken; replaced.
    ///   - gradients: a tree of the parameters' structure.
    ///   - state: replaced by the state for the next step.
    /// - Precondition: the trees have the same structure; violations trap.
    public func step<Parameters: TensorTree>(
        _ parameters: inout Parameters, gradients: Parameters, state: inout State
    ) {
        let (updates, next) = update(gradients, state: state, parameters: parameters)
        parameters = parameters.applying(updates)
        state = next
    }
}

extension TensorTree {
    /// The tree with updates added leaf by leaf.
    ///
    /// - Parameter updates: a tree of the same structure.
    /// - Returns: `self + updates`, out of place and differentiable in both.
    /// - Precondition: the trees have as many leaves; violations trap.
    public func applying(_ updates: Self) -> Self {
        let (mine, others) = (tensors, updates.tensors)
        if mine.count != others.count { ParameterList(of: self).requireSameNames(as: ParameterList(of: updates)) }
        return replacingTensors(with: Tensor.sums(mine, others))
    }
}
