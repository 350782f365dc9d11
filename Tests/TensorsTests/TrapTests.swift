import Tensors
import TestSupport
import Testing

/// Mistakes of the caller end the program with the operation, the shapes and libtorch's own sentence.
@Suite struct TrapTests {
    private func text(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func productsNameTheirShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([2, 3]).matmul(Tensor.zeros([2, 3]))
        }
        #expect(
            text(result).contains(
                "Tensors: matmul of [2, 3] float32 and [2, 3] float32: mat1 and mat2 shapes cannot be multiplied"))
    }

    @Test func listsNameTheirShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.concatenated([Tensor.zeros([2, 3]), Tensor.zeros([2, 4])])
        }
        #expect(
            text(result).contains(
                "Tensors: concatenated of [2, 3] float32 and [2, 4] float32: Sizes of tensors must match"))
    }

    @Test func pairsNameTheirShapes() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.zeros([3]).topK(4)
        }
        #expect(text(result).contains("Tensors: topK of [3] float32: selected index k out of range"))
    }

    @Test func wrongTypesAreNamed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor([1, 2]).mean()
        }
        #expect(text(result).contains("Tensors: mean of [2] int64"))
    }

    @Test func valuesWithoutGradientAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = grad(at: Tensor([1] as [Float])) { $0.detached().sum() }
        }
        #expect(text(result).contains("does not depend on its argument"))
    }

    @Test func gradientsOfNonScalarsAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = grad(at: Tensor([1, 2] as [Float])) { $0 * 2.0 }
        }
        #expect(text(result).contains("returned the shape [2], no scalar"))
    }

    @Test func nestedForwardModeIsRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Tensor([1] as [Float])
            _ = jvp(at: x, along: x) { x in jvp(at: x, along: x) { $0.square() }.derivative }
        }
        #expect(text(result).contains("one derivative in forward mode inside another"))
    }

    @Test func numbersInsideVectorizationAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = vmap(over: Tensor([1, 2] as [Float])) { $0 * $0.item() }
        }
        #expect(text(result).contains("Tensors: item of [] float32"))
    }

    @Test func treesOfOtherSizesAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = [Tensor(1)].replacingTensors(with: [])
        }
        #expect(text(result).contains("more than the 0 tensors given"))
    }

    @Test func wrongGradientsAreNoticed() {
        // The check itself: a gradient that is wrong by a factor of 2 in one place.
        let check = checkGradient(at: Tensor([1, 2, 3] as [Double])) { x in
            x.square().sum() + x[1].detached() * x[1]
        }
        #expect(check.index == 1 && check.worst > 0.2, "\(check)")
    }

    @Test func threadsShareLeaves() async {
        let weight = TensorGenerator(seed: 1).normal([16, 16], dtype: .float64)
        func loss(_ w: Tensor) -> Tensor { w.matmul(w).tanh().square().sum() }
        let expected = grad(at: weight, loss).array(of: Double.self)
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<50).count { _ in grad(at: weight, loss).array(of: Double.self) != expected }
                }
            }
            for await different in group { #expect(different == 0) }
        }
    }
}
