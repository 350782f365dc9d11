import Foundation
import Networks
import Tensors
import Testing

@testable import ReinforcementLearning

/// The policy without libtorch against the same layers with it.
@Suite struct FusedDensePolicyTests {
    @Test(arguments: [[64, 64], [5], [17, 32, 9], []])
    func givesWhatTheLayersGive(hidden: [Int]) {
        for (inputs, outputs) in [(4, 2), (17, 6), (1, 1), (3, 9)] {
            let generator = TensorGenerator(seed: 11)
            var network = DenseActorCritic(
                observations: inputs, hidden: hidden, outputs: outputs, isContinuous: false, generator: generator)
            // Weights and biases far from what they start with, so that tanh is used over its whole range.
            network = network.mapTensors { $0 * 3 + generator.normal($0.shape) * 0.3 }
            let fused = FusedDensePolicy(network.actor)
            for rows in [1, 2, 3, 4, 5, 8, 31] {
                let observations = generator.normal([rows, inputs])
                let expected = network.parameters(observations).array(of: Float.self)
                var found = [Float](repeating: .nan, count: rows * outputs)
                fused(observations.array(of: Float.self), count: rows, into: &found)
                for index in found.indices {
                    // Both are float32 sums of up to 64 products; they differ by rounding.
                    #expect(abs(found[index] - expected[index]) < 2e-5 * (1 + abs(expected[index])))
                }
            }
        }
    }

    @Test func startsAsCloseAsRoundingAllows() {
        let generator = TensorGenerator(seed: 3)
        let network = DenseActorCritic(observations: 4, outputs: 2, isContinuous: false, generator: generator)
        let observations = generator.normal([16, 4])
        let expected = network.parameters(observations).array(of: Float.self)
        var found = [Float](repeating: .nan, count: 32)
        FusedDensePolicy(network.actor)(observations.array(of: Float.self), count: 16, into: &found)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func copiesOtherWeights() {
        let first = DenseActorCritic(
            observations: 3, outputs: 2, isContinuous: true, generator: TensorGenerator(seed: 1))
        let second = DenseActorCritic(
            observations: 3, outputs: 2, isContinuous: true, generator: TensorGenerator(seed: 2))
        let fused = FusedDensePolicy(first.actor)
        fused.copy(second.actor)
        var found: [Float] = [0, 0]
        var expected: [Float] = [0, 0]
        fused([1, 2, 3], count: 1, into: &found)
        FusedDensePolicy(second.actor)([1, 2, 3], count: 1, into: &expected)
        #expect(found == expected)
    }

    @Test func tangentIsRightEverywhere() {
        var worst: Float = 0
        for index in stride(from: -120_000, through: 120_000, by: 8) {
            let x = SIMD8<Float>((0..<8).map { Float(index + $0) * 1e-4 })
            let found = hyperbolicTangent(x)
            for lane in 0..<8 { worst = max(worst, abs(found[lane] - Float(Foundation.tanh(Double(x[lane]))))) }
        }
        // Two roundings of numbers up to 1 in float32, of 6e-8 each, and that of the result.
        #expect(worst < 2.5e-7)
        let special = hyperbolicTangent([.infinity, -.infinity, 1e30, -1e30, 0, .nan, 20, -20])
        #expect(special[0] == 1 && special[1] == -1 && special[2] == 1 && special[3] == -1 && special[4] == 0)
        #expect(special[5].isNaN && special[6] == 1 && special[7] == -1)
    }
}
