import Foundation
import Networks
import Randomness
import Tensors
import TestSupport
import Testing

@testable import ReinforcementLearning

/// The loss against its formula, and its gradient against differences.
@Suite struct ProximalPolicyLossTests {
    private let rows = 7

    private func batch(_ network: DenseActorCritic, _ isContinuous: Bool) -> ProximalPolicyBatch {
        let generator = TensorGenerator(seed: 6)
        let observations = generator.normal([rows, 3], dtype: .float64)
        let actions =
            isContinuous
            ? generator.normal([rows, 2], dtype: .float64) : generator.integers([rows], in: 0..<2)
        let now = network.converted(to: .float64)
        let present = now.distribution(now.parameters(observations)).logProbability(of: actions)
        // Ratios on both sides of the clip, none so near it that a step of the differences crosses it.
        let shifts = Tensor([0.5, -0.5, 0.1, -0.1, 0.05, 0.4, -0.3])
        return ProximalPolicyBatch(
            observations: observations, actions: actions, logProbabilities: present + shifts,
            advantages: Tensor([1, 1, -1, -1, 0.5, -0.7, 0.3]), returns: generator.normal([rows], dtype: .float64),
            values: generator.normal([rows], dtype: .float64))
    }

    private func network(_ isContinuous: Bool) -> DenseActorCritic {
        let generator = TensorGenerator(seed: 7)
        let network = DenseActorCritic(
            observations: 3, hidden: [4], outputs: 2, isContinuous: isContinuous, initialLogDeviation: -0.3,
            generator: generator)
        return network.mapTensors { $0 + generator.normal($0.shape) * 0.3 }
    }

    @Test(arguments: [false, true], [0.0, 0.3])
    func gradientAgreesWithDifferences(isContinuous: Bool, valueClip: Double) {
        let network = network(isContinuous)
        let batch = batch(network, isContinuous)
        let options = ProximalPolicyOptions(valueClip: valueClip, entropyWeight: 0.05)
        let check = checkGradient(at: network) { $0.proximalPolicyLoss(batch, options).loss }
        #expect(check.worst < 1e-8, "\(check)")
        #expect(check.numeric.isFinite)
    }

    @Test(arguments: [false, true], [0.0, 0.3])
    func lossFollowsTheFormula(isContinuous: Bool, valueClip: Double) {
        let network = network(isContinuous).converted(to: .float64)
        let batch = batch(network, isContinuous)
        let options = ProximalPolicyOptions(clip: 0.2, valueClip: valueClip, valueWeight: 0.7, entropyWeight: 0.05)
        let distribution = network.distribution(network.parameters(batch.observations))
        let new = distribution.logProbability(of: batch.actions).array(of: Double.self)
        let values = network.values(batch.observations).array(of: Double.self)
        let old = batch.logProbabilities.array(of: Double.self)
        let advantages = batch.advantages.array(of: Double.self)
        let returns = batch.returns.array(of: Double.self)
        let former = batch.values.array(of: Double.self)
        var policy = 0.0
        var value = 0.0
        for row in 0..<rows {
            let ratio = exp(new[row] - old[row])
            policy -= min(ratio * advantages[row], min(max(ratio, 0.8), 1.2) * advantages[row])
            var error = (values[row] - returns[row]) * (values[row] - returns[row])
            if valueClip > 0 {
                let moved = former[row] + min(max(values[row] - former[row], -valueClip), valueClip)
                error = max(error, (moved - returns[row]) * (moved - returns[row]))
            }
            value += 0.5 * error
        }
        let entropy = distribution.entropy().mean().item()
        let expected = policy / Double(rows) + 0.7 * value / Double(rows) - 0.05 * entropy
        #expect(abs(network.proximalPolicyLoss(batch, options).loss.item() - expected) < 1e-12)
    }

    @Test func convolutionsHaveTheirPublishedShapes() {
        let network = ConvolutionalActorCritic(shape: [4, 84, 84], actions: 6, generator: TensorGenerator(seed: 1))
        // Mnih et al.: 3,136 numbers go into the dense layer.
        #expect(network.dense.inputs == 3_136)
        let pictures = TensorGenerator(seed: 2).integers([3, 4, 84, 84], in: 0..<256, dtype: .uint8)
        let output = network(pictures)
        #expect(output.parameters.shape == [3, 6])
        #expect(output.values.shape == [3])
        #expect(network.parameters(pictures).isClose(to: output.parameters))
        #expect(network.values(pictures).isClose(to: output.values))
    }
}
