import Tensors
import TestSupport
import Testing

/// x ↦ sin(x₀) x₁, a tree of two, whose pullback counts its uses.
private func product(_ x: [Tensor], uses: Counter? = nil) -> Tensor {
    withCustomGradient(at: x) { x in
        x[0].sin() * x[1]
    } pullback: { x, _, weights in
        uses?.count += 1
        return [weights * x[0].cos() * x[1], weights * x[0].sin()]
    }
}

private final class Counter {
    var count = 0
}

/// x ↦ exp(x), whose pullback is made of the value itself.
private func exponential(_ x: Tensor) -> Tensor {
    withCustomGradient(at: x) {
        $0.exp()
    } pullback: { _, y, weights in
        weights * y
    }
}

@Suite struct CustomGradientTests {
    let generator = TensorGenerator(seed: 3)

    func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    @Test func firstAndSecondDerivatives() {
        let x = [normal([2, 3]), normal([2, 3])]
        let first = checkGradient(at: x) { product($0).square().sum() }
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: x) { product($0).square().sum() }
        #expect(second.worst < Tolerance.gradient, "\(second)")
    }

    @Test func derivativesThroughTheValueItself() {
        let x = normal([4]) * 0.3
        let first = checkGradient(at: x) { exponential($0).square().sum() }
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: x) { exponential(exponential($0)).sum() }
        #expect(second.worst < Tolerance.gradient, "\(second)")
        let third = grad(at: x) { x in
            grad(at: x, createGraph: true) { x in
                grad(at: x, createGraph: true) { exponential($0).sum() }.sum()
            }.sum()
        }
        #expect(third.isClose(to: x.exp(), relative: Tolerance.float64))
    }

    @Test func forwardModeAndItsDerivative() {
        let x = [normal([3]), normal([3])]
        let v = [normal([3]), normal([3])]
        let result = jvp(at: x, along: v) { product($0) }
        let expected = jvp(at: x, along: v) { $0[0].sin() * $0[1] }
        #expect(result.value.isClose(to: expected.value, relative: Tolerance.float64))
        #expect(result.derivative.isClose(to: expected.derivative, relative: Tolerance.float64))
        // Forward over reverse, and reverse over forward.
        let own = hessianVectorProduct(at: x[0], along: v[0]) { exponential($0).square().sum() }
        let plain = hessianVectorProduct(at: x[0], along: v[0]) { $0.exp().square().sum() }
        #expect(own.product.isClose(to: plain.product, relative: Tolerance.float64))
        let reverse = checkGradient(at: x) { x in jvp(at: x, along: v) { product($0) }.derivative.square().sum() }
        #expect(reverse.worst < Tolerance.gradient, "\(reverse)")
        let value = checkGradient(at: x[0]) { x in jvp(at: x, along: v[0], exponential).derivative.square().sum() }
        #expect(value.worst < Tolerance.gradient, "\(value)")
    }

    @Test func integersAndConstantsAreLeftAlone() {
        let table = normal([5, 2])
        func rows(_ pair: Pair<Tensor, Tensor>) -> Pair<Tensor, Tensor> {
            withCustomGradient(at: pair) { pair in
                Pair(pair.first.indexSelect(dimension: 0, pair.second), pair.second + 1)
            } pullback: { pair, _, weights in
                let oneHot = pair.second.oneHot(classes: 5).to(.float64)
                return Pair(oneHot.transposed().matmul(weights.first), pair.second)
            }
        }
        let indices = Tensor([3, 0, 3])
        let check = checkGradient(at: table) { rows(Pair($0, indices)).first.square().sum() }
        #expect(check.worst < Tolerance.gradient, "\(check)")
        #expect(rows(Pair(table, indices)).second.array(of: Int.self) == [4, 1, 4])
        let constant = normal([2, 2])
        let uses = Counter()
        let gradient = grad(at: constant) { product([$0, constant], uses: uses).sum() }
        #expect(gradient.isClose(to: constant.cos() * constant, relative: Tolerance.float64))
        #expect(uses.count == 1)
    }

    @Test func withoutGradientsThereIsOnlyAValue() {
        let x = normal([2])
        let uses = Counter()
        #expect(!product([x, x], uses: uses).requiresGradient)
        let value = valueAndGrad(at: x) { x in
            let constant = withoutGradients { product([x, x], uses: uses) }
            #expect(!constant.requiresGradient)
            return (constant * x).sum()
        }
        #expect(value.gradient.isClose(to: x.sin() * x, relative: Tolerance.float64))
        #expect(uses.count == 0)
    }

    @Test func severalResultsOfWhichOneIsUsed() {
        let x = normal([3])
        func both(_ x: Tensor) -> [Tensor] {
            withCustomGradient(at: x) {
                [$0.square(), $0]
            } pullback: { x, _, weights in
                weights[0] * 2.0 * x + weights[1]
            }
        }
        #expect(grad(at: x) { both($0)[0].sum() }.isClose(to: x * 2, relative: Tolerance.float64))
        let all = checkSecondGradient(at: x) { x in both(x)[0].square().sum() + both(x)[1].square().sum() }
        #expect(all.worst < Tolerance.gradient, "\(all)")
    }

    @Test func pullbackGoesWithTheGraph() {
        weak var kept: Counter?
        let x = normal([2])
        do {
            let uses = Counter()
            kept = uses
            _ = grad(at: x) { product([$0, $0], uses: uses).sum() }
            _ = valueAndGrad(at: x) { x in
                grad(at: x, createGraph: true) { product([$0, $0], uses: uses).sum() }.sum()
            }
            _ = hessianVectorProduct(at: x, along: x) { product([$0, $0], uses: uses).sum() }
            _ = jvp(at: x, along: x) { product([$0, $0], uses: uses) }
            let result = vjp(at: x, createGraph: true) { product([$0, $0], uses: uses) }
            _ = result.pullback(x)
            #expect(uses.count == 6)
        }
        #expect(kept == nil)
    }

    @Test func errorsOfTheValueAreThrown() {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try withCustomGradient(at: Tensor(1.0)) { _ throws -> Tensor in
                throw Failure()
            } pullback: {
                $2 + $0 + $1
            }
        }
    }

    @Test func insideVectorizationItTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = vmap(over: Tensor([1.0, 2.0])) { exponential($0) }
        }
    }
}
