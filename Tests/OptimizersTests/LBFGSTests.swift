import Foundation
import Optimizers
import Tensors
import Testing

/// What L-BFGS does; that it follows torch is tested in `RuleParityTests`.
@Suite struct LBFGSTests {
    @Test func findsTheMinimumOfRosenbrocksValley() {
        let start = [Tensor([-1.2, 1.0], dtype: .float64)]
        let result = LBFGS(maximumIterations: 100, changeTolerance: 1e-14).minimize(from: start) { tree in
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
