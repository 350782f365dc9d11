import Foundation
import Tensors
import TestSupport
import Testing

/// One function of one number: as a tensor operation, and in plain Swift.
struct PointwiseCase: Sendable, CustomTestStringConvertible {
    var name: String
    var operation: @Sendable (Tensor) -> Tensor
    var reference: @Sendable (Double) -> Double
    /// Where it is tried: away from its kinks and poles by more than the step of differences.
    var points: [Double] = [-2.3, -1.1, -0.4, 0.3, 0.9, 1.7]
    var isSmooth = true

    var testDescription: String { name }
}

private let positive = [0.2, 0.7, 1.3, 2.9]
private let inside = [-0.9, -0.3, 0.2, 0.8]

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private let pointwiseCases: [PointwiseCase] = [
    PointwiseCase(name: "negate", operation: { -$0 }, reference: { -$0 }),
    PointwiseCase(name: "absolute", operation: { $0.absolute() }, reference: { abs($0) }),
    PointwiseCase(name: "sign", operation: { $0.sign() }, reference: { $0 < 0 ? -1 : 1 }, isSmooth: false),
    PointwiseCase(name: "exp", operation: { $0.exp() }, reference: { exp($0) }),
    PointwiseCase(name: "expMinusOne", operation: { $0.expMinusOne() }, reference: { expm1($0) }),
    PointwiseCase(name: "log", operation: { $0.log() }, reference: { log($0) }, points: positive),
    PointwiseCase(name: "logOnePlus", operation: { $0.logOnePlus() }, reference: { log1p($0) }, points: positive),
    PointwiseCase(name: "log2", operation: { $0.log2() }, reference: { log2($0) }, points: positive),
    PointwiseCase(name: "log10", operation: { $0.log10() }, reference: { log10($0) }, points: positive),
    PointwiseCase(name: "sqrt", operation: { $0.sqrt() }, reference: { $0.squareRoot() }, points: positive),
    PointwiseCase(name: "rsqrt", operation: { $0.rsqrt() }, reference: { 1 / $0.squareRoot() }, points: positive),
    PointwiseCase(name: "square", operation: { $0.square() }, reference: { $0 * $0 }),
    PointwiseCase(name: "reciprocal", operation: { $0.reciprocal() }, reference: { 1 / $0 }),
    PointwiseCase(name: "sin", operation: { $0.sin() }, reference: { sin($0) }),
    PointwiseCase(name: "cos", operation: { $0.cos() }, reference: { cos($0) }),
    PointwiseCase(name: "tan", operation: { $0.tan() }, reference: { tan($0) }, points: inside),
    PointwiseCase(name: "asin", operation: { $0.asin() }, reference: { asin($0) }, points: inside),
    PointwiseCase(name: "acos", operation: { $0.acos() }, reference: { acos($0) }, points: inside),
    PointwiseCase(name: "atan", operation: { $0.atan() }, reference: { atan($0) }),
    PointwiseCase(name: "sinh", operation: { $0.sinh() }, reference: { sinh($0) }),
    PointwiseCase(name: "cosh", operation: { $0.cosh() }, reference: { cosh($0) }),
    PointwiseCase(name: "tanh", operation: { $0.tanh() }, reference: { tanh($0) }),
    PointwiseCase(name: "erf", operation: { $0.erf() }, reference: { erf($0) }),
    PointwiseCase(name: "inverseErf", operation: { $0.erf().inverseErf() }, reference: { $0 }, points: inside),
    PointwiseCase(name: "logGamma", operation: { $0.logGamma() }, reference: { lgamma($0) }, points: positive),
    PointwiseCase(
        name: "digamma", operation: { $0.digamma() - ($0 + 1).digamma() }, reference: { -1 / $0 }, points: positive),
    PointwiseCase(name: "floor", operation: { $0.floor() }, reference: { $0.rounded(.down) }, isSmooth: false),
    PointwiseCase(name: "ceil", operation: { $0.ceil() }, reference: { $0.rounded(.up) }, isSmooth: false),
    PointwiseCase(
        name: "rounded", operation: { $0.rounded() }, reference: { $0.rounded(.toNearestOrEven) }, isSmooth: false),
    PointwiseCase(
        name: "truncated", operation: { $0.truncated() }, reference: { $0.rounded(.towardZero) }, isSmooth: false),
    PointwiseCase(name: "relu", operation: { $0.relu() }, reference: { max($0, 0) }),
    PointwiseCase(name: "sigmoid", operation: { $0.sigmoid() }, reference: { sigmoid($0) }),
    PointwiseCase(name: "logSigmoid", operation: { $0.logSigmoid() }, reference: { log(sigmoid($0)) }),
    PointwiseCase(name: "silu", operation: { $0.silu() }, reference: { $0 * sigmoid($0) }),
    PointwiseCase(
        name: "gelu", operation: { $0.gelu() }, reference: { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }),
    PointwiseCase(
        name: "gelu, approximate", operation: { $0.gelu(approximate: true) },
        reference: { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
    PointwiseCase(name: "softplus", operation: { $0.softplus() }, reference: { log1p(exp($0)) }),
    PointwiseCase(
        name: "softplus, beta", operation: { $0.softplus(beta: 2) }, reference: { log1p(exp(2 * $0)) / 2 }),
    PointwiseCase(name: "elu", operation: { $0.elu(alpha: 0.5) }, reference: { $0 > 0 ? $0 : 0.5 * expm1($0) }),
    PointwiseCase(name: "leakyRelu", operation: { $0.leakyRelu(slope: 0.1) }, reference: { $0 > 0 ? $0 : 0.1 * $0 }),
    PointwiseCase(name: "pow", operation: { $0.pow(2.5) }, reference: { pow($0, 2.5) }, points: positive),
    PointwiseCase(name: "pow of a base", operation: { Tensor.pow(1.7, $0) }, reference: { pow(1.7, $0) }),
    PointwiseCase(name: "clamped", operation: { $0.clamped(low: -0.5, high: 1) }, reference: { min(max($0, -0.5), 1) }),
    PointwiseCase(
        name: "scalar operators", operation: { 3 - 2.0 / ($0 * 2.0 + 7) }, reference: { 3 - 2 / ($0 * 2 + 7) }),
    PointwiseCase(
        name: "maskedFill", operation: { $0.square().maskedFill(where: $0 .> 0, with: 5) },
        reference: { $0 > 0 ? 5 : $0 * $0 }),
]

@Suite struct PointwiseParityTests {
    @Test(arguments: pointwiseCases)
    func agreesWithPlainDoubles(_ item: PointwiseCase) {
        let result = item.operation(Tensor(item.points)).array(of: Double.self)
        for (value, point) in zip(result, item.points) {
            let expected = item.reference(point)
            #expect(abs(value - expected) <= Tolerance.float64 * max(1, abs(expected)), "at \(point)")
        }
    }

    @Test(arguments: pointwiseCases)
    func differentiates(_ item: PointwiseCase) {
        let check = checkGradient(at: Tensor(item.points)) { item.operation($0).sum() }
        #expect(check.worst < Tolerance.gradient, "\(check)")
        if item.isSmooth {
            // The added square keeps a second derivative where the operation itself is linear.
            let second = checkSecondGradient(at: Tensor(item.points)) { (item.operation($0) + $0.square()).sum() }
            #expect(second.worst < Tolerance.gradient, "\(second)")
        }
    }

    @Test(arguments: pointwiseCases)
    func agreesInLowerPrecision(_ item: PointwiseCase) {
        // Points that bfloat16 holds exactly, so that only the operation rounds; kept from integers, where floor jumps.
        let points = Tensor(item.points).to(.bfloat16).to(.float64)
        let exact = item.operation(points)
        let single = item.operation(points.to(.float32))
        #expect(single.dtype == .float32)
        #expect(single.to(.float64).isClose(to: exact, relative: Tolerance.float32, absolute: Tolerance.float32))
        let half = item.operation(points.to(.bfloat16))
        #expect(half.dtype == .bfloat16)
        #expect(half.to(.float64).isClose(to: exact, relative: Tolerance.bfloat16, absolute: Tolerance.bfloat16))
    }
}
