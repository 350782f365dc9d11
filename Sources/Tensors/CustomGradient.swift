import CTorch

/// An operation of one's own: a value, and a function that pulls weights of the value back to the argument.
///
/// The value is computed without recording a graph, so that a solver's thousand steps, say, leave nothing behind; the
/// pullback stands in for their derivative.
///
///     let y = withCustomGradient(at: x) { $0.exp() } pullback: { _, y, weights in weights * y }
///
/// Derivatives of every order are right when the pullback is made of differentiable operations on what it is given:
/// inside an enclosing differentiation its three arguments are connected to the graph. Forward mode is served by the
/// pullback too, which is linear in the weights, so that its transpose pushes tangents forward.
/// Tensors that the closures capture count as constants: pass everything to differentiate by in the argument.
///
/// The pullback is let go when the graph is. It runs on the thread that asked for the gradient.
///
/// - Parameters:
///   - argument: what the value is computed from. Tensors in it may be integers or need no gradient.
///   - value: computes the value; its argument has no graph and no tangents.
///   - pullback: takes argument, value and weights (v, a tree like the value; any tensor in places of integers) and
///     returns vᵀ J, a tree like the argument; places of integers are not used.
/// - Returns: the value, in the graph when something in the argument is.
/// - Precondition: not inside `vmap`; the pullback's tree has as many tensors as the argument; otherwise it traps.
public func withCustomGradient<Argument: TensorTree, Value: TensorTree>(
    at argument: Argument, value: (Argument) throws -> Value,
    pullback: @escaping (_ argument: Argument, _ value: Value, _ weights: Value) -> Argument
) rethrows -> Value {
    precondition(
        !ct_is_vectorizing(), "Tensors: withCustomGradient inside vmap: apply vmap inside its closures instead")
    let given = argument.tensors
    let isRecording = ct_grad_mode()
    let isConnected = isRecording && given.contains { $0.dtype.isFloatingPoint && $0.requiresGradient }
    let hasTangents = given.contains(where: \.hasTangent)
    let computed = try outsideForwardMode {
        try withoutGradients { try value(argument.replacingTensors(with: given.map { $0.detached() })) }
    }
    guard isConnected || hasTangents else { return computed.mapTensors { $0.detached() } }
    let values = computed.tensors
    let run: TensorsPullback = { arguments, results, weights in
        let gradients = pullback(
            argument.replacingTensors(with: arguments), computed.replacingTensors(with: results),
            computed.replacingTensors(with: weights)
        ).tensors
        precondition(
            gradients.count == arguments.count,
            "Tensors: a pullback returned \(gradients.count) tensors for an argument of \(arguments.count)")
        return zip(arguments, gradients).map { $0.dtype.isFloatingPoint ? $1 : nil }
    }
    let results = isConnected ? attach(run, given, values) : values.map { $0.copied() }
    let tangents = hasTangents ? pushForward(run, given, results, isRecording: isConnected) : []
    perform("withCustomGradient", results) { error in
        withPointers(results) { pointers in
            withOptionalPointers(tangents) {
                ct_custom_keep(pointers, tangents.isEmpty ? nil : $0, results.count, error)
            }
        }
    }
    return computed.replacingTensors(with: results)
}

/// Gradients at the arguments (nil: none) from arguments, results and weights of the results.
private typealias TensorsPullback = (_ arguments: [Tensor], _ results: [Tensor], _ weights: [Tensor]) -> [Tensor?]

/// Keeps a pullback for the graph.
private final class PullbackContext {
    let run: TensorsPullback
    let argumentCount: Int
    let resultCount: Int

    init(_ run: @escaping TensorsPullback, argumentCount: Int, resultCount: Int) {
        self.run = run
        self.argumentCount = argumentCount
        self.resultCount = resultCount
    }
}

/// Values as results of an operation in the graph.
private func attach(_ run: @escaping TensorsPullback, _ arguments: [Tensor], _ values: [Tensor]) -> [Tensor] {
    let context = PullbackContext(run, argumentCount: arguments.count, resultCount: values.count)
    let results = withPointers(arguments) { given in
        withPointers(values) { computed in
            callForMany("withCustomGradient", count: values.count, operands: arguments) { out, error in
                ct_custom_attach(
                    given, arguments.count, computed, values.count, pullBack,
                    Unmanaged.passRetained(context).toOpaque(),
                    { Unmanaged<PullbackContext>.fromOpaque($0).release() }, out, error)
            }
        }
    }
    return results.compactMap { $0 }
}

/// What the graph calls: from references that it hands over to references that it takes.
private let pullBack: CTPullback = { pointer, arguments, results, weights, out in
    let context = Unmanaged<PullbackContext>.fromOpaque(pointer).takeUnretainedValue()
    func owned(_ pointers: UnsafePointer<OpaquePointer>?, _ count: Int) -> [Tensor] {
        UnsafeBufferPointer(start: pointers, count: count).map { Tensor(TensorHandle(owning: $0)) }
    }
    let gradients = context.run(
        owned(arguments, context.argumentCount), owned(results, context.resultCount),
        owned(weights, context.resultCount))
    for (index, gradient) in gradients.enumerated() {
        if let gradient { out?[index] = withExtendedLifetime(gradient.handle) { ct_retain(gradient.handle.pointer) } }
    }
}

/// Tangents of the results from those of the arguments: J v as the derivative of w ↦ (wᵀ J) v.
private func pushForward(
    _ run: TensorsPullback, _ arguments: [Tensor], _ results: [Tensor], isRecording: Bool
) -> [Tensor?] {
    let former = ct_grad_mode_set(true)
    defer { _ = ct_grad_mode_set(former) }
    let parts = arguments.map { argument -> (primal: Tensor, tangent: Tensor?) in
        guard argument.hasTangent else { return (argument, nil) }
        let parts = callForMany("jvp", count: 2, operands: [argument]) {
            ct_dual_unpack(argument.handle.pointer, 0, $0, $1)
        }
        return (parts[0] ?? argument, parts[1])
    }
    let points = isRecording ? parts.map(\.primal) : parts.map { $0.primal.detached() }
    let values = isRecording ? results : results.map { $0.detached() }
    let weights = values.map { differentiable(Tensor.zeros(like: $0.detached()), inheriting: false) }
    let pulled = run(points, values, weights)
    var outputs: [Tensor] = []
    var tangents: [Tensor] = []
    for (gradient, part) in zip(pulled, parts) {
        guard let gradient, let tangent = part.tangent, gradient.requiresGradient else { continue }
        outputs.append(gradient)
        tangents.append(isRecording ? tangent : tangent.detached())
    }
    let pushed = gradients(
        of: outputs, weights: tangents, at: weights, retainGraph: isRecording, createGraph: isRecording)
    return zip(results, pushed).map { $0.dtype.isFloatingPoint ? $1 : nil }
}

/// Runs a function on tensors without tangents as if no forward mode were open, so that it may open one itself.
private func outsideForwardMode<Result>(_ body: () throws -> Result) rethrows -> Result {
    let former = ct_dual_inside_set(false)
    defer { _ = ct_dual_inside_set(former) }
    return try body()
}

extension Tensor {
    /// Whether it has a tangent of an open `jvp`.
    package var hasTangent: Bool {
        withExtendedLifetime(handle) { dtype.isFloatingPoint && ct_has_tangent(handle.pointer) }
    }
}
