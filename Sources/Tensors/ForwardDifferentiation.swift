import CTorch

/// The value of a function and its derivative along a direction: J v, J being the Jacobian.
///
/// Forward mode.
///
/// It costs about as much as two evaluations, whatever the number of arguments and results. Both results may be
/// differentiated by an enclosing `grad`. A `jvp` inside a `jvp` traps:
/// take one of the two derivatives with `grad` or `vjp`.
///
/// - Parameters:
///   - argument: where to differentiate.
///   - direction: v, a tree like the argument. Its places for integer and bool tensors are not used.
///   - function: any tree to any tree.
/// - Returns: the value, and the derivative, a tree like the value; 0 where the value does not depend on the argument.
public func jvp<Argument: TensorTree, Value: TensorTree>(
    at argument: Argument, along direction: Argument, _ function: (Argument) throws -> Value
) rethrows -> (value: Value, derivative: Value) {
    var level: UInt64 = 0
    perform("jvp", []) { ct_dual_enter(&level, $0) }
    defer { ct_dual_exit(level) }
    let duals = argument.zipTensors(direction) { primal, tangent in
        guard primal.dtype.isFloatingPoint else { return primal }
        return call("jvp", primal, tangent) { ct_dual_make($0, $1, level, $2) }
    }
    let results = try function(duals)
    var values: [Tensor] = []
    var derivatives: [Tensor] = []
    for result in results.tensors {
        let parts = callForMany("jvp", count: 2, operands: [result]) {
            ct_dual_unpack(result.handle.pointer, level, $0, $1)
        }
        let value = parts[0] ?? result
        values.append(value)
        derivatives.append(parts[1] ?? Tensor.zeros(like: value.detached()))
    }
    return (results.replacingTensors(with: values), results.replacingTensors(with: derivatives))
}

/// The second derivative of a scalar function along a direction: H v, H being the Hessian.
///
/// Forward over reverse.
///
/// - Parameters:
///   - argument: where to differentiate.
///   - direction: v, a tree like the argument.
///   - function: must return a scalar.
/// - Returns: the gradient, and H v.
public func hessianVectorProduct<Argument: TensorTree>(
    at argument: Argument, along direction: Argument, _ function: (Argument) throws -> Tensor
) rethrows -> (gradient: Argument, product: Argument) {
    let result = try jvp(at: argument, along: direction) { point in
        try grad(at: point, createGraph: true, function)
    }
    return (result.value.mapTensors { $0.detached() }, result.derivative.mapTensors { $0.detached() })
}
