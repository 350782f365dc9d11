import Foundation
import Optimizers
import Tensors
import TestSupport
import Testing

@Suite struct ImplicitSolverTests {
    let generator = TensorGenerator(seed: 41)

    func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    /// A contraction with a spectral radius near 0.9.
    private func contraction(_ count: Int) -> (Tensor, Tensor) -> Tensor {
        let a = normal([count, count])
        let symmetric = (a + a.transposed()) * (0.45 / (2 * Double(count)).squareRoot())
        return { x, b in symmetric.matmul(x).tanh() + b }
    }

    static let iterations = [
        FixedPointIteration(tolerance: 1e-12), FixedPointIteration(accelerate: .anderson(memory: 5), tolerance: 1e-12),
        FixedPointIteration(accelerate: .broyden(memory: 10), tolerance: 1e-12),
        FixedPointIteration(accelerate: .anderson(memory: 3), damping: 0.7, tolerance: 1e-12),
    ]

    @Test(arguments: iterations.indices) func fixedPoints(index: Int) {
        let iteration = Self.iterations[index]
        let map = contraction(8)
        let b = normal([8])
        let zero = Tensor.zeros([8], dtype: .float64)
        let found = fixedPoint(of: map, at: b, from: zero, iteration: iteration)
        #expect(found.converged)
        #expect(map(found.value, b).isClose(to: found.value, relative: 0, absolute: 1.1e-12))
        let plain = fixedPoint(of: map, at: b, from: zero, iteration: Self.iterations[0])
        #expect(index == 0 || found.iterations < plain.iterations, "\(found.iterations) against \(plain.iterations)")
        let first = checkGradient(at: b) { b in
            fixedPoint(of: map, at: b, from: zero, iteration: iteration).value.square().sum()
        }
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: b) { b in
            fixedPoint(of: map, at: b, from: zero, iteration: iteration).value.square().sum()
        }
        #expect(second.worst < Tolerance.gradient, "\(second)")
    }

    @Test func batchedAccelerationIsThatOfEach() {
        let map = contraction(5)
        let b = normal([3, 5])
        let zero = Tensor.zeros([3, 5], dtype: .float64)
        for acceleration in [FixedPointIteration.Acceleration.anderson(memory: 4), .broyden(memory: 8)] {
            let iteration = FixedPointIteration(accelerate: acceleration, tolerance: 1e-12, isBatched: true)
            let all = iteration.fixedPoint(of: { x in map(x.transposed(), b.transposed()).transposed() }, from: zero)
            #expect(all.converged)
            for index in 0..<3 {
                let one = iteration.fixedPoint(
                    of: { x in map(x.squeezed(0), b[index]).unsqueezed(0) }, from: zero.slice(dimension: 0, end: 1))
                #expect(all.value[index].isClose(to: one.value[0], relative: 1e-10))
            }
        }
    }

    @Test func diverging() {
        let found = FixedPointIteration(maximumIterations: 50).fixedPoint(
            of: { $0 * 2.0 + 1 }, from: Tensor([1.0, 2.0]))
        #expect(!found.converged && found.residual > 1e9)
        let lost = FixedPointIteration().fixedPoint(of: { $0.log() }, from: Tensor([-1.0, 2.0]))
        #expect(!lost.converged && lost.residual.isNaN)
    }

    @Test func broydenFindsRoots() {
        // Powell's badly scaled relative: two circles and a line, smooth.
        func residual(_ x: Tensor, _ p: Tensor) -> Tensor {
            Tensor.stacked([x[0].square() + x[1] - p[0], x[0] * x[1] + x[1].exp() - p[1]])
        }
        let p = Tensor([2.0, 3.0])
        for solver in [BroydenMethod(tolerance: 1e-12), BroydenMethod(tolerance: 1e-12, initialScale: 0.3)] {
            let found = root(of: residual, at: p, from: Tensor([1.0, 1.0]), solver: solver)
            #expect(found.converged, "\(found)")
            let check = checkSecondGradient(at: p) { p in
                root(of: residual, at: p, from: Tensor([1.0, 1.0]), solver: solver).value.square().sum()
            }
            #expect(check.worst < Tolerance.gradient, "\(check)")
        }
    }

    @Test func projectionsAreNearestPoints() {
        let point = normal([6]) * 2
        let matrix = normal([2, 6])
        let right = normal([2])
        let projections: [(Tensor) -> Tensor] = [
            { Projection.box($0, low: Tensor(-0.5, dtype: .float64), high: Tensor(0.8, dtype: .float64)) },
            { Projection.nonNegative($0) },
            { Projection.simplex($0) },
            { Projection.simplex($0, total: Tensor(2.5, dtype: .float64)) },
            { Projection.ball($0, radius: Tensor(1.5, dtype: .float64)) },
            { Projection.affine($0, matrix: matrix, right: right) },
        ]
        for (index, project) in projections.enumerated() {
            let nearest = project(point)
            #expect(project(nearest).isClose(to: nearest, relative: 1e-12, absolute: 1e-12), "projection \(index)")
            // No other point of the set is nearer: ⟨point − P, z − P⟩ ≤ 0 for every z in it.
            for _ in 0..<20 {
                let other = project(normal([6]) * 3)
                #expect(((point - nearest) * (other - nearest)).sum().item() <= 1e-10, "projection \(index)")
            }
            let check = checkGradient(at: point) { (project($0) * Tensor([1.0, 2, 3, -1, -2, 0.5])).sum() }
            #expect(check.worst < Tolerance.gradient, "projection \(index): \(check)")
        }
        #expect(abs(Projection.simplex(point).sum().item() - 1) < 1e-12)
        #expect(Projection.ball(point * 0.01, radius: Tensor(1.5)).isClose(to: point * 0.01, relative: 0, absolute: 0))
        let rows = normal([4, 5])
        let each = Tensor.stacked((0..<4).map { Projection.simplex(rows[$0]) })
        #expect(Projection.simplex(rows).isClose(to: each, relative: 0, absolute: 0))
    }

    @Test func proximalOperatorsMinimise() {
        let v = normal([5])
        let strength = Tensor(0.3, dtype: .float64)
        let second = Tensor(0.8, dtype: .float64)
        let step = 0.7
        let cases: [(Tensor, (Tensor) -> Tensor)] = [
            (Proximal.lasso(v, strength: strength, step: step), { $0.absolute().sum() * strength }),
            (Proximal.ridge(v, strength: strength, step: step), { $0.square().sum() * strength * 0.5 }),
            (
                Proximal.elasticNet(v, lasso: strength, ridge: second, step: step),
                { $0.absolute().sum() * strength + $0.square().sum() * second * 0.5 }
            ),
        ]
        for (index, (best, penalty)) in cases.enumerated() {
            func value(_ x: Tensor) -> Double { (penalty(x) + (x - v).square().sum() / (2 * step)).item() }
            for _ in 0..<50 {
                #expect(value(best) <= value(best + normal([5]) * 0.01), "operator \(index)")
            }
        }
    }

    /// A least-squares problem with its penalty as parameter.
    private func leastSquares() -> (x: Tensor, y: Tensor, f: (Tensor, Tensor) -> Tensor) {
        let x = normal([30, 6])
        let y = x.matmul(Tensor([2.0, -1.5, 0, 0, 0.7, 0])) + normal([30]) * 0.1
        return (x, y, { w, _ in (x.matmul(w) - y).square().sum() / 60 })
    }

    @Test func lassoAndItsDerivatives() {
        let (x, y, f) = leastSquares()
        let zero = Tensor.zeros([6], dtype: .float64)
        let penalty = Tensor(0.1, dtype: .float64)
        func solve(_ penalty: Tensor, _ method: ProximalGradient) -> ImplicitSolution<Tensor> {
            proximalArgmin(of: f, at: penalty, from: zero, method: method) { point, penalty, step in
                Proximal.lasso(point, strength: penalty, step: step)
            }
        }
        let accurate = ProximalGradient(tolerance: 1e-12)
        let slow = ProximalGradient(isAccelerated: false, tolerance: 1e-12)
        let found = solve(penalty, accurate)
        #expect(found.converged && solve(penalty, slow).converged)
        #expect(found.value.isClose(to: solve(penalty, slow).value, relative: 1e-8, absolute: 1e-10))
        // Karush-Kuhn-Tucker: |gradient| ≤ λ, and = −λ sign(w) where w isn't 0.
        let gradient = x.transposed().matmul(x.matmul(found.value) - y) / 30
        #expect(gradient.absolute().max().item() <= 0.1 + 1e-10)
        for (w, g) in zip(found.value.array(of: Double.self), gradient.array(of: Double.self)) where w != 0 {
            #expect(abs(g + 0.1 * (w > 0 ? 1 : -1)) < 1e-10)
        }
        #expect(found.value.array(of: Double.self).contains(0))
        let check = checkGradient(at: penalty) { solve($0, accurate).value.square().sum() }
        #expect(check.worst < Tolerance.gradient, "\(check)")
        let second = checkSecondGradient(at: penalty) { solve($0, accurate).value.square().sum() * 3.0 }
        #expect(second.worst < Tolerance.gradient, "\(second)")
    }

    @Test func projectedMinimumOnTheSimplex() {
        // Markowitz: the portfolio of least risk, with derivatives by the expected returns.
        let a = normal([5, 5])
        let covariance = a.matmul(a.transposed()) + Tensor.identity(5, dtype: .float64)
        let returns = normal([5])
        func solve(_ returns: Tensor) -> ImplicitSolution<Tensor> {
            projectedArgmin(
                of: { w, r in w.dot(covariance.matmul(w)) * 0.5 - w.dot(r) }, at: returns,
                from: Tensor.full([5], 0.2, dtype: .float64), method: ProximalGradient(tolerance: 1e-12)
            ) { point, _ in Projection.simplex(point) }
        }
        let found = solve(returns)
        #expect(found.converged && abs(found.value.sum().item() - 1) < 1e-12)
        let check = checkGradient(at: returns) { solve($0).value.square().sum() }
        #expect(check.worst < Tolerance.gradient, "\(check)")
    }

    @Test func quadraticProgram() throws {
        let root = normal([5, 5])
        let quadratic = root.matmul(root.transposed()) + Tensor.identity(5, dtype: .float64)
        let linear = normal([5])
        let matrix = normal([2, 5])
        let right = normal([2])
        let found = try equalityConstrainedArgmin(quadratic: quadratic, linear: linear, matrix: matrix, right: right)
        #expect(matrix.matmul(found.solution).isClose(to: right, relative: 1e-10, absolute: 1e-12))
        let gradient = quadratic.matmul(found.solution) + linear + matrix.transposed().matmul(found.multipliers)
        #expect(gradient.norm().item() < 1e-12)
        func loss(_ p: [Tensor]) throws -> Tensor {
            let found = try equalityConstrainedArgmin(quadratic: p[0], linear: p[1], matrix: p[2], right: p[3])
            return found.solution.square().sum() + found.multipliers.sum()
        }
        let first = try checkGradient(at: [quadratic, linear, matrix, right], loss)
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = try checkSecondGradient(at: [quadratic, linear, matrix, right], loss)
        #expect(second.worst < Tolerance.gradient * 10, "\(second)")
        // Several at once, with a common matrix.
        let many = try equalityConstrainedArgmin(
            quadratic: quadratic, linear: Tensor.stacked([linear, linear * 2.0]), matrix: matrix,
            right: Tensor.stacked([right, right * 2.0]))
        #expect(many.solution[1].isClose(to: found.solution * 2.0, relative: 1e-10))
        let doubled = Tensor.stacked([matrix[0], matrix[0]])
        #expect(throws: ImplicitError.self) {
            try equalityConstrainedArgmin(quadratic: quadratic, linear: linear, matrix: doubled, right: right)
        }
    }
}
