import Foundation
import Networks
import Tensors
import Testing

@Suite struct InitializerTests {
    /// Rounding of float32 numbers of order 1 through one more operation than torch's.
    private let rounding = 3e-7

    @Test(
        arguments: [
            ("normal", Initializer.normal(standardDeviation: 0.02)), ("uniform", .uniform(-0.3, 0.5)),
            ("xavierUniform", .xavierUniform(gain: 2)), ("xavierNormal", .xavierNormal()),
            ("kaimingUniform", .torchDefault), ("kaimingNormal", .kaimingNormal()),
            ("truncatedNormal", .truncatedNormal(standardDeviation: 1)),
        ])
    func drawsEqualTorchOfTheSameSeed(name: String, initializer: Initializer) throws {
        let golden = try #require(LayerGoldens.load().initialisers[name])
        let ours = initializer([5, 4], generator: TensorGenerator(seed: 7))
        #expect(largestDifference(ours, golden) <= rounding)
    }

    @Test func sameSeedSameDrawOtherSeedOtherDraw() {
        func draw(_ seed: UInt64) -> [Double] {
            Initializer.normal(standardDeviation: 1)([3, 3], generator: TensorGenerator(seed: seed)).array()
        }
        #expect(draw(5) == draw(5))
        #expect(draw(5) != draw(6))
    }

    @Test(arguments: [[3, 3], [2, 5], [5, 2], [4, 2, 3]])
    func orthogonalHasOrthonormalRowsOrColumns(shape: [Int]) {
        let gain = 1.5
        let drawn = Initializer.orthogonal(gain: gain)(shape, dtype: .float64, generator: TensorGenerator(seed: 2))
        #expect(drawn.shape == shape)
        let matrix = drawn.reshaped([shape[0], -1])
        let isWide = matrix.size(0) < matrix.size(1)
        let product =
            isWide ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
        let expected = Tensor.identity(min(matrix.size(0), matrix.size(1)), dtype: .float64) * (gain * gain)
        #expect(product.isClose(to: expected, relative: goldenTolerance, absolute: goldenTolerance))
    }

    @Test func truncatedNormalStaysInside() {
        let drawn = Initializer.truncatedNormal(mean: 1, standardDeviation: 0.5, bound: 1)(
            [4000], dtype: .float64, generator: TensorGenerator(seed: 3)
        ).array(of: Double.self)
        #expect(drawn.allSatisfy { (0.5...1.5).contains($0) })
        // Mean of 4000 draws: deviation 0.27 / √4000 = 0.0043; six of them: false alarm below 1e-8, seed fixed.
        #expect(abs(drawn.reduce(0, +) / 4000 - 1) < 0.026)
    }

    @Test func constantsAreConstant() {
        let generator = TensorGenerator(seed: 0)
        #expect(Initializer.zeros([2], generator: generator).array(of: Double.self) == [0, 0])
        #expect(Initializer.ones([2], generator: generator).array(of: Double.self) == [1, 1])
        #expect(Initializer.constant(0.5)([1], generator: generator).array(of: Double.self) == [0.5])
    }

    @Test func linearStartsWithinTorchsBounds() {
        let layer = Linear(inputs: 16, outputs: 300, generator: TensorGenerator(seed: 4))
        let weight = layer.weight.array(of: Double.self)
        let bias = layer.bias?.array(of: Double.self) ?? []
        #expect((weight + bias).allSatisfy { abs($0) <= 0.25 })
        // 5100 uniform draws reach 0.24 in magnitude but for (0.96)^5100 < 1e-90.
        #expect((weight + bias).contains { abs($0) > 0.24 })
        #expect(bias.count == 300)
    }
}
