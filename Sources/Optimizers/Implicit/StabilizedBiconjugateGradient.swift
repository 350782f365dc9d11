import Tensors

/// BiCGStab with a preconditioner from the right.
///
/// A row whose shadow residual has become orthogonal to its residual takes its residual as the new shadow.
///
/// Source: van der Vorst 1992; Saad, Iterative Methods for Sparse Linear Systems (2003), algorithm 7.7.
func solveByBiconjugateGradient(_ system: FlatSystem) -> FlatSolution {
    var (x, residual) = system.initial()
    let bound = system.threshold.square()
    var shadow = residual.copied()
    var direction = residual.copied()
    var product = inner(residual, shadow)
    var squared = product
    var iterations = 0
    while iterations < system.maximumIterations {
        let isActive = squared .> bound
        guard isActive.isAnyTrue else { break }
        let lead = system.preconditioned(direction)
        let image = system.multiply(lead)
        let step = stepSize(product, inner(image, shadow), where: isActive)
        let half = residual - image * step
        let follow = system.preconditioned(half)
        let second = system.multiply(follow)
        let damping = stepSize(inner(second, half), inner(second, second), where: isActive)
        x = x.addingProduct(lead, step).addingProduct(follow, damping)
        residual = half - second * damping
        squared = inner(residual, residual)
        let next = inner(residual, shadow)
        // Orthogonal up to rounding, or without a step: begin anew from here.
        let limit = (squared * inner(shadow, shadow)).sqrt() * 1e-14
        let isLost = (next.absolute() .<= limit) .| (step .== 0) .| (damping .== 0)
        let factor = stepSize(next, product, where: isActive) * stepSize(step, damping, where: isActive)
        let going = residual.addingProduct(direction.addingProduct(image, damping, scale: -1), factor)
        direction = Tensor.where(isLost, residual, going)
        shadow = Tensor.where(isLost, residual, shadow)
        product = Tensor.where(isLost, squared, next)
        iterations += 2
    }
    return FlatSolution(x: x, iterations: iterations, residual: squared.sqrt(), failure: nil)
}
