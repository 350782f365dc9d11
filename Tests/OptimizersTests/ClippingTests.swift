import Optimizers
import Tensors
import Testing

@Suite struct ClippingTests {
    /// Rounding of a few double-precision operations.
    private let rounding = 1e-14

    private var gradients: Leaves {
        let problem = Problem(dtype: .float64)
        return problem.gradient(at: problem.start).mapTensors { $0 * 3.0 }
    }

    @Test func globalNormEqualsTorch() throws {
        let cases = try TorchGoldens.load().clipping.byGlobalNorm
        #expect(cases.count == 12)
        for golden in cases {
            let order = golden.norm == "inf" ? Double.infinity : try #require(Double(golden.norm))
            let (clipped, norm) = gradients.clippedByGlobalNorm(golden.maximum, order: order)
            #expect(abs(norm.item() - golden.total) <= rounding * golden.total)
            #expect(largestDifference(clipped, weight: golden.weight, bias: golden.bias) <= rounding)
            let transform = ClipByGlobalNorm(golden.maximum, order: order)
            let updates = transform.update(gradients, state: EmptyState(), parameters: gradients).updates
            #expect(largestDifference(updates, weight: golden.weight, bias: golden.bias) <= rounding)
        }
    }

    @Test func valueEqualsTorch() throws {
        let cases = try TorchGoldens.load().clipping.byValue
        #expect(cases.count == 2)
        for golden in cases {
            let updates = ClipByValue(golden.maximum).update(
                gradients, state: EmptyState(), parameters: gradients
            ).updates
            #expect(largestDifference(updates, weight: golden.weight, bias: golden.bias) == 0)
        }
    }

    @Test func normClipsEachParameterByItself() {
        let tree = [Tensor([3.0, 4.0], dtype: .float64), Tensor([0.3, 0.4], dtype: .float64)]
        let updates = ClipByNorm(1).update(tree, state: EmptyState(), parameters: tree).updates
        #expect(updates[0].isClose(to: tree[0] / (5 + 1e-6), relative: rounding))
        #expect(updates[1].array(of: Double.self) == [0.3, 0.4])
    }

    @Test func treeWithoutLeavesHasNormZero() {
        #expect([Tensor]().globalNorm().item() == 0)
    }

    /// The coefficient is part of the graph, unlike torch's in-place function.
    @Test func clippingIsDifferentiated() {
        let x = Tensor([3.0, 4.0], dtype: .float64)
        let direction = Tensor([1.0, 0.0], dtype: .float64)
        let gradient = grad(at: x) { ($0.clippedByGlobalNorm(1).clipped * direction).sum() }
        // d(x₀/(n + δ))/dx = (1/(n + δ) − x₀²/(n(n + δ)²), −x₀x₁/(n(n + δ)²)), n = 5, δ = 1e-6.
        let shifted = 5 + 1e-6
        let expected = [1 / shifted - 9 / (5 * shifted * shifted), -12 / (5 * shifted * shifted)]
        #expect(gradient.isClose(to: Tensor(expected, dtype: .float64), relative: 1e-13))
    }

    @Test func notANumberSpreads() {
        let tree = [Tensor([Double.nan], dtype: .float64), Tensor([1.0], dtype: .float64)]
        #expect(tree.clippedByGlobalNorm(1).clipped[1].item().isNaN)
    }
}
