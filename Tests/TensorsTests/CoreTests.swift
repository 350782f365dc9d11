import Tensors
import TestSupport
import Testing

@Suite struct CoreTests {
    @Test func makesAndReadsArrays() {
        let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(x.shape == [2, 3])
        #expect(x.dtype == .float32)
        #expect(x.device == .cpu)
        #expect(x.transposed(0, 1).array(of: Float.self) == [1, 4, 2, 5, 3, 6])
        #expect(x.transposed().to(.int64).array(of: Int.self) == [1, 4, 2, 5, 3, 6])
        #expect(Tensor(rows: [[1, 2], [3, 4]]).dtype == .int64)
        #expect(x[1, 2].item() == 6)
        #expect(Tensor(7).integerItem() == 7)
        #expect(Tensor([Float]()).array(of: Float.self) == [])
        #expect("\(Tensor([1, 2] as [Float]))" == "Tensor[2] float32 [1.0, 2.0]")
    }

    @Test func promotesLikeLibtorch() {
        let integers = Tensor([1, 2])
        #expect((integers + 1).dtype == .int64)
        #expect((integers + 0.5).dtype == .float32)
        #expect((integers / 2).array(of: Float.self) == [0.5, 1])
        #expect((1 - integers).array(of: Int.self) == [0, -1])
        #expect((2.0 / Tensor([1, 4] as [Double])).array(of: Double.self) == [2, 0.5])
    }

    @Test func indexes() {
        let x = Tensor.arange(24).reshaped([2, 3, 4])
        #expect(x[1].shape == [3, 4])
        #expect(x[0..., 1].array(of: Int.self) == [4, 5, 6, 7, 16, 17, 18, 19])
        #expect(x[.ellipsis, -1].array(of: Int.self) == [3, 7, 11, 15, 19, 23])
        #expect(x[0, 1..<3, ...1].array(of: Int.self) == [4, 5, 8, 9])
        #expect(x[.newDimension, .all, 0].shape == [1, 2, 4])
        #expect(x.slice(dimension: 2, start: 1, step: 2).shape == [2, 3, 2])
        #expect(x[.indices(Tensor([1, 0])), 0, 0].array(of: Int.self) == [12, 0])
    }

    @Test func differentiatesTrees() {
        let tree = Affine(
            weight: Tensor([2, 3] as [Double]), bias: Tensor([1] as [Double]), counts: [Tensor([4]), Tensor([5])])
        let (value, gradient) = valueAndGrad(at: tree) { tree in
            tree.weight.square().sum() + (tree.bias?.sum() ?? Tensor(0)) * 3
        }
        #expect(value.item() == 16)
        #expect(gradient.weight.array(of: Double.self) == [4, 6])
        #expect(gradient.bias?.array(of: Double.self) == [3])
        #expect(gradient.counts[1].array(of: Int.self) == [0])
        #expect(gradient.flattened().map { $0.path } == ["weight", "bias", "counts.0", "counts.1"])
    }

    @Test func differentiatesTwice() {
        let second = grad(at: Tensor(2.0, dtype: .float64)) { x in
            grad(at: x, createGraph: true) { $0.pow(4) }
        }
        #expect(second.item() == 48)
        #expect(checkSecondGradient(at: Tensor([0.3, -0.7])) { $0.tanh().sum() }.worst < Tolerance.gradient)
    }

    @Test func pullsBack() {
        let (value, pullback) = vjp(at: Tensor([1, 2] as [Double])) { [$0.square(), $0.exp()] }
        #expect(value[0].array(of: Double.self) == [1, 4])
        let pulled = pullback([Tensor([1, 10] as [Double]), Tensor([0, 0] as [Double])])
        #expect(pulled.array(of: Double.self) == [2, 40])
    }

    @Test func generatorsResume() throws {
        let generator = TensorGenerator(seed: 5)
        _ = generator.normal([3])
        let state = generator.state
        let a = generator.normal([4])
        #expect(try TensorGenerator(state: state).normal([4]).isClose(to: a, relative: 0, absolute: 0))
        #expect(throws: TensorError.self) { try generator.restore([1, 2, 3]) }
        #expect(TensorGenerator(seed: 1).categorical(logits: Tensor([0, 50, 0] as [Float])).integerItem() == 1)
    }

    @Test func trapsWithShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("Tensors: + of [2, 3] float32 and [4] float32: The size of tensor a (3) must match"))
    }
}

private struct Affine: TensorTree {
    var weight: Tensor
    var bias: Tensor?
    var counts: [Tensor]

    mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) {
        visitor.visit("weight", &weight)
        visitor.visit("bias", &bias)
        visitor.visit("counts", &counts)
    }
}
