import Foundation
import Randomness
import Tensors
import Testing

@testable import MetaLearning

/// Returns, the chain's exact meta-loss, and meta-gradients through inner updates.
@Suite struct DiscountTests {
    /// By hand: 3, 2 + 0.5 · 3, 1 + 0.1 · 3.5.
    @Test func returnsByHand() {
        let rewards = Tensor([1.0, 2, 3], dtype: .float64)
        let discounts = Tensor([0.1, 0.5], dtype: .float64)
        let returns = DiscountedReturns.backedUp(rewards: rewards, discounts: discounts)
        expectClose(returns.array(of: Double.self), [1.35, 3.5, 3], within: 1e-12)
        // ∂ΣG/∂γ₁ = G₂ (1 + γ₀) = 3 · 1.1; without what comes earlier 3.
        let whole = grad(at: discounts) { DiscountedReturns.backedUp(rewards: rewards, discounts: $0).sum() }
        expectClose(whole.array(of: Double.self), [3.5, 3.3], within: 1e-12)
        let stopped = grad(at: discounts) {
            DiscountedReturns.backedUp(rewards: rewards, discounts: $0, stopsAtNextStep: true).sum()
        }
        expectClose(stopped.array(of: Double.self), [3.5, 3], within: 1e-12)
    }

    /// λ = 1 gives whole returns, λ = 0 one step and a value.
    @Test func lambdaReturnsBetweenTheirEnds() {
        let rewards = Tensor([1.0, 2, 3], dtype: .float64)
        let values = Tensor([10.0, 20, 30], dtype: .float64)
        func returns(_ lambda: Double) -> [Double] {
            DiscountedReturns.lambdaReturns(
                rewards: rewards, nextValues: values, discount: Tensor(0.5, dtype: .float64),
                lambda: Tensor(lambda, dtype: .float64)
            ).array(of: Double.self)
        }
        expectClose(returns(0), [6, 12, 18], within: 1e-12)
        expectClose(returns(1), [1 + 0.5 * (2 + 0.5 * 18), 2 + 0.5 * 18, 18], within: 1e-12)
        expectClose(returns(0.5), [1 + 0.25 * 10 + 0.25 * 11.5, 2 + 0.25 * 20 + 0.25 * 18, 18], within: 1e-12)
    }

    /// Mean of 20,000 sampled losses: five standard errors.
    @Test func expectedMetaLossIsTheMeanOfSampledOnes() throws {
        var generator = SplittableGenerator(seed: 8)
        for chain in [try NoisyChain.noiseFirst(states: 6), try .alternating(states: 6)] {
            let discounts = Tensor([0.1, 0.9, 0.3, 0.8, 0.6], dtype: .float64)
            let losses = chain.metaLoss(
                discounts: discounts, rewards: chain.rewards(20_000, using: &generator),
                later: chain.rewards(20_000, using: &generator))
            let error = 5 * (losses.variance().item() / 20_000).squareRoot()
            #expect(abs(losses.mean().item() - chain.expectedMetaLoss(discounts: discounts).item()) < error)
        }
    }

    private func learner(_ surrogate: PolicySurrogate, innerUpdates: Int) throws -> ReturnMetaLearner {
        var options = ReturnMetaOptions()
        options.travellers = 6
        options.steps = 7
        options.surrogate = surrogate
        options.innerUpdates = innerUpdates
        let parameters = try ReturnParameters(
            discount: 0.7, lambda: 0.8, valueWeight: 0.4, entropyWeight: 0.1, shape: [2, 1], dtype: .float64)
        var learner = try ReturnMetaLearner(
            PrizeRoad(places: 3), learners: 2, parameters: parameters, options: options,
            generator: SplittableGenerator(seed: 4))
        for _ in 0..<2 { learner.update() }
        return learner
    }

    /// Central differences of the loss after three inner updates, through which γ, λ and both weights act; with steps
    /// of 1e-4 truncation stays below 1e-6.
    @Test func metaGradientsEqualDifferences() throws {
        let learner = try learner(.policyGradient, innerUpdates: 3)
        let (rollouts, later, advantages) = learner.rolloutsForOneUpdate()
        let point = learner.parameters
        let gradient = grad(at: point) { learner.metaLoss($0, rollouts, later, advantages) }.tensors
        for leaf in 0..<4 {
            for place in 0..<2 {
                let losses = [1e-4, -1e-4].map { step in
                    var tensors = point.tensors
                    var unit = [0.0, 0.0]
                    unit[place] = step
                    tensors[leaf] = tensors[leaf] + Tensor(unit, shape: [2, 1], dtype: .float64)
                    return learner.metaLoss(
                        point.replacingTensors(with: tensors), rollouts, later, advantages
                    ).item()
                }
                let slope = (losses[0] - losses[1]) / 2e-4
                #expect(abs(slope - gradient[leaf].array(of: Double.self)[place]) < 1e-6)
            }
        }
    }

    /// The two ways to write the policy's loss differ in second derivatives, which one inner update doesn't use.
    @Test(arguments: [1, 2])
    func surrogatesDifferByCurvatureAlone(innerUpdates: Int) throws {
        let gradients = try PolicySurrogate.allCases.map { surrogate in
            let learner = try learner(surrogate, innerUpdates: innerUpdates)
            let (rollouts, later, advantages) = learner.rolloutsForOneUpdate()
            return grad(at: learner.parameters) { learner.metaLoss($0, rollouts, later, advantages) }
                .discountLogit.array(of: Double.self)
        }
        let difference = zip(gradients[0], gradients[1]).map { abs($0 - $1) }.max() ?? 0
        #expect(innerUpdates == 1 ? difference < 1e-14 : difference > 1e-6)
    }

    @Test func roadsPayWhatTheyPromise() throws {
        let road = try PrizeRoad(places: 4, smallPrize: 0.1, bigPrize: 2)
        #expect(abs(road.meanReward(goingOn: [1, 1, 1, 1], steps: 40) - road.patientReward) < 1e-12)
        #expect(abs(road.meanReward(goingOn: [0, 0, 0, 0], steps: 40) - 0.1) < 1e-12)
        #expect(road.outcome(of: 1, at: 3).reward == 2)
    }

    @Test func discountsOutsideAreRefused() {
        for discount in [-0.1, 0, 1, 1.5, .nan] {
            #expect(throws: GameError.self) {
                try ReturnParameters(discount: discount, lambda: 0.5, valueWeight: 0.5, entropyWeight: 0.5)
            }
        }
        #expect(throws: GameError.notFraction(name: "λ", value: 1)) {
            try ReturnParameters(discount: 0.5, lambda: 1, valueWeight: 0.5, entropyWeight: 0.5)
        }
        #expect(throws: GameError.self) { try NoisyChain(means: [1], deviations: [1]) }
        #expect(throws: GameError.self) { try PrizeRoad(places: 0) }
    }
}
