import Foundation
import Optimizers
import Tensors
import TestSupport
import Testing

@Suite struct ImplicitTests {
    let generator = TensorGenerator(seed: 31)

    func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    static let solvers: [LinearSolver?] = [
        nil, .dense, .conjugateGradient, .normalConjugateGradient, .generalizedMinimalResidual,
        .stabilizedBiconjugateGradient,
    ]

    @Test(arguments: solvers) func scalarUnknown(solver: LinearSolver?) {
        let t = Tensor(0.3, dtype: .float64)
        let options = ImplicitOptions<Tensor>(linearSolver: solver)
        let first = checkGradient(at: t) { cubicRoot($0, options: options) }
        #expect(first.worst < Tolerance.gradient, "\(first)")
        #expect(abs(first.analytic + 0.3326) < 1e-4)
        let second = checkSecondGradient(at: t) { cubicRoot($0, options: options) }
        #expect(second.worst < Tolerance.gradient, "\(second)")
        #expect(abs(second.analytic + 0.121) < 1e-3)
    }

    @Test func thirdDerivative() {
        let check = checkSecondGradient(at: Tensor(0.3, dtype: .float64)) { t in
            grad(at: t, createGraph: true) { cubicRoot($0) } * t
        }
        #expect(check.worst < Tolerance.gradient, "\(check)")
    }

    var parameters: Pair<Tensor, Tensor> { Pair(normal([4]), Tensor(0.4, dtype: .float64)) }

    @Test(
        arguments: [
            nil, .dense, .normalConjugateGradient, .generalizedMinimalResidual, .stabilizedBiconjugateGradient,
        ] as [LinearSolver?])
    func systemsOfTrees(solver: LinearSolver?) {
        let p = parameters
        let report = DifferentiationReport()
        let options = ImplicitOptions<Pair<Tensor, Tensor>>(linearSolver: solver, report: report)
        #expect(pairRoot(p, options).converged)
        func loss(_ p: Pair<Tensor, Tensor>) -> Tensor {
            let x = pairRoot(p, options).value
            return (x.first * Tensor([1.0, -2, 3, 0.5])).sum() + x.second.square() * p.second
        }
        let first = checkGradient(at: p, loss)
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: p, loss)
        #expect(second.worst < Tolerance.gradient, "\(second)")
        #expect(report.converged && !report.entries.isEmpty)
    }

    @Test func forwardMode() {
        let p = parameters
        let v = Pair(normal([4]), Tensor(-0.7, dtype: .float64))
        let forward = jvp(at: p, along: v) { pairRoot($0).value }
        let step = 1e-5
        let up = pairRoot(p.zipTensors(v) { $0 + $1 * step }).value
        let down = pairRoot(p.zipTensors(v) { $0 - $1 * step }).value
        for (derivative, (a, b)) in zip(forward.derivative.tensors, zip(up.tensors, down.tensors)) {
            #expect(derivative.isClose(to: (a - b) / (2 * step), relative: 1e-7, absolute: 1e-8))
        }
        // Hessian-vector products: forward over reverse, and reverse over forward.
        func loss(_ p: Pair<Tensor, Tensor>) -> Tensor { pairRoot(p).value.first.square().sum() }
        let product = hessianVectorProduct(at: p, along: v, loss).product
        let difference = grad(at: p.zipTensors(v) { $0 + $1 * step }, loss).zipTensors(
            grad(at: p.zipTensors(v) { $0 - $1 * step }, loss)
        ) { ($0 - $1) / (2 * step) }
        for (a, b) in zip(product.tensors, difference.tensors) {
            #expect(a.isClose(to: b, relative: 1e-6, absolute: 1e-7))
        }
        let mixed = checkGradient(at: p) { p in
            jvp(at: p, along: v) { pairRoot($0).value }.derivative.first.square().sum()
        }
        #expect(mixed.worst < Tolerance.gradient, "\(mixed)")
    }

    @Test func nothingIsKeptAfterwards() {
        final class Witness {}
        weak var kept: Witness?
        do {
            let witness = Witness()
            kept = witness
            let t = Tensor(0.3, dtype: .float64)
            func solve(_ t: Tensor) -> Tensor {
                root(
                    of: { x, t in
                        withExtendedLifetime(witness) { x.square() - t.exp() }
                    }, at: t
                ) { ($0 * 0.5).exp() }
            }
            _ = grad(at: t) { t in grad(at: t, createGraph: true, solve) }
            _ = hessianVectorProduct(at: t, along: t, solve)
            _ = vmap(over: Tensor([0.1, 0.2])) { t in grad(at: t, solve) }
        }
        #expect(kept == nil)
    }

    @Test func mixedTypesTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = root(
                of: { x, _ in x }, at: Tensor(1.0), from: [Tensor(1.0, dtype: .float64), Tensor(1.0, dtype: .float32)])
        }
    }

    @Test func logisticMinimum() {
        // Regularised logistic regression: the minimum's derivatives by data and by the log-penalty.
        let x = normal([20, 3])
        let y = (normal([20]) .> 0).to(.float64)
        func objective(_ w: Tensor, _ p: Pair<Tensor, Tensor>) -> Tensor {
            let margin = p.first.matmul(w)
            return ((margin.exp() + 1).log() - y * margin).mean() + (p.second.exp() * w.square()).sum() * 0.5
        }
        let p = Pair(x, Tensor(-1.0, dtype: .float64))
        let zero = Tensor.zeros([3], dtype: .float64)
        let newton = argmin(of: objective, at: p, from: zero, solver: NewtonMethod(tolerance: 1e-13))
        let descent = argmin(
            of: objective, at: p, from: zero,
            solver: GradientDescent(SGD(learningRate: 1), tolerance: 1e-12))
        #expect(newton.converged && descent.converged && newton.iterations < 10)
        #expect(newton.value.isClose(to: descent.value, relative: 1e-9))
        func loss(_ p: Pair<Tensor, Tensor>) -> Tensor {
            argmin(of: objective, at: p, from: zero, solver: NewtonMethod(tolerance: 1e-13)).value.square().sum()
        }
        let first = checkGradient(at: p, loss)
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: p.second) { loss(Pair(x, $0)) }
        #expect(second.worst < Tolerance.gradient, "\(second)")
        for solver in Self.solvers {
            let value = argmin(
                of: objective, at: p, options: ImplicitOptions(linearSolver: solver), solver: { _ in newton.value })
            #expect(value.isClose(to: newton.value, relative: 0, absolute: 0))
        }
    }

    @Test func tasksAreSolvedAtOnce() {
        // Proximal inner problems, one a task, around shared parameters: iMAML's.
        let targets = normal([5, 4])
        func objective(_ w: Tensor, _ center: Tensor) -> Tensor {
            ((w - targets).square() * 0.7 + (w * 2).cos() * 0.2 + (w - center).square()).sum()
        }
        var options = ImplicitOptions<Tensor>(linearSolver: LinearSolver(.conjugateGradient, isBatched: true))
        let report = DifferentiationReport()
        options.report = report
        let newton = NewtonMethod(tolerance: 1e-12, linearSolver: LinearSolver(.conjugateGradient, isBatched: true))
        let check = checkGradient(at: normal([4])) { center in
            let solution = argmin(
                of: objective, at: center, from: Tensor.zeros([5, 4], dtype: .float64), solver: newton,
                options: options)
            #expect(solution.converged)
            return (solution.value - targets).square().square().sum()
        }
        #expect(check.worst < Tolerance.gradient, "\(check)")
        #expect(report.converged)
    }

    @Test func proximalAdaptation() {
        // The same derivatives as `argmin` of the whole objective, and as differences of the converged solution.
        let targets = normal([3, 4])
        func loss(_ w: [Tensor]) -> Tensor { ((w[0] - targets).square() * 0.5 + (w[0] * 2).sin() * w[1] * 0.1).sum() }
        let center = [normal([4]), normal([1])]
        var adaptation = ProximalAdaptation(
            strength: 1.5, learningRate: 0.25, steps: 300, conjugateGradientSteps: 20, tolerance: 1e-12)
        adaptation.linearSolver.tolerance = 1e-12
        adaptation.accepts = false
        func value(_ center: [Tensor]) -> Tensor {
            let solution = adaptation.adapt(center, taskCount: 3, loss: loss)
            #expect(solution.converged && solution.value[0].shape == [3, 4] && solution.value[1].shape == [3, 1])
            return (solution.value[0] - targets).square().square().sum() + solution.value[1].exp().sum()
        }
        let first = checkGradient(at: center, value)
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: center, value)
        #expect(second.worst < Tolerance.gradient * 10, "\(second)")
    }

    @Test func failedSolvesAreNotSilent() throws {
        let t = Tensor(0.3, dtype: .float64)
        // A double root: the derivative doesn't exist, and A = 0.
        let report = DifferentiationReport()
        let options = ImplicitOptions<Tensor>(report: report)
        let gradient = grad(at: t) { t in
            root(of: { x, t in (x - t).square() }, at: t, options: options) { $0 }
        }
        #expect(gradient.isNaN().item() != 0)
        #expect(report.entries.count == 1 && !report.converged)
        #expect(throws: ImplicitError.self) { try report.check() }
        // Cut short on purpose.
        let diagonal = Tensor.linspace(1, 100, count: 60, dtype: .float64)
        var short = ImplicitOptions<Tensor>(
            linearSolver: .conjugateGradient(tolerance: 1e-10, maximumIterations: 5), failurePolicy: .accept)
        func loss(_ b: Tensor, _ options: ImplicitOptions<Tensor>) -> Tensor {
            root(of: { x, b in x * diagonal - b }, at: b, options: options) { $0 / diagonal }.sum()
        }
        let b = normal([60])
        let accepted = grad(at: b) { loss($0, short) }
        #expect(accepted.isFinite().all().item() != 0)
        short.failurePolicy = .notANumber
        let refused = grad(at: b) { loss($0, short) }
        #expect(refused.isNaN().all().item() != 0)
        // A solver that doesn't converge says so.
        let lost = root(
            of: { x, t in x.square() + t.exp() }, at: t, from: Tensor(1.0, dtype: .float64))
        #expect(!lost.converged && lost.residual > 1)
        #expect(throws: ImplicitError.self) { try lost.checked() }
    }

    @Test func warmStartsSaveProducts() {
        let diagonal = Tensor.linspace(1, 100, count: 60, dtype: .float64)
        let report = DifferentiationReport()
        var options = ImplicitOptions<Tensor>(linearSolver: .conjugateGradient(tolerance: 1e-8), report: report)
        options.memory = AdjointMemory()
        options.isSymmetric = true
        for shift in [0.0, 1e-7] {
            _ = grad(at: Tensor.ones([60], dtype: .float64)) { b in
                root(of: { x, b in x * (diagonal + shift) - b }, at: b, options: options) { $0 / (diagonal + shift) }
                    .sum()
            }
        }
        let counts = report.entries.map(\.iterations)
        #expect(counts.count == 2 && counts[1] < counts[0] / 2, "\(counts)")
        options.memory = nil
        options.preconditioner = { $0 / diagonal }
        report.clear()
        _ = grad(at: Tensor.ones([60], dtype: .float64)) { b in
            root(of: { x, b in x * diagonal - b }, at: b, options: options) { $0 / diagonal }.sum()
        }
        #expect(report.entries.map(\.iterations) == [1])
    }
}
