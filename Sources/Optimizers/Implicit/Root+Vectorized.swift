import Tensors

/// A solution inside `vmap`.
///
/// Operations with a backward of their own don't exist there. The solver and A⁻¹ are therefore computed slice by slice
/// outside, as constants, and the solution is connected to θ by chord steps x ← x − A⁻¹ F(x, θ), made of plain
/// operations: at a root they change nothing, and with each of them one more order of derivatives in θ is right.
/// Source: with x(θ) the root, one step maps an error e to O(|e| (|e| + |Δθ|)), from which the orders follow.
func vectorizedSolution<Unknown: TensorTree, Parameters: TensorTree>(
    _ system: JacobianSystem<Unknown, Parameters>, at parameters: Parameters,
    solve: (Parameters) throws -> ImplicitSolution<Unknown>
) rethrows -> ImplicitSolution<Unknown> {
    var last: ImplicitSolution<Unknown>?
    let constants = try forEachSliceOutsideVectorization(parameters.tensors) { slices in
        let point = parameters.replacingTensors(with: slices)
        let found = try solve(point)
        if let former = last {
            last = ImplicitSolution(
                value: found.value, converged: former.converged && found.converged,
                iterations: max(former.iterations, found.iterations), residual: max(former.residual, found.residual))
        } else {
            last = found
        }
        return found.value.tensors + [system.inverseJacobian(at: found.value, point)]
    }
    guard let last else { preconditionFailure("Optimizers: a solution inside vmap over no slice") }
    var unknown = last.value.replacingTensors(with: Array(constants.dropLast()))
    let inverse = constants[constants.count - 1]
    let layout = FlatLayout(of: unknown, isBatched: false)
    for _ in 0..<chordSteps {
        let step = inverse.matmul(layout.flatten(system.residual(unknown, parameters)))
        unknown = unknown.zipTensors(layout.tree(step)) { $0.dtype.isFloatingPoint ? $0 - $1 : $0 }
    }
    return last.replacing(unknown)
}

/// Derivatives inside `vmap` are right up to this order.
private let chordSteps = 3

extension JacobianSystem {
    /// A⁻¹ at a point; NaN, and a note, where A is singular.
    func inverseJacobian(at unknown: Unknown, _ parameters: Parameters) -> Tensor {
        let jacobian = denseJacobian(at: unknown, parameters)
        do {
            return try jacobian.inverse()
        } catch {
            options.report?.noteSingular(count: jacobian.size(0))
            return Tensor.full(like: jacobian, .nan)
        }
    }
}
