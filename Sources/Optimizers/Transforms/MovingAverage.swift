import Foundation
public import Tensors

/// Replaces updates by their exponential moving average, as `optax.ema`.
///
/// a ← βa + (1 − β)u from a = 0; with `debias` the update is a / (1 − βᵗ), else a.
public struct ExponentialMovingAverage: GradientTransform {
    /// Decay β, in `[0, 1)`.
    public var decay: Double

    /// Whether to divide by the sum of the weights so far.
    public var debias: Bool

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - decay: β in `[0, 1)`.
    ///   - debias: whether to divide by the sum of the weights so far.
    /// - Precondition: β is in range; violations trap.
    public init(decay: Double, debias: Bool = true) {
        requireDecays("ExponentialMovingAverage", decay)
        self.decay = decay
        self.debias = debias
    }

    /// Zero `means` and step 0.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        AccumulatorState([.means], for: parameters)
    }

    /// The average with these updates in it.
    ///
    /// - Parameters:
    ///   - gradients: gradients or updates.
    ///   - state: its average takes the updates in.
    ///   - parameters: not used.
    /// - Returns: averages, and the next state.
    public func update(
        _ gradients: ParameterList, state: AccumulatorState, parameters: ParameterList
    ) -> (updates: ParameterList, state: AccumulatorState) {
        var next = state
        let means = next.advance(.means, with: gradients) { ($0 * decay).adding($1, scale: 1 - decay) }
        next.step += 1
        return (debias ? means.scaled(by: 1 / (1 - pow(decay, Double(next.step)))) : means, next)
    }
}

/// Keeps an exponential moving average of the parameters beside another transform.
///
/// a ← βa + (1 − β)p after each step, p being the parameters then; `average(_:like:)` gives a, divided by 1 − βᵗ: a
/// mean of the parameters after all steps, in which the latest weigh most.
public struct AverageParameters<Inner: GradientTransform>: GradientTransform {
    /// Makes the updates, which are left as they are.
    public var inner: Inner

    /// Decay β, in `[0, 1)`.
    public var decay: Double

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - inner: makes the updates: the whole optimiser, learning rate and sign included.
    ///   - decay: β in `[0, 1)`.
    /// - Precondition: β is in range; violations trap.
    public init(_ inner: Inner, decay: Double = 0.999) {
        requireDecays("AverageParameters", decay)
        self.inner = inner
        self.decay = decay
    }

    /// Zero `means` in `second`, the inner state in `first`.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> ChainState<Inner.State, AccumulatorState> {
        ChainState(first: inner.initialState(for: parameters), second: AccumulatorState([.means], for: parameters))
    }

    /// The inner transform's updates.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: the inner state, and the average.
    ///   - parameters: the parameters.
    /// - Returns: the inner transform's updates, and the next state.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: ChainState<Inner.State, AccumulatorState>, parameters: ParameterList
    ) -> (updates: ParameterList, state: ChainState<Inner.State, AccumulatorState>) {
        let (updates, innerState) = inner.update(gradients, state: state.first, parameters: parameters)
        let after = parameters.map(with: updates) { $0 + $1 }
        let averaging = ExponentialMovingAverage(decay: decay, debias: false)
        let (_, means) = averaging.update(after, state: state.second, parameters: parameters)
        return (updates, ChainState(first: innerState, second: means))
    }

    /// The averaged parameters.
    ///
    /// - Parameters:
    ///   - state: a state after one step or more.
    ///   - model: gives everything that is no parameter.
    /// - Returns: the model with averages for parameters; with a state before the first step the model as it is.
    /// - Precondition: the state is one for this model; violations trap.
    public func average<Model: TensorTree>(
        _ state: ChainState<Inner.State, AccumulatorState>, like model: Model
    ) -> Model {
        guard state.second.step > 0 else { return model }
        let means = state.second[.means]
        means.requireSameNames(as: ParameterList(of: model))
        return model.replacingParameters(with: means.scaled(by: 1 / (1 - pow(decay, Double(state.second.step)))))
    }
}
