import Networks
import Tensors
import Testing

@Suite struct DropoutTests {
    @Test func nothingHappensWithoutTraining() {
        let generator = TensorGenerator(seed: 1)
        let x = wave([50], 1)
        let output = Dropout(rate: 0.5)(x, isTraining: false, generator: generator)
        #expect(output.array(of: Double.self) == x.array(of: Double.self))
        let next = Initializer.uniform(0, 1)([1], generator: generator).item()
        #expect(next == Initializer.uniform(0, 1)([1], generator: TensorGenerator(seed: 1)).item())
    }

    @Test func elementsAreDroppedOrScaled() {
        let x = Tensor.ones([10_000], dtype: .float64)
        let output = Dropout(rate: 0.2)(x, isTraining: true, generator: TensorGenerator(seed: 1))
        let values = output.array(of: Double.self)
        #expect(values.allSatisfy { $0 == 0 || $0 == 1.25 })
        // Binomial: deviation √(10⁴ · 0.16) = 40; six of them: false alarm below 1e-8, seed fixed.
        #expect(abs(values.filter { $0 == 0 }.count - 2000) < 240)
    }

    @Test func seedDecides() {
        let x = wave([100], 1)
        func draw(_ seed: UInt64) -> [Double] {
            Dropout(rate: 0.5)(x, isTraining: true, generator: TensorGenerator(seed: seed)).array()
        }
        #expect(draw(1) == draw(1))
        #expect(draw(1) != draw(2))
    }

    /// The gradient is the mask that was drawn.
    @Test func gradientIsTheMask() {
        let x = Tensor.ones([64], dtype: .float64)
        let output = Dropout(rate: 0.5)(x, isTraining: true, generator: TensorGenerator(seed: 9))
        let gradient = grad(at: x) {
            Dropout(rate: 0.5)($0, isTraining: true, generator: TensorGenerator(seed: 9)).sum()
        }
        #expect(gradient.array(of: Double.self) == output.array(of: Double.self))
    }
}
