import Foundation
public import Tensors

/// Proximal gradient descent on f + g, f smooth, g with a proximal operator; with momentum it is FISTA.
///
/// x ← prox(y − η ∇f(y), η), with y = x, or ahead of x by momentum that starts anew when it points uphill.
///
/// Source: Beck and Teboulle 2009, SIAM J. Imaging Sci. 2 (step by backtracking, FISTA); O'Donoghue and Candès 2015
/// (gradient restart).
public struct ProximalGradient: Sendable {
    /// η, the first one tried; nil starts at 1.
    ///
    /// Where a step doesn't fit the quadratic bound on f, η is halved for good.
    public var step: Double?

    /// Whether steps are taken as they are, without a look at f.
    public var hasFixedStep: Bool

    /// Whether momentum is used.
    public var isAccelerated: Bool

    /// At most so many steps.
    public var maximumIterations: Int

    /// Converged when the largest |x − prox(x − η ∇f(x), η)| / η is at most this; nil means 1e-8 in float64 and 1e-4 in
    /// shorter types.
    public var tolerance: Double?

    /// Creates the method.
    ///
    /// - Parameters:
    ///   - step: η > 0; nil: found by halving from 1.
    ///   - isAccelerated: whether momentum is used.
    ///   - maximumIterations: bound on steps.
    ///   - tolerance: on the largest element of the gradient map; nil: by element type.
    public init(
        step: Double? = nil, isAccelerated: Bool = true, maximumIterations: Int = 10_000, tolerance: Double? = nil
    ) {
        precondition(step.map { $0 > 0 } ?? true, "Optimizers: a step must be above 0")
        self.step = step
        hasFixedStep = step != nil
        self.isAccelerated = isAccelerated
        self.maximumIterations = maximumIterations
        self.tolerance = tolerance
    }

    /// A minimum of f + g.
    ///
    /// - Parameters:
    ///   - smooth: f, differentiable.
    ///   - start: where to begin.
    ///   - proximal: (v, η) ↦ the x that makes g(x) + ‖x − v‖² / (2 η) smallest.
    /// - Returns: the minimum, where its `step` is the last η; `residual` is the largest element of the gradient map.
    public func minimum<Unknown: TensorTree>(
        of smooth: (Unknown) -> Tensor, from start: Unknown, proximal: (_ point: Unknown, _ step: Double) -> Unknown
    ) -> ImplicitSolution<Unknown> {
        let goal = tolerance ?? (start.tensors.contains { $0.dtype == .float64 } ? 1e-8 : 1e-4)
        var rate = step ?? 1
        var point = start
        var ahead = start
        var momentum = 1.0
        var iterations = 0
        var size = Double.infinity
        while iterations < maximumIterations {
            let (value, gradient) = valueAndGrad(at: ahead, smooth)
            var next = withoutGradients { proximal(ahead.stepped(gradient, scale: -rate), rate) }
            while !hasFixedStep && rate > 1e-30
                && exceedsBound(smooth, next: next, from: ahead, value: value, gradient: gradient, rate: rate)
            {
                rate /= 2
                next = withoutGradients { proximal(ahead.stepped(gradient, scale: -rate), rate) }
            }
            iterations += 1
            let moved = next.stepped(ahead, scale: -1)
            size = largestElement(moved) / rate
            let travelled = next.stepped(point, scale: -1)
            point = next
            if !(size > goal) { break }
            if isAccelerated && innerProduct(moved, travelled) >= 0 {
                let following = (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
                ahead = point.stepped(travelled, scale: (momentum - 1) / following)
                momentum = following
            } else {
                momentum = 1
                ahead = point
            }
        }
        return ImplicitSolution(value: point, converged: size <= goal, iterations: iterations, residual: size)
    }

    /// Whether f(next) lies above f + ∇f · d + ‖d‖² / (2 η) by more than rounding.
    private func exceedsBound<Unknown: TensorTree>(
        _ smooth: (Unknown) -> Tensor, next: Unknown, from point: Unknown, value: Tensor, gradient: Unknown,
        rate: Double
    ) -> Bool {
        let difference = next.stepped(point, scale: -1)
        let bound =
            value.item() + innerProduct(gradient, difference) + innerProduct(difference, difference) / (2 * rate)
        let found = withoutGradients { smooth(next).item() }
        let rounding = value.dtype == .float64 ? 1e-12 : 1e-5
        return !(found <= bound + rounding * Swift.max(1, abs(bound)))
    }
}

/// Inner product of the floating-point tensors of two trees.
private func innerProduct<Tree: TensorTree>(_ a: Tree, _ b: Tree) -> Double {
    zip(a.tensors, b.tensors).filter { $0.0.dtype.isFloatingPoint }.reduce(0) { $0 + ($1.0 * $1.1).sum().item() }
}

/// The minimum of f(x, θ) + g(x, θ) over x, g with a proximal operator, as a differentiable function of θ.
///
/// Differentiated through its fixed point x = prox(x − η ∇f(x, θ), θ, η), so prox must be made of differentiable
/// operations (`Proximal` has some). Where the solution lies on a kink (an element of a lasso solution that is just
/// about to leave 0), there is no derivative, and one of the one-sided ones is returned.
///
/// - Parameters:
///   - smooth: f, a scalar made of differentiable operations.
///   - parameters: θ.
///   - start: where the solver begins; no gradient flows to it.
///   - method: steps, momentum and when to stop.
///   - options: how derivatives are found; by GMRES or the dense way, since the fixed point's Jacobian isn't symmetric.
///   - proximal: (v, θ, η) ↦ the x that makes g(x, θ) + ‖x − v‖² / (2 η) smallest.
/// - Returns: x with whether the method converged.
public func proximalArgmin<Unknown: TensorTree, Parameters: TensorTree>(
    of smooth: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Tensor, at parameters: Parameters,
    from start: Unknown, method: ProximalGradient = ProximalGradient(),
    options: ImplicitOptions<Unknown> = ImplicitOptions(),
    proximal: @escaping (_ point: Unknown, _ parameters: Parameters, _ step: Double) -> Unknown
) -> ImplicitSolution<Unknown> {
    // The fixed point is the same for every step; one near 1 / curvature keeps its Jacobian well-conditioned.
    let rate = method.step ?? 1
    let map = { (unknown: Unknown, parameters: Parameters) -> Unknown in
        let gradient = grad(at: unknown, createGraph: true) { smooth($0, parameters) }
        let moved = unknown.zipTensors(gradient) { $0.dtype.isFloatingPoint ? $0 - $1 * rate : $0 }
        return proximal(moved, parameters, rate)
    }
    let start = start.mapTensors { $0.detached() }
    return implicitSolution(of: displacement(map), at: parameters, options: options) { parameters in
        method.minimum(of: { smooth($0, parameters) }, from: start) { proximal($0, parameters, $1) }
    }
}

/// The minimum of f(x, θ) over x in a convex set, as a differentiable function of θ.
///
/// Projected gradient descent, differentiated through x = P(x − η ∇f(x, θ), θ).
///
/// - Parameters:
///   - objective: f, a scalar made of differentiable operations.
///   - parameters: θ.
///   - start: where the solver begins; no gradient flows to it.
///   - method: steps, momentum and when to stop.
///   - options: how derivatives are found.
///   - projection: (v, θ) ↦ the point of the set that is nearest to v, made of differentiable operations (`Projection`
///     has some).
/// - Returns: x with whether the method converged.
public func projectedArgmin<Unknown: TensorTree, Parameters: TensorTree>(
    of objective: @escaping (_ unknown: Unknown, _ parameters: Parameters) -> Tensor, at parameters: Parameters,
    from start: Unknown, method: ProximalGradient = ProximalGradient(),
    options: ImplicitOptions<Unknown> = ImplicitOptions(),
    projection: @escaping (_ point: Unknown, _ parameters: Parameters) -> Unknown
) -> ImplicitSolution<Unknown> {
    proximalArgmin(of: objective, at: parameters, from: start, method: method, options: options) {
        point, parameters, _ in
        projection(point, parameters)
    }
}
