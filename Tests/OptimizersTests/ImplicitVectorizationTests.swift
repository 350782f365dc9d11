import Optimizers
import Tensors
import TestSupport
import Testing

@Suite struct ImplicitVectorizationTests {
    let generator = TensorGenerator(seed: 51)

    func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    var parameters: Pair<Tensor, Tensor> { Pair(normal([4]), Tensor(0.4, dtype: .float64)) }

    @Test func insideVectorization() {
        let t = Tensor([0.3, -0.5, 1.1])
        let all = vmap(over: t) { cubicRoot($0) }
        let each = Tensor.stacked((0..<3).map { cubicRoot(t[$0]) })
        #expect(all.isClose(to: each, relative: 1e-13))
        // Outside gradients of first and second order, and gradients inside.
        let first = checkGradient(at: t) { t in vmap(over: t) { cubicRoot($0) }.square().sum() }
        #expect(first.worst < Tolerance.gradient, "\(first)")
        let second = checkSecondGradient(at: t) { t in vmap(over: t) { cubicRoot($0) }.square().sum() }
        #expect(second.worst < Tolerance.gradient, "\(second)")
        let inside = vmap(over: t) { t in grad(at: t) { cubicRoot($0) } }
        let expected = Tensor.stacked((0..<3).map { index in grad(at: t[index]) { cubicRoot($0) } })
        #expect(inside.isClose(to: expected, relative: 1e-12))
        let twice = vmap(over: t) { t in grad(at: t) { t in grad(at: t, createGraph: true) { cubicRoot($0) } } }
        let expectedTwice = Tensor.stacked(
            (0..<3).map { index in
                grad(at: t[index]) { t in grad(at: t, createGraph: true) { cubicRoot($0) } }
            })
        #expect(twice.isClose(to: expectedTwice, relative: 1e-11))
    }

    @Test func forwardModeAndVectorization() {
        let t = Tensor([0.3, -0.5, 1.1])
        let v = Tensor([1.0, 2.0, -1.0])
        let slopes = Tensor.stacked((0..<3).map { index in grad(at: t[index]) { cubicRoot($0) } })
        let outside = jvp(at: t, along: v) { t in vmap(over: t) { cubicRoot($0) } }
        #expect(outside.derivative.isClose(to: slopes * v, relative: 1e-12))
    }

    @Test func insideVectorizationOfTrees() {
        let many = Pair(normal([3, 4]), normal([3]) * 0.3)
        let all = vmap(over: many) { pairRoot($0).value }
        for index in 0..<3 {
            let one = pairRoot(many.mapTensors { $0[index] }).value
            #expect(all.first[index].isClose(to: one.first, relative: 1e-12, absolute: 1e-13))
            #expect(all.second[index].isClose(to: one.second, relative: 1e-12, absolute: 1e-13))
        }
        let check = checkGradient(at: many) { many in
            vmap(over: many) { pairRoot($0).value.first.square().sum() }.sum()
        }
        #expect(check.worst < Tolerance.gradient, "\(check)")
        // Two levels.
        let grid = Tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], shape: [2, 3])
        let nested = vmap(over: grid) { row in vmap(over: row) { cubicRoot($0) } }
        #expect(nested[1, 2].isClose(to: cubicRoot(grid[1, 2]), relative: 1e-13))
    }

    @Test func wholeJacobiansByVectorization() {
        let p = parameters
        let result = vjp(at: p) { pairRoot($0).value }
        let units = Tensor.identity(5, dtype: .float64)
        let rows = vmap(over: units) { unit in
            result.pullback(Pair(unit.slice(dimension: 0, end: 4), unit[4]))
        }
        for index in 0..<5 {
            let one = result.pullback(Pair(units[index].slice(dimension: 0, end: 4), units[index][4]))
            #expect(rows.first[index].isClose(to: one.first, relative: 1e-10, absolute: 1e-13))
            #expect(rows.second[index].isClose(to: one.second, relative: 1e-10, absolute: 1e-13))
        }
    }
}
