import Networks
import Tensors
import TestSupport
import Testing

/// First and second derivatives of layers against central differences, at parameters and inputs together.
@Suite struct LayerGradientTests {
    /// Checks both orders for the sum of sin(output), whose every derivative is nonzero.
    private func check<Layer: TensorTree & Sendable>(
        _ layer: Layer, input: Tensor, _ function: @escaping (Layer, Tensor) -> Tensor,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let tree = WithInput(layer: layer, input: input)
        let first = checkGradient(at: tree) { function($0.layer, $0.input).sin().sum() }
        #expect(first.worst <= Tolerance.gradient, "\(first)", sourceLocation: sourceLocation)
        let second = checkSecondGradient(at: tree) { function($0.layer, $0.input).sin().sum() }
        #expect(second.worst <= Tolerance.gradient, "second: \(second)", sourceLocation: sourceLocation)
    }

    private func generator() -> TensorGenerator { TensorGenerator(seed: 5) }

    @Test func linear() {
        check(Linear(inputs: 3, outputs: 2, dtype: .float64, generator: generator()), input: wave([2, 3], 1)) {
            $0($1)
        }
    }

    @Test func norms() {
        check(RMSNorm(width: 4, dtype: .float64), input: wave([2, 4], 1)) { $0($1) }
        check(LayerNorm(width: 4, dtype: .float64), input: wave([2, 4], 1)) { $0($1) }
    }

    @Test func embedding() {
        let table = Embedding(count: 4, width: 3, dtype: .float64, generator: generator())
        check(table, input: wave([2, 3], 1)) { $0(Tensor([1, 3, 1])).sum(dimension: 0) + $0.scores($1).sum() }
    }

    @Test func feedForward() {
        check(
            SwiGLU(width: 3, hiddenWidth: 4, dtype: .float64, generator: generator()), input: wave([2, 3], 1)
        ) { $0($1) }
        check(
            MultilayerPerceptron(widths: [3, 4, 2], dtype: .float64, generator: generator()), input: wave([2, 3], 1)
        ) { $0($1) }
    }

    @Test(arguments: [Activation.gelu, .geluTanh, .silu, .tanh, .sigmoid, .softplus])
    func activations(activation: Activation) {
        check(EmptyTree(), input: wave([6], 0.4) * 2.0) { activation($1) }
    }

    @Test func composedAttention() {
        let layer = GroupedQueryAttention(
            width: 4, headCount: 2, keyValueHeadCount: 1, dtype: .float64, kernel: .composed, generator: generator())
        let angles = RotaryEmbedding(headDimension: 2).angles(count: 3, dtype: .float64)
        check(layer, input: wave([1, 3, 4], 1)) { $0($1, angles: angles) }
    }

    /// The fused kernel is once differentiable.
    @Test func fusedAttention() {
        let layer = GroupedQueryAttention(
            width: 4, headCount: 2, keyValueHeadCount: 1, dtype: .float64, generator: generator())
        let tree = WithInput(layer: layer, input: wave([1, 3, 4], 1))
        let first = checkGradient(at: tree) { $0.layer($0.input).sin().sum() }
        #expect(first.worst <= Tolerance.gradient, "\(first)")
    }

    /// Layers keep bfloat16, and stay within its rounding of the double-precision result.
    @Test func bfloat16StaysNear() {
        let attention = GroupedQueryAttention(
            width: 8, headCount: 4, keyValueHeadCount: 2, dtype: .float64, generator: generator())
        let rotary = RotaryEmbedding(headDimension: 2)
        let norm = RMSNorm(width: 8, dtype: .float64)
        let input = wave([2, 5, 8], 1)
        let exact = attention(norm(input), angles: rotary.angles(count: 5, dtype: .float64))
        let low = attention.converted(to: .bfloat16)(
            norm.converted(to: .bfloat16)(input.to(.bfloat16)), angles: rotary.angles(count: 5, dtype: .bfloat16))
        #expect(low.dtype == .bfloat16)
        #expect(low.to(.float64).isClose(to: exact, relative: Tolerance.bfloat16, absolute: Tolerance.bfloat16))
    }
}
