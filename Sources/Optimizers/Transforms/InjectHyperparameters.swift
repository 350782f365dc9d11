public import Tensors

/// A transform whose hyper-parameters are part of its state, so that they can be changed, saved and differentiated.
///
///     let optimizer = InjectHyperparameters(
///         SGD(learningRate: 0.1, momentum: 0.9), ["learningRate": \.learningRate, "momentum": \.momentum])
///     var state = optimizer.initialState(for: model)
///     state.values["learningRate"] = Tensor(0.01)
///
/// As `optax.inject_hyperparams`: constants and tensors start the state's values, which are used from then on; a
/// schedule goes on being followed, and the state shows the value that the last step used.
public struct InjectHyperparameters<Inner: GradientTransform>: GradientTransform {
    /// Where a hyper-parameter stands in the inner transform.
    public typealias Place = WritableKeyPath<Inner, Hyperparameter> & Sendable

    /// The transform whose hyper-parameters are replaced.
    public var inner: Inner

    /// The hyper-parameters in the state, by the names that they have there.
    public var places: [String: any Place]

    /// Creates the transform.
    ///
    /// - Parameters:
    ///   - inner: the transform.
    ///   - places: hyper-parameters to hold in the state, by name.
    public init(_ inner: Inner, _ places: [String: any Place]) {
        self.inner = inner
        self.places = places
    }

    /// The hyper-parameters as they stand in the transform, and the inner state.
    ///
    /// - Parameter parameters: the parameters.
    /// - Returns: the state before the first step; numbers are of the first parameter's type.
    public func initialState(for parameters: ParameterList) -> InjectedState<Inner.State> {
        var values: [String: Tensor] = [:]
        for (name, place) in places {
            values[name] = tensor(inner[keyPath: place], at: 0, like: parameters.tensors.first)
        }
        return InjectedState(step: 0, values: values, inner: inner.initialState(for: parameters))
    }

    /// The inner transform's updates with the state's hyper-parameters.
    ///
    /// - Parameters:
    ///   - gradients: gradients at the parameters.
    ///   - state: hyper-parameters and inner state.
    ///   - parameters: the parameters.
    /// - Returns: the inner transform's updates, and the next state.
    /// - Precondition: the state has a value for every place; violations trap.
    public func update(
        _ gradients: ParameterList, state: InjectedState<Inner.State>, parameters: ParameterList
    ) -> (updates: ParameterList, state: InjectedState<Inner.State>) {
        var next = state
        var transform = inner
        for (name, place) in places {
            switch inner[keyPath: place] {
            case .scheduled:
                next.values[name] = tensor(inner[keyPath: place], at: state.step, like: parameters.tensors.first)
            case .perTask:
                transform[keyPath: place] = .perTask(value(name, of: state))
            case .constant, .tensor:
                transform[keyPath: place] = .tensor(value(name, of: state))
            }
        }
        let (updates, innerState) = transform.update(gradients, state: state.inner, parameters: parameters)
        next.inner = innerState
        next.step += 1
        return (updates, next)
    }

    private func value(_ name: String, of state: InjectedState<Inner.State>) -> Tensor {
        guard let value = state.values[name] else {
            preconditionFailure(
                "InjectHyperparameters: the state has no '\(name)', only \(state.values.keys.sorted())")
        }
        return value
    }

    private func tensor(_ hyperparameter: Hyperparameter, at step: Int, like parameter: Tensor?) -> Tensor {
        switch hyperparameter {
        case .tensor(let tensor), .perTask(let tensor): tensor
        case .constant, .scheduled:
            Tensor.full(
                [], hyperparameter.value(at: step), dtype: parameter?.dtype ?? .float32,
                device: parameter?.device ?? .cpu)
        }
    }
}

/// The state of a transform with hyper-parameters in its state.
public struct InjectedState<Inner: OptimizerState>: SteppedState {
    /// Number of updates made so far.
    public var step: Int

    /// The hyper-parameters by name.
    ///
    /// Tensors without dimensions, or `[tasks]` where the hyper-parameter is `.perTask`; may be replaced at any time.
    public var values: [String: Tensor]

    /// The inner transform's state.
    public var inner: Inner

    /// Creates a state.
    ///
    /// - Parameters:
    ///   - step: number of updates made so far.
    ///   - values: the hyper-parameters by name.
    ///   - inner: the inner transform's state.
    public init(step: Int, values: [String: Tensor], inner: Inner) {
        self.step = step
        self.values = values
        self.inner = inner
    }

    /// Shows the hyper-parameters under `values`, the inner state under `inner`.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("values", &values)
        visitor.visit("inner", &inner)
    }

    /// Shows `step`, and the inner state's counters under `inner.`.
    ///
    /// - Parameter body: takes each counter.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        body("step", &step)
        inner.visitCounters { body("inner." + $0, &$1) }
    }
}
