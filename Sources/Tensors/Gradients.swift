import CTorch

/// Runs a function without recording a graph, so that nothing inside it is differentiated.
///
/// The function is synchronous on purpose: the switch belongs to a thread, and a task may go on on another.
public func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
    let former = ct_grad_mode_set(false)
    defer { _ = ct_grad_mode_set(former) }
    return try body()
}

/// The value of a function and its gradient.
///
/// The gradient is a tree like the argument: the tensor in each place is the derivative of the value with respect to
/// the tensor there, in its shape and type. It is 0 for tensors that the value does not depend on, and for integer
/// and bool tensors.
///
/// - Parameters:
///   - argument: where to differentiate. It is not changed.
///   - createGraph: whether value and gradient may be differentiated again, by an enclosing call. Without it both are
///     constants for an enclosing call, and the graph is freed.
///   - function: must return a scalar that depends on floating-point tensors of its argument; otherwise it traps.
/// - Returns: the scalar, and the gradient.
public func valueAndGrad<Argument: TensorTree>(
    at argument: Argument, createGraph: Bool = false, _ function: (Argument) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Argument) {
    let result = try valueAuxiliaryAndGrad(at: argument, createGraph: createGraph) { (try function($0), ()) }
    return (result.value, result.gradient)
}

/// The gradient of a function; see `valueAndGrad`.
public func grad<Argument: TensorTree>(
    at argument: Argument, createGraph: Bool = false, _ function: (Argument) throws -> Tensor
) rethrows -> Argument {
    try valueAndGrad(at: argument, createGraph: createGraph, function).gradient
}

/// As `valueAndGrad`, for a function that returns something else beside the value to differentiate.
///
/// What is returned beside it is handed on as it is; detach tensors in it that are kept for long, since they hold on
/// to the graph that made them.
public func valueAuxiliaryAndGrad<Argument: TensorTree, Auxiliary>(
    at argument: Argument, createGraph: Bool = false, _ function: (Argument) throws -> (Tensor, Auxiliary)
) rethrows -> (value: Tensor, auxiliary: Auxiliary, gradient: Argument) {
    if ct_is_vectorizing() { return try valueAuxiliaryAndGradInsideVectorization(at: argument, createGraph, function) }
    let former = ct_grad_mode_set(true)
    defer { _ = ct_grad_mode_set(former) }
    let originals = argument.tensors
    let variables = originals.map { differentiable($0, inheriting: former) }
    let (value, auxiliary) = try function(argument.replacingTensors(with: variables))
    precondition(
        value.elementCount == 1, "Tensors: valueAndGrad of a function that returned the shape \(value.shape), no scalar"
    )
    precondition(
        value.requiresGradient,
        "Tensors: valueAndGrad of a function whose value does not depend on its argument, or only through a nested "
            + "grad without createGraph, detached() or withoutGradients")
    let gradients = gradients(
        of: [value], weights: nil, at: variables, retainGraph: createGraph, createGraph: createGraph)
    return (createGraph ? value : value.detached(), auxiliary, argument.replacingTensors(with: gradients))
}

/// The value of a function, and a function that pulls weights of its results back to its argument.
///
/// - Parameters:
///   - argument: where to differentiate.
///   - createGraph: whether what the pullback returns may be differentiated again.
///   - function: any tree to any tree.
/// - Returns: the value, and a pullback v ↦ vᵀ J, J being the Jacobian. It may be called more than once.
public func vjp<Argument: TensorTree, Value: TensorTree>(
    at argument: Argument, createGraph: Bool = false, _ function: (Argument) throws -> Value
) rethrows -> (value: Value, pullback: (Value) -> Argument) {
    precondition(!ct_is_vectorizing(), "Tensors: vjp inside vmap; use grad there, or vmap inside vjp")
    let former = ct_grad_mode_set(true)
    defer { _ = ct_grad_mode_set(former) }
    let variables = argument.tensors.map { differentiable($0, inheriting: former) }
    let value = try function(argument.replacingTensors(with: variables))
    let outputs = value.tensors
    let pullback = { (weights: Value) -> Argument in
        let given = weights.tensors
        precondition(
            given.count == outputs.count, "Tensors: pullback of \(given.count) tensors for \(outputs.count) results")
        let former = ct_grad_mode_set(true)
        defer { _ = ct_grad_mode_set(former) }
        let dependent = outputs.indices.filter { outputs[$0].requiresGradient }
        let results = gradients(
            of: dependent.map { outputs[$0] }, weights: dependent.map { given[$0] }, at: variables, retainGraph: true,
            createGraph: createGraph)
        return argument.replacingTensors(with: results)
    }
    return (createGraph ? value : value.mapTensors { $0.detached() }, pullback)
}

extension Tensor {
    /// Whether it is part of a graph that is being recorded for a gradient.
    public var requiresGradient: Bool { withExtendedLifetime(handle) { ct_requires_grad(handle.pointer) } }
}

/// Traps where there is nothing to differentiate.
private func checkDifferentiable(_ value: Tensor) {
    precondition(
        value.elementCount == 1,
        "Tensors: valueAndGrad of a function that returned the shape \(value.shape), no scalar")
    precondition(
        value.requiresGradient,
        "Tensors: valueAndGrad of a function whose value does not depend on its argument, or only through a nested "
            + "grad without createGraph, detached() or withoutGradients")
}

/// Inside `vmap` the variables belong to a level of their own, on top of the hidden dimension.
private func valueAuxiliaryAndGradInsideVectorization<Argument: TensorTree, Auxiliary>(
    at argument: Argument, _ createGraph: Bool, _ function: (Argument) throws -> (Tensor, Auxiliary)
) rethrows -> (value: Tensor, auxiliary: Auxiliary, gradient: Argument) {
    var level: Int64 = 0
    perform("grad", []) { ct_grad_level_enter(&level, $0) }
    defer { ct_grad_level_exit() }
    let former = ct_grad_mode_set(true)
    defer { _ = ct_grad_mode_set(former) }
    let variables = argument.tensors.map { tensor in
        guard tensor.dtype.isFloatingPoint else { return tensor }
        return call("grad", tensor) { ct_grad_level_variable($0, level, $1) }
    }
    let (value, auxiliary) = try function(argument.replacingTensors(with: variables))
    checkDifferentiable(value)
    // The graph of the level goes away with it; an enclosing one is recorded only where it is asked for.
    let found = gradients(of: [value], weights: nil, at: variables, retainGraph: true, createGraph: true)
    let results = ([value] + found).map { result in
        let outside = call("grad", result) { ct_grad_level_result($0, level, $1) }
        return createGraph ? outside : outside.detached()
    }
    return (results[0], auxiliary, argument.replacingTensors(with: Array(results.dropFirst())))
}

/// A tensor to differentiate by: connected to an enclosing differentiation where there is one, else a new leaf.
func differentiable(_ tensor: Tensor, inheriting isRecording: Bool) -> Tensor {
    guard tensor.dtype.isFloatingPoint else { return tensor }
    if isRecording && tensor.requiresGradient { return call("grad", tensor, ct_alias) }
    return call("grad", tensor, ct_leaf)
}

/// Gradients at variables, zeros where there is none.
func gradients(
    of outputs: [Tensor], weights: [Tensor]?, at variables: [Tensor], retainGraph: Bool, createGraph: Bool
) -> [Tensor] {
    let places = variables.indices.filter { variables[$0].requiresGradient }
    var results = variables.map { _ in Tensor?.none }
    if !places.isEmpty && !outputs.isEmpty {
        let inputs = places.map { variables[$0] }
        let found = withPointers(outputs) { y in
            withPointers(inputs) { x in
                withOptionalPointers(weights ?? []) { w in
                    callForMany("grad", count: inputs.count, operands: outputs) {
                        ct_grad(
                            y, weights == nil ? nil : w, outputs.count, x, inputs.count, retainGraph, createGraph, $0,
                            $1)
                    }
                }
            }
        }
        for (place, gradient) in zip(places, found) { results[place] = gradient }
    }
    return zip(variables, results).map { variable, gradient in gradient ?? Tensor.zeros(like: variable.detached()) }
}
