import Randomness
import Tensors
import Testing

@testable import MetaLearning

/// Weights of examples by one derivative along a direction, against the unrolled step and by hand.
@Suite struct ReweightingTests {
    /// Rounding alone separates the two, in double precision.
    @Test func weightsEqualTheUnrolledOnes() throws {
        var generator = SplittableGenerator(seed: 3)
        let inputs = Tensor(generator.normals(40), shape: [10, 4], dtype: .float64)
        let targets = Tensor(generator.normals(10), dtype: .float64)
        let trusted = Tensor(generator.normals(12), shape: [3, 4], dtype: .float64)
        let model = [
            Tensor(generator.normals(20), shape: [4, 5], dtype: .float64),
            Tensor(generator.normals(5), shape: [5, 1], dtype: .float64),
        ]
        func outputs(_ model: [Tensor], _ inputs: Tensor) -> Tensor {
            inputs.matmul(model[0]).tanh().matmul(model[1]).squeezed(-1)
        }
        func losses(_ model: [Tensor]) -> Tensor { (outputs(model, inputs) - targets).square() }
        func validation(_ model: [Tensor]) -> Tensor { (outputs(model, trusted) - 1).square().mean() }
        let quick = try ExampleReweighting.weights(of: model, validationLoss: validation, exampleLosses: losses)
        let unrolled = try ExampleReweighting.unrolledWeights(
            of: model, rate: 0.1, validationLoss: validation, exampleLosses: losses)
        expectClose(quick.array(of: Double.self), unrolled.array(of: Double.self), within: 1e-12)
        #expect(abs(quick.sum().item() - 1) < 1e-12)
        #expect(quick.min().item() >= 0)
    }

    /// A scalar model w with losses (w − x)²/2 has slopes w − x: examples on the wrong side get nothing.
    @Test func examplesThatHarmGetNoWeight() throws {
        let points = Tensor([1.0, 3, -2], dtype: .float64)
        func weights(_ goal: Double) throws -> [Double] {
            try ExampleReweighting.weights(
                of: Tensor(0.0, dtype: .float64), validationLoss: { ($0 - goal).square() / 2 },
                exampleLosses: { ($0 - points).square() / 2 }
            ).array(of: Double.self)
        }
        expectClose(try weights(5), [0.25, 0.75, 0], within: 1e-12)
        expectClose(try weights(-5), [0, 0, 1], within: 1e-12)
        expectClose(try weights(0), [0, 0, 0], within: 0)
    }

    @Test func emptyBatchesAreRefused() {
        #expect(throws: GameError.noExamples(set: "training")) {
            try ExampleReweighting.weights(
                of: Tensor(1.0), validationLoss: { $0.square() }, exampleLosses: { $0 * Tensor.zeros([0]) })
        }
    }
}
