import Foundation
import Optimizers
import Tensors
import Testing

@Suite struct LBFGSTests {
    /// Calls of three iterations that go on with the memory of the one before, as torch's `step` does.
    @Test func followsTorch() throws {
        let runs = try TorchGoldens.rules().filter { $0.kind == "lbfgs" }
        #expect(runs.count == 6)
        for run in runs {
            let problem = Problem(dtype: run.elementType)
            let method = LBFGS(
                learningRate: try #require(run.options.learningRate),
                lineSearch: run.options.search == "none" ? .fixedStep : .strongWolfe, maximumIterations: 3,
                maximumEvaluations: 20, historySize: 4)
            var (parameters, state) = (problem.start, LBFGSState())
            for call in 1...8 {
                let result = method.minimize(from: parameters, state: state) { problem.loss($0) }
                (parameters, state) = (result.parameters, result.state)
                guard let record = run.records.first(where: { $0.step == call }) else { continue }
                let difference = largestDifference(parameters, weight: record.weight, bias: record.bias)
                // Every iteration divides differences of gradients by each other, which multiplies rounding, the more
                // the nearer the minimum; then both stop within 1e-7 of it in the gradient (float32: when the value no
                // longer changes by 1e-9 of its 1e-7, anywhere within 3e-4).
                let tolerance = run.dtype == "float64" ? 1e-9 : call <= 2 ? 1e-4 : 1e-3
                #expect(difference <= tolerance, "\(run) call \(call): \(difference)")
            }
        }
    }

    @Test func findsTheMinimumOfRosenbrocksValley() {
        let start = [Tensor([-1.2, 1.0], dtype: .float64)]
        let result = LBFGS(maximumIterations: 100).minimize(from: start) { tree in
            let (x, y) = (tree[0][0], tree[0][1])
            let (a, b) = (1 - x, y - x * x)
            return a * a + b * b * 100.0
        }
        #expect(result.hasConverged)
        #expect(result.iterations < 60)
        #expect(result.value < 1e-12)
        #expect(result.parameters[0].isClose(to: Tensor([1.0, 1.0], dtype: .float64), absolute: 1e-6))
    }

    /// A quadratic in n dimensions takes about n iterations, not the number that its condition asks of descent.
    @Test func isQuickOnQuadratics() {
        let curvature = Tensor((0..<12).map { pow(10, Double($0) / 3) }, dtype: .float64)
        let result = LBFGS(maximumIterations: 100, gradientTolerance: 1e-8, changeTolerance: 0).minimize(
            from: Tensor.ones([12], dtype: .float64)
        ) { ($0 * $0 * curvature).sum() }
        #expect(result.reason == .smallGradient)
        #expect(result.iterations <= 60)
    }

    /// A first step into a region without a value goes back from it.
    @Test func goesBackFromWhatIsNotFinite() {
        let result = LBFGS(learningRate: 1, maximumIterations: 50).minimize(from: Tensor([0.1], dtype: .float64)) {
            ($0 - $0.log() * 0.2).sum()
        }
        #expect(result.hasConverged)
        #expect(abs(result.parameters.item() - 0.2) < 1e-6)
    }

    @Test func saysWhyItEnded() {
        let at = Tensor([2.0], dtype: .float64)
        func square(_ x: Tensor) -> Tensor { (x * x).sum() }
        #expect(LBFGS().minimize(from: Tensor([0.0], dtype: .float64), square).reason == .smallGradient)
        #expect(LBFGS(maximumIterations: 1).minimize(from: at, square).reason == .iterations)
        let spoiled = LBFGS().minimize(from: at) { ($0 * Double.nan).sum() }
        #expect(spoiled.reason == .notFinite)
        #expect(spoiled.parameters.item() == 2)
        #expect(!spoiled.hasConverged)
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) { _ = LBFGS(historySize: 0) }
        await #expect(processExitsWith: .failure) {
            let mixed = [Tensor.zeros([1]), Tensor.zeros([1], dtype: .float64)]
            _ = LBFGS().minimize(from: mixed) { $0[0].sum() + $0[1].sum() }
        }
    }
}
