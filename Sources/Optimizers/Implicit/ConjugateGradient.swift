import Tensors

/// Conjugate gradient with a preconditioner; systems that are solved stand still while others go on.
///
/// Source: Saad, Iterative Methods for Sparse Linear Systems (2003), algorithm 9.1.
func solveByConjugateGradient(_ system: FlatSystem) -> FlatSolution {
    if system.right.rank == 1 && system.right.device == .cpu { return solveOneByConjugateGradient(system) }
    let (x, residual) = system.initial()
    let bound = system.threshold.square()
    var weighted = system.preconditioned(residual)
    var direction = weighted.copied()
    var product = inner(residual, weighted)
    let isPlain = system.precondition == nil
    var squared = isPlain ? product : inner(residual, residual)
    var iterations = 0
    while iterations < system.maximumIterations {
        let isActive = squared .> bound
        guard isActive.isAnyTrue else { break }
        let image = system.multiply(direction)
        let step = stepSize(product, inner(direction, image), where: isActive)
        InPlace.addProduct(x, direction, step)
        InPlace.addProduct(residual, image, step, scale: -1)
        weighted = system.preconditioned(residual)
        let next = inner(residual, weighted)
        squared = isPlain ? next : inner(residual, residual)
        direction = weighted.addingProduct(direction, stepSize(next, product, where: isActive))
        product = next
        iterations += 1
    }
    return FlatSolution(x: x, iterations: iterations, residual: squared.sqrt(), failure: nil)
}

/// The same for one system on the CPU, where numbers are read out for nothing: a third of the operations.
private func solveOneByConjugateGradient(_ system: FlatSystem) -> FlatSolution {
    let (x, residual) = system.initial()
    let bound = system.threshold.item() * system.threshold.item()
    let isPlain = system.precondition == nil
    var weighted = system.preconditioned(residual)
    let direction = weighted.copied()
    var product = residual.dot(weighted).item()
    var squared = isPlain ? product : residual.dot(residual).item()
    var iterations = 0
    while iterations < system.maximumIterations, squared > bound {
        let image = system.multiply(direction)
        let curvature = direction.dot(image).item()
        guard curvature != 0 else { break }
        InPlace.add(x, direction, scale: product / curvature)
        InPlace.add(residual, image, scale: -product / curvature)
        weighted = system.preconditioned(residual)
        let next = residual.dot(weighted).item()
        squared = isPlain ? next : residual.dot(residual).item()
        InPlace.multiply(direction, next / product)
        InPlace.add(direction, weighted)
        product = next
        iterations += 1
    }
    let size = Tensor(squared.squareRoot(), dtype: .float64)
    return FlatSolution(x: x, iterations: iterations, residual: size, failure: nil)
}

/// Conjugate gradient on Aᵀ A x = Aᵀ b, which stops by b − A x.
///
/// Source: Saad (2003), algorithm 8.4 (CGNR). With a ridge λ the matrix is Aᵀ A + λ 1, and the residual that of the
/// normal equations.
func solveByNormalConjugateGradient(_ system: FlatSystem, ridge: Double) -> FlatSolution {
    guard let transposed = system.multiplyTransposed else {
        preconditionFailure("Optimizers: normal equations without products with the transposed matrix")
    }
    var normal = system
    normal.right = transposed(system.right)
    let plain = system.multiply
    normal.multiply = { vector in
        let image = transposed(plain(vector))
        return ridge == 0 ? image : image.adding(vector, scale: ridge)
    }
    if ridge > 0 {
        let size = inner(system.right, system.right).sqrt()
        let normalSize = inner(normal.right, normal.right).sqrt()
        normal.threshold = stepSize(system.threshold * normalSize, size, where: size .> 0)
        return solveByConjugateGradient(normal)
    }
    let (x, residual) = system.initial()
    let bound = system.threshold.square()
    var gradient = transposed(residual)
    var weighted = system.preconditioned(gradient)
    var direction = weighted.copied()
    var product = inner(gradient, weighted)
    var squared = inner(residual, residual)
    var iterations = 0
    while iterations < system.maximumIterations {
        let isActive = squared .> bound
        guard isActive.isAnyTrue else { break }
        let image = plain(direction)
        let step = stepSize(product, inner(image, image), where: isActive)
        InPlace.addProduct(x, direction, step)
        InPlace.addProduct(residual, image, step, scale: -1)
        squared = inner(residual, residual)
        gradient = transposed(residual)
        weighted = system.preconditioned(gradient)
        let next = inner(gradient, weighted)
        direction = weighted.addingProduct(direction, stepSize(next, product, where: isActive))
        product = next
        iterations += 1
    }
    return FlatSolution(x: x, iterations: iterations, residual: squared.sqrt(), failure: nil)
}
