public import Tensors

/// A root of F(x, θ) = 0 in x, found by any means, as a differentiable function of θ.
///
/// The derivative is that of the implicit function theorem, dx/dθ = −(∂F/∂x)⁻¹ ∂F/∂θ, whatever the solver did: it
/// may stop a loop by numbers, or call another library. Gradients, `jvp` and derivatives of higher order are right,
/// at the price of a linear system each; inside `vmap` the solver runs for one slice after the other.
///
///     let x = root(of: { x, a in x.square() - a }, at: a) { a in a.sqrt() }
///
/// Parameters are everything to differentiate by: what the closures capture counts as constant.
///
/// - Parameters:
///   - residual: F, a tree like x made of differentiable operations.
///   - parameters: θ.
///   - options: how derivatives are found.
///   - solver: from θ, without graph, to x. The closer to a root, the better the derivatives.
/// - Returns: x.
/// - Precondition: F and x have as many tensors; violations trap.
public func root<Unknown: TensorTree, Parameters: TensorTree>(
    of residual: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Unknown, at parameters: Parameters,
    options: ImplicitOptions<Unknown> = ImplicitOptions(), solver: (Parameters) throws -> Unknown
) rethrows -> Unknown {
    try implicitSolution(of: residual, at: parameters, options: options) { parameters in
        ImplicitSolution(value: try solver(parameters), converged: true, iterations: 0, residual: 0)
    }.value
}

/// A root of F(x, θ) = 0 in x by one of this module's solvers, as a differentiable function of θ; see `root`.
///
/// - Parameters:
///   - residual: F, a tree like x made of differentiable operations.
///   - parameters: θ.
///   - start: where the solver begins; no gradient flows to it.
///   - solver: Newton's method or another.
///   - options: how derivatives are found.
/// - Returns: x with whether the solver converged.
/// - Precondition: F and x have as many tensors; violations trap.
public func root<Unknown: TensorTree, Parameters: TensorTree>(
    of residual: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Unknown, at parameters: Parameters,
    from start: Unknown, solver: some RootSolver = NewtonMethod(),
    options: ImplicitOptions<Unknown> = ImplicitOptions()
) -> ImplicitSolution<Unknown> {
    let start = start.mapTensors { $0.detached() }
    return implicitSolution(of: residual, at: parameters, options: options) { parameters in
        solver.root(of: { residual($0, parameters) }, from: start)
    }
}

/// The minimum of f(x, θ) over x, found by any means, as a differentiable function of θ.
///
/// As `root` with F = ∂f/∂x, whose Jacobian is the Hessian of f: symmetric, and positive definite at a regular minimum.
///
/// - Parameters:
///   - objective: f, a scalar made of differentiable operations. With a task axis, the sum over tasks.
///   - parameters: θ.
///   - options: how derivatives are found.
///   - solver: from θ, without graph, to x.
/// - Returns: x.
public func argmin<Unknown: TensorTree, Parameters: TensorTree>(
    of objective: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Tensor, at parameters: Parameters,
    options: ImplicitOptions<Unknown> = ImplicitOptions(), solver: (Parameters) throws -> Unknown
) rethrows -> Unknown {
    var options = options
    options.isSymmetric = true
    return try root(of: stationarity(objective), at: parameters, options: options, solver: solver)
}

/// The minimum of f(x, θ) over x by one of this module's solvers, as a differentiable function of θ; see `argmin`.
///
/// - Parameters:
///   - objective: f, a scalar made of differentiable operations.
///   - parameters: θ.
///   - start: where the solver begins; no gradient flows to it.
///   - solver: gradient descent by any transform, Newton's method, or another.
///   - options: how derivatives are found.
/// - Returns: x with whether the solver converged.
public func argmin<Unknown: TensorTree, Parameters: TensorTree>(
    of objective: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Tensor, at parameters: Parameters,
    from start: Unknown, solver: some MinimumSolver = NewtonMethod(),
    options: ImplicitOptions<Unknown> = ImplicitOptions()
) -> ImplicitSolution<Unknown> {
    var options = options
    options.isSymmetric = true
    let start = start.mapTensors { $0.detached() }
    return implicitSolution(of: stationarity(objective), at: parameters, options: options) { parameters in
        solver.minimum(of: { objective($0, parameters) }, from: start)
    }
}

/// A fixed point x = T(x, θ) as a differentiable function of θ.
///
/// As `root` with F = x − T, whose derivative is right for any way to the fixed point.
///
/// - Parameters:
///   - map: T, a tree like x made of differentiable operations.
///   - parameters: θ.
///   - start: where the iteration begins; no gradient flows to it.
///   - iteration: how to get there: plainly, or accelerated.
///   - options: how derivatives are found.
/// - Returns: x with whether the iteration converged.
public func fixedPoint<Unknown: TensorTree, Parameters: TensorTree>(
    of map: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Unknown, at parameters: Parameters,
    from start: Unknown, iteration: FixedPointIteration = FixedPointIteration(),
    options: ImplicitOptions<Unknown> = ImplicitOptions()
) -> ImplicitSolution<Unknown> {
    let start = start.mapTensors { $0.detached() }
    return implicitSolution(of: displacement(map), at: parameters, options: options) { parameters in
        iteration.fixedPoint(of: { map($0, parameters) }, from: start)
    }
}

/// x − T(x, θ).
func displacement<Unknown: TensorTree, Parameters: TensorTree>(
    _ map: @escaping (Unknown, Parameters) -> Unknown
) -> (Unknown, Parameters) -> Unknown {
    { unknown, parameters in
        unknown.zipTensors(map(unknown, parameters)) { $0.dtype.isFloatingPoint ? $0 - $1 : $0 }
    }
}

/// ∂f/∂x as a function that can be differentiated again.
private func stationarity<Unknown: TensorTree, Parameters: TensorTree>(
    _ objective: @escaping (Unknown, Parameters) -> Tensor
) -> (Unknown, Parameters) -> Unknown {
    { unknown, parameters in grad(at: unknown, createGraph: true) { objective($0, parameters) } }
}

/// The solution of a solver, connected to the parameters by the implicit function theorem.
func implicitSolution<Unknown: TensorTree, Parameters: TensorTree>(
    of residual: @escaping (Unknown, Parameters) -> Unknown, at parameters: Parameters,
    options: ImplicitOptions<Unknown>, solve: (Parameters) throws -> ImplicitSolution<Unknown>
) rethrows -> ImplicitSolution<Unknown> {
    let system = JacobianSystem(residual: residual, options: options)
    if isVectorizing { return try vectorizedSolution(system, at: parameters, solve: solve) }
    var facts: ImplicitSolution<Unknown>?
    let value = try withCustomGradient(at: parameters) { parameters in
        let solution = try solve(parameters)
        facts = solution
        return solution.value
    } pullback: { parameters, unknown, weights in
        system.pullBack(weights, from: unknown, to: parameters)
    }
    return facts?.replacing(value) ?? ImplicitSolution(value: value, converged: false, iterations: 0, residual: .nan)
}
