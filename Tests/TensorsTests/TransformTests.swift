import Tensors
import TestSupport
import Testing

@Suite struct TransformTests {
    let generator = TensorGenerator(seed: 11)

    func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    @Test func forwardModeAgreesWithReverseMode() {
        let x = normal([3, 4])
        let v = normal([3, 4])
        func f(_ x: Tensor) -> Tensor { (x.tanh().matmul(x.transposed()) * x.exp().sum()).softmax() }
        let forward = jvp(at: x, along: v, f)
        let (value, pullback) = vjp(at: x, f)
        #expect(forward.value.isClose(to: value, relative: Tolerance.float64))
        let w = normal([3, 3])
        let left = (forward.derivative * w).sum().item()
        let right = (pullback(w) * v).sum().item()
        #expect(abs(left - right) < Tolerance.float64 * max(1, abs(left)))
    }

    @Test func forwardModeAgreesWithDifferences() {
        let x = normal([5])
        let v = normal([5])
        let result = jvp(at: x, along: v) { $0.sin() * $0 }
        let step = 1e-5
        let up = (x + v * step).sin() * (x + v * step)
        let down = (x - v * step).sin() * (x - v * step)
        #expect(result.derivative.isClose(to: (up - down) / (2 * step), relative: 0, absolute: 1e-8))
    }

    @Test func constantsHaveNoDerivative() {
        let constant = normal([2])
        let result = jvp(at: normal([3]), along: normal([3])) { _ in constant }
        #expect(result.derivative.array(of: Double.self) == [0, 0])
    }

    @Test func hessianOfAQuadraticForm() {
        let a = normal([4, 4])
        let x = normal([4])
        let v = normal([4])
        let result = hessianVectorProduct(at: x, along: v) { $0.dot(a.matmul($0)) }
        let symmetric = a + a.transposed()
        #expect(result.product.isClose(to: symmetric.matmul(v), relative: Tolerance.float64, absolute: 1e-12))
        #expect(result.gradient.isClose(to: symmetric.matmul(x), relative: Tolerance.float64, absolute: 1e-12))
    }

    @Test func vectorizesOverSlices() {
        let a = normal([5, 3, 4])
        let b = normal([5, 4])
        let products = vmap(over: Pair(a, b)) { slice in
            #expect(slice.first.shape == [3, 4])
            return slice.first.matmul(slice.second)
        }
        let expected = Tensor.stacked((0..<5).map { a[$0].matmul(b[$0]) })
        #expect(products.isClose(to: expected, relative: Tolerance.float64, absolute: 1e-14))
    }

    @Test func vectorizesOtherDimensionsAndCaptures() {
        let a = normal([3, 6])
        let shift = normal([3])
        var options = VectorizationOptions()
        options.argumentDimension = -1
        options.resultDimension = 1
        let result = vmap(over: a, options: options) { [$0 + shift, shift] }
        #expect(result[0].isClose(to: a + shift.unsqueezed(1), relative: 0, absolute: 0))
        #expect(result[1].shape == [3, 6])
    }

    @Test func vectorizesGradients() {
        let weights = normal([6, 4])
        let inputs = normal([6, 4])
        func loss(_ weight: Tensor, _ input: Tensor) -> Tensor { weight.dot(input).tanh().square() }
        let all = vmap(over: Pair(weights, inputs)) { pair in
            grad(at: pair.first) { loss($0, pair.second) }
        }
        let each = Tensor.stacked((0..<6).map { index in grad(at: weights[index]) { loss($0, inputs[index]) } })
        #expect(all.isClose(to: each, relative: Tolerance.float64, absolute: 1e-14))
    }

    @Test func differentiatesThroughVectorization() {
        let x = normal([3, 2])
        let check = checkGradient(at: x) { x in vmap(over: x) { $0.exp().sum() }.square().sum() }
        #expect(check.worst < Tolerance.gradient, "\(check)")
    }

    @Test func vectorizesTwice() {
        let a = normal([2, 3])
        let result = vmap(over: a) { row in vmap(over: row) { $0.square() } }
        #expect(result.isClose(to: a.square(), relative: 0, absolute: 0))
    }

    @Test func randomNumbersAreSharedOrNot() {
        let x = Tensor.zeros([4, 3])
        let apart = vmap(over: x) { $0 + generator.normal([3]) }
        #expect(apart[0].isClose(to: apart[1]) == false)
        var options = VectorizationOptions()
        options.sharesRandomness = true
        let same = vmap(over: x, options: options) { $0 + generator.normal([3]) }
        #expect(same[0].isClose(to: same[1]))
    }

    @Test func mamlThroughInnerSteps() {
        // Outer gradient through two inner SGD steps, against differences: second order all the way.
        let start = normal([3])
        let target = normal([3])
        func inner(_ w: Tensor) -> Tensor { (w - target).square().sum() * w.square().sum() }
        let check = checkGradient(at: start * 0.3) { w in
            var adapted = w
            for _ in 0..<2 { adapted = adapted - grad(at: adapted, createGraph: true, inner) * 0.05 }
            return inner(adapted)
        }
        #expect(check.worst < Tolerance.gradient, "\(check)")
    }

    @Test func withoutCreateGraphInnerGradientsAreConstants() {
        let x = Tensor(2.0, dtype: .float64)
        let outer = grad(at: x) { x in grad(at: x) { $0.square() } * x }
        #expect(outer.item() == 4)
    }
}
