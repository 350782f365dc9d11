import Optimizers
import Tensors
import TestSupport
import Testing

@Suite struct LinearSolverTests {
    let generator = TensorGenerator(seed: 21)

    func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    static let general: [LinearSolver] = [
        .normalConjugateGradient, .generalizedMinimalResidual, .stabilizedBiconjugateGradient, .dense,
        LinearSolver(.generalizedMinimalResidual(restart: 4), maximumIterations: 400),
        LinearSolver(.neumann(step: 0.15), maximumIterations: 1000),
    ]

    /// Well-conditioned, positive definite in its symmetric part, but not symmetric; eigenvalues near 1 to 5.
    func matrix(_ count: Int) -> Tensor {
        let a = normal([count, count]) * (0.5 / Double(count).squareRoot())
        return Tensor.identity(count, dtype: .float64) * 3 + a
            + Tensor.linspace(-1, 1, count: count, dtype: .float64)
            .diagonalMatrix()
    }

    @Test(arguments: general) func solvesGeneralSystems(solver: LinearSolver) {
        let a = matrix(12)
        let b = normal([12])
        let solution = solver.solve(b) { a.matmul($0) }
        #expect(solution.converged, "\(solver): \(solution)")
        #expect(solution.relativeResidual < 1e-10)
        let gap = (a.matmul(solution.solution) - b).norm().item()
        #expect(gap <= 1.1e-10 * b.norm().item())
    }

    @Test(arguments: general + [.conjugateGradient]) func solvesForScalars(solver: LinearSolver) {
        // TorchOpt allows 10 · sum(shape) = 0 iterations for a scalar, and returns 0 without a word.
        let solution = solver.solve(Tensor(6.0, dtype: .float64)) { $0 * 3.0 }
        #expect(solution.converged)
        #expect(solution.solution.shape == [])
        #expect(abs(solution.solution.item() - 2) < 1e-9)
    }

    @Test func solvesOnTrees() {
        let a = matrix(7)
        let symmetric = a + a.transposed()
        let b = Pair(normal([2, 3]), normal([]))
        func product(_ x: Pair<Tensor, Tensor>) -> Pair<Tensor, Tensor> {
            let flat = symmetric.matmul(Tensor.concatenated([x.first.reshaped([6]), x.second.reshaped([1])]))
            return Pair(flat.slice(dimension: 0, end: 6).reshaped([2, 3]), flat[6])
        }
        for solver in Self.general.prefix(4) + [.conjugateGradient] {
            let solution = solver.solve(b, product: product)
            #expect(solution.converged, "\(solver)")
            let back = product(solution.solution)
            #expect(back.first.isClose(to: b.first, relative: 1e-9, absolute: 1e-9))
            #expect(back.second.isClose(to: b.second, relative: 1e-9, absolute: 1e-9))
        }
    }

    @Test(arguments: [
        LinearSolver.Method.conjugateGradient, .normalConjugateGradient, .generalizedMinimalResidual(restart: 30),
        .generalizedMinimalResidual(restart: 3), .stabilizedBiconjugateGradient, .neumann(step: 0.1), .dense,
    ])
    func batchesAreIndependentSystems(method: LinearSolver.Method) {
        // Systems of very different sizes and conditions, one of them with b = 0.
        let scales = Tensor([1.0, 100.0, 0.01, 1.0], shape: [4, 1])
        let matrices = Tensor.stacked((0..<4).map { _ in matrix(6) }.map { $0.matmul($0.transposed()) * 0.2 })
        let b = normal([4, 6]) * scales * Tensor([1.0, 1.0, 1.0, 0.0], shape: [4, 1])
        let solver = LinearSolver(method, maximumIterations: 2000, isBatched: true)
        let solution = solver.solve(b) { matrices.matmul($0.unsqueezed(-1)).squeezed(-1) }
        #expect(solution.converged, "\(solution)")
        for index in 0..<4 {
            let gap = (matrices[index].matmul(solution.solution[index]) - b[index]).norm().item()
            #expect(gap <= 1.1e-10 * b[index].norm().item(), "system \(index)")
        }
        #expect(solution.solution[3].norm().item() == 0)
    }

    @Test func ridgePreconditionerAndWarmStart() {
        let diagonal = Tensor.linspace(1, 1000, count: 40, dtype: .float64)
        let b = normal([40])
        let ridged = LinearSolver.conjugateGradient(tolerance: 1e-10, ridge: 2).solve(b) { $0 * diagonal }
        #expect(ridged.solution.isClose(to: b / (diagonal + 2), relative: 1e-8, absolute: 1e-12))
        let plain = LinearSolver.conjugateGradient.solve(b) { $0 * diagonal }
        for solver in [LinearSolver.conjugateGradient, .generalizedMinimalResidual, .stabilizedBiconjugateGradient] {
            let helped = solver.solve(b, preconditioner: { $0 / diagonal }, product: { $0 * diagonal })
            #expect(helped.converged && helped.iterations <= 2, "\(solver)")
            let warm = solver.solve(b, from: plain.solution + 1e-12, product: { $0 * diagonal })
            #expect(warm.converged && warm.iterations < plain.iterations, "\(solver)")
        }
        let normal = LinearSolver(.normalConjugateGradient, ridge: 3).solve(b) { $0 * diagonal }
        #expect(normal.solution.isClose(to: b * diagonal / (diagonal.square() + 3), relative: 1e-6, absolute: 1e-12))
    }

    @Test func failuresAreSaid() throws {
        let b = normal([8])
        let diagonal = Tensor.linspace(1, 1e6, count: 8, dtype: .float64)
        let short = LinearSolver.conjugateGradient(tolerance: 1e-12, maximumIterations: 3).solve(b) { $0 * diagonal }
        #expect(short.failure == .iterationLimit && short.iterations == 3)
        #expect(throws: ImplicitError.self) { try short.checked() }
        let singular = LinearSolver.dense.solve(b) { $0 * 0.0 }
        #expect(singular.failure == .singular && singular.solution.isNaN().all().item() != 0)
        for solver in [LinearSolver.conjugateGradient, .generalizedMinimalResidual, .stabilizedBiconjugateGradient] {
            let nothing = solver.solve(b) { $0 * 0.0 }
            #expect(!nothing.converged, "\(solver)")
            let bad = solver.solve(b) { $0 * Double.nan }
            #expect(bad.failure == .notFinite, "\(solver): \(bad)")
        }
        // A consistent singular system is solved; an inconsistent one isn't.
        let mask = Tensor([1.0, 1, 1, 1, 0, 0, 0, 0])
        #expect(LinearSolver.conjugateGradient.solve(b * mask) { $0 * mask }.converged)
        #expect(!LinearSolver.conjugateGradient.solve(b) { $0 * mask }.converged)
        #expect(try LinearSolver.conjugateGradient.solve(b * 0.0) { $0 * 2.0 }.checked().norm().item() == 0)
    }

    @Test func denseSystemsAreJudgedByWhatRoundingAllows() {
        // Condition 1e5 in float32: no method reaches a residual of 1e-5 ‖b‖, and the factorisation is as good as any.
        let diagonal = Tensor.linspace(-5, 0, count: 6, dtype: .float64).to(.float32)
        let rotation = normal([6, 6]).qr().q.to(.float32)
        let a = rotation.matmul((Tensor.pow(10, diagonal)).diagonalMatrix()).matmul(rotation.transposed())
        #expect(LinearSolver.dense.solve(normal([6]).to(.float32)) { a.matmul($0) }.converged)
        // Singular but for rounding.
        let rows = Tensor([1.0, 2, 3, 4, 5, 6, 7, 8, 9], shape: [3, 3]) * 0.1
        let lost = LinearSolver.dense.solve(Tensor([1.0, -2, 3])) { rows.matmul($0) }
        #expect(lost.failure == .singular, "\(lost)")
    }

    @Test func shorterFloats() {
        let a = matrix(10).to(.float32)
        let symmetric = a + a.transposed()
        let b = normal([10]).to(.float32)
        for solver in Self.general.prefix(4) + [.conjugateGradient] {
            let solution = solver.solve(b) { symmetric.matmul($0) }
            #expect(solution.converged && solution.solution.dtype == .float32, "\(solver): \(solution)")
        }
    }
}
