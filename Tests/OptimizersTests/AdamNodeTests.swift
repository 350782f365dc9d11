import Foundation
import Optimizers
import Tensors
import TestSupport
import Testing

/// Adam's directions in one pass equal the formula written with tensor operations, in every kind of differentiation.
@Suite struct AdamNodeTests {
    /// Arguments of one step: gradient, first and second moment.
    private func arguments(_ shape: [Int], dtype: DType = .float64) -> [Tensor] {
        let count = shape.reduce(1, *)
        func tensor(_ function: (Double) -> Double) -> Tensor {
            Tensor((0..<count).map { function(Double($0)) }, shape: shape).to(dtype)
        }
        return [tensor { sin(1 + $0) }, tensor { 0.3 * cos($0) }, tensor { 0.2 + 0.1 * sin(3 * $0) }]
    }

    /// The numbers of one step.
    struct Numbers: Sendable, CustomStringConvertible {
        var epsilon: Double
        var epsilonRoot: Double
        var step: Int
        var description: String { "ε \(epsilon), ε₀ \(epsilonRoot), t \(step)" }
    }

    static let numbers = [
        Numbers(epsilon: 1e-8, epsilonRoot: 0, step: 1), Numbers(epsilon: 1e-2, epsilonRoot: 0, step: 3),
        Numbers(epsilon: 1e-8, epsilonRoot: 1e-2, step: 2), Numbers(epsilon: 0.1, epsilonRoot: 0.1, step: 100),
    ]

    /// Direction and new moments by the optimiser's own path.
    private func fused(_ x: [Tensor], _ numbers: Numbers) -> [Tensor] {
        let adam = Adam(
            learningRate: 0.7,
            options: AdamOptions(
                firstMomentDecay: 0.8, secondMomentDecay: 0.9, epsilon: numbers.epsilon,
                epsilonRoot: numbers.epsilonRoot))
        var state = adam.initialState(for: [x[0]])
        state.step = numbers.step - 1
        state.firstMoments.tensors = [x[1]]
        state.secondMoments.tensors = [x[2]]
        let (updates, next) = adam.update([x[0]], state: state, parameters: [x[0]])
        return [updates[0], next.firstMoments.tensors[0], next.secondMoments.tensors[0]]
    }

    /// The same, written out.
    private func written(_ x: [Tensor], _ numbers: Numbers) -> [Tensor] {
        let first = x[1] * 0.8 + x[0] * 0.2
        let second = x[2] * 0.9 + x[0] * x[0] * 0.1
        let (c1, c2) = (1 - pow(0.8, Double(numbers.step)), 1 - pow(0.9, Double(numbers.step)))
        let root = (second / c2 + numbers.epsilonRoot).sqrt()
        return [first / (root + numbers.epsilon) * (-0.7 / c1), first, second]
    }

    /// A scalar that depends on all three results in different ways.
    private func scalar(_ results: [Tensor]) -> Tensor {
        (results[0].sin() + results[1] * results[0] + results[2] * results[2]).sum()
    }

    private func expectSame(
        _ a: [Tensor], _ b: [Tensor], _ tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (index, (x, y)) in zip(a, b).enumerated() {
            #expect(
                x.isClose(to: y, relative: tolerance, absolute: tolerance), "\(index): \(x.array(of: Double.self))",
                sourceLocation: sourceLocation)
        }
    }

    /// 37 elements: whole vectors of the wide passes and a rest.
    @Test(arguments: numbers)
    func valuesAndGradients(numbers: Numbers) {
        let x = arguments([37])
        expectSame(fused(x, numbers), written(x, numbers), 1e-14)
        let ours = grad(at: x) { scalar(fused($0, numbers)) }
        expectSame(ours, grad(at: x) { scalar(written($0, numbers)) }, 1e-12)
        // Only the direction, only the moments, only one of them: undefined gradients at the others.
        for part in 0..<3 {
            expectSame(
                grad(at: x) { fused($0, numbers)[part].sin().sum() },
                grad(at: x) { written($0, numbers)[part].sin().sum() }, 1e-12)
        }
        // Only by the gradient, moments being constants.
        expectSame(
            [grad(at: x[0]) { scalar(fused([$0, x[1], x[2]], numbers)) }],
            [grad(at: x[0]) { scalar(written([$0, x[1], x[2]], numbers)) }], 1e-12)
    }

    /// In float32 the passes are those of another type; 2⁻²⁴ times a few operations.
    @Test(arguments: numbers)
    func inFloat32(numbers: Numbers) {
        let x = arguments([5, 13], dtype: .float32)
        expectSame(fused(x, numbers), written(x, numbers), 2e-6)
        expectSame(
            grad(at: x) { scalar(fused($0, numbers)) }, grad(at: x) { scalar(written($0, numbers)) }, 1e-5)
    }

    @Test(arguments: numbers)
    func twiceAndThrice(numbers: Numbers) {
        let x = arguments([3])
        #expect(checkGradient(at: x) { scalar(fused($0, numbers)) }.worst <= Tolerance.gradient)
        #expect(checkSecondGradient(at: x) { scalar(fused($0, numbers)) }.worst <= Tolerance.gradient)
        func third(_ function: @escaping ([Tensor]) -> Tensor) -> [Tensor] {
            grad(at: x) { point in
                let second = grad(at: point, createGraph: true) { inner in
                    let first = grad(at: inner, createGraph: true, function)
                    return (first[0] * first[1] + first[2] * first[2]).sum()
                }
                return (second[0] * second[2]).sum() + second[1].sin().sum()
            }
        }
        expectSame(third { scalar(fused($0, numbers)) }, third { scalar(written($0, numbers)) }, 1e-8)
    }

    /// Views, transposed and broadcast memory is read as what it shows.
    @Test func anyLayout() {
        let numbers = Self.numbers[1]
        let x = arguments([4, 6])
        let turned = [x[0].transposed(), x[1].transposed(), Tensor(0.3, dtype: .float64).expanded([6, 4])]
        let straight = turned.map { $0.contiguous() }
        expectSame(fused(turned, numbers), fused(straight, numbers), 0)
        expectSame(
            grad(at: turned) { scalar(fused($0, numbers)) }, grad(at: straight) { scalar(fused($0, numbers)) }, 0)
    }

    @Test func insideVectorization() {
        let numbers = Self.numbers[1]
        let x = arguments([5, 3])
        let together = vmap(over: x) { fused($0, numbers) }
        expectSame(together, fused(x, numbers), 1e-14)
        let gradients = vmap(over: x) { slice in grad(at: slice) { scalar(fused($0, numbers)) } }
        expectSame(gradients, grad(at: x) { scalar(fused($0, numbers)) }, 1e-12)
    }

    /// The node is made outside of `vmap`, its gradient is pulled inside: gradients with a hidden dimension.
    @Test func pulledBackInsideVectorization() {
        let numbers = Self.numbers[1]
        let x = arguments([4])
        let (_, pullback) = vjp(at: x) { fused($0, numbers)[0] }
        let jacobian = vmap(over: Tensor.ones([4], dtype: .float64).diagonalMatrix()) { pullback($0) }
        for row in 0..<4 {
            let expected = grad(at: x) { fused($0, numbers)[0][row] }
            expectSame(jacobian.map { $0[row] }, expected, 1e-14)
        }
    }

    @Test func inForwardMode() {
        let numbers = Self.numbers[1]
        let x = arguments([4])
        let direction = arguments([4]).map { $0 * 0.7 + 0.1 }
        let (value, derivative) = jvp(at: x, along: direction) { fused($0, numbers) }
        expectSame(value, fused(x, numbers), 1e-14)
        let h = 1e-6
        let (up, down) = (
            fused(zip(x, direction).map { $0 + $1 * h }, numbers), fused(zip(x, direction).map { $0 - $1 * h }, numbers)
        )
        // h² times third derivatives, and rounding of 1e-16 / h.
        expectSame(derivative, zip(up, down).map { ($0 - $1) / (2 * h) }, 1e-8)
        // Forward over reverse equals reverse over reverse.
        let (_, product) = hessianVectorProduct(at: x, along: direction) { scalar(fused($0, numbers)) }
        let expected = grad(at: x) { point in
            let first = grad(at: point, createGraph: true) { scalar(fused($0, numbers)) }
            return zip(first, direction).map { ($0 * $1).sum() }.reduce(Tensor(0.0, dtype: .float64), +)
        }
        expectSame(product, expected, 1e-12)
    }

    /// A tangent that meets the node only on the way back: the weight of the loss is the dual number.
    @Test func tangentOnTheWayBack() {
        let numbers = Self.numbers[1]
        let x = arguments([4])
        let weight = Tensor(1.3, dtype: .float64)
        func gradient(_ weight: Tensor) -> [Tensor] {
            grad(at: x, createGraph: true) { (fused($0, numbers)[0] * weight).sum() }
        }
        let (_, derivative) = jvp(at: weight, along: Tensor(1.0, dtype: .float64)) { gradient($0) }
        expectSame(derivative, gradient(Tensor(1.0, dtype: .float64)), 1e-12)
    }

    /// At v = g = 0 the derivative is the numerator's, 1 / ε; first and second order are finite.
    @Test func atZero() {
        let zero = Tensor.zeros([2], dtype: .float64)
        let x = [zero, zero, zero]
        let numbers = Numbers(epsilon: 1e-2, epsilonRoot: 0, step: 1)
        let first = grad(at: x) { fused($0, numbers)[0].sum() }
        // −0.7 / (1 − 0.8) · (1 − 0.8) / 0.01.
        #expect(first[0].isClose(to: zero - 70, relative: 1e-12))
        let second = grad(at: x) { point in
            grad(at: point, createGraph: true) { fused($0, numbers)[0].sum() }
                .map { $0.sum() }.reduce(Tensor(0.0, dtype: .float64), +)
        }
        #expect(second.allSatisfy { $0.array(of: Double.self).allSatisfy { $0.isFinite } })
    }
}
