import Tensors

/// Steps of a fast optimiser, after every few of which the parameters go back part of the way, as `optax.lookahead`.
///
/// Slow parameters s start at the first parameters. After each k-th fast step s ← s + α(p − s), and p ← s.
/// Source: Zhang et al. 2019, arXiv:1907.08610, algorithm 1.
public struct Lookahead<Fast: GradientTransform>: GradientTransform {
    /// The fast optimiser, learning rate and sign included.
    public var fast: Fast

    /// Number k ≥ 1 of fast steps between the slow ones.
    public var period: Int

    /// How far α the slow parameters go, in `[0, 1]`.
    public var slowRate: Double

    /// Whether the fast optimiser starts afresh after each slow step.
    public var restartsFast: Bool

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - fast: the fast optimiser.
    ///   - period: k ≥ 1.
    ///   - slowRate: α in `[0, 1]`.
    ///   - restartsFast: whether the fast optimiser starts afresh after each slow step.
    /// - Precondition: numbers are in range; violations trap.
    public init(_ fast: Fast, period: Int = 5, slowRate: Double = 0.5, restartsFast: Bool = false) {
        precondition(period >= 1, "Lookahead: period is \(period), must be at least 1")
        precondition((0...1).contains(slowRate), "Lookahead: slowRate is \(slowRate), must be in [0, 1]")
        self.fast = fast
        self.period = period
        self.slowRate = slowRate
        self.restartsFast = restartsFast
    }

    /// The parameters as `slow` in `second`, the fast optimiser's state in `first`.
    ///
    /// - Parameter parameters: the parameters; their values are used.
    /// - Returns: the state before the first step.
    public func initialState(for parameters: ParameterList) -> ChainState<Fast.State, AccumulatorState> {
        var slow = AccumulatorState([.slow], for: parameters)
        slow[.slow] = parameters
        return ChainState(first: fast.initialState(for: parameters), second: slow)
    }

    /// The fast optimiser's updates, and at each k-th step what leads to the new slow parameters.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: both states.
    ///   - parameters: the fast parameters.
    /// - Returns: updates to add, and the next states.
    /// - Precondition: names agree; violations trap.
    public func update(
        _ gradients: ParameterList, state: ChainState<Fast.State, AccumulatorState>, parameters: ParameterList
    ) -> (updates: ParameterList, state: ChainState<Fast.State, AccumulatorState>) {
        let (updates, fastState) = fast.update(gradients, state: state.first, parameters: parameters)
        var next = ChainState(first: fastState, second: state.second)
        next.second.step += 1
        guard next.second.step.isMultiple(of: period) else { return (updates, next) }
        let ahead = parameters.map(with: updates) { $0 + $1 }
        let slow = next.second.advance(.slow, with: ahead) { $0.interpolated(to: $1, weight: slowRate) }
        if restartsFast { next.first = fast.initialState(for: parameters) }
        return (slow.map(with: parameters) { $0 - $1 }, next)
    }
}
