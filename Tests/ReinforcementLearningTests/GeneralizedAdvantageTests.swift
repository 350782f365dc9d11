import Randomness
import Testing

@testable import ReinforcementLearning

/// Estimates of advantages against sums written out.
@Suite struct GeneralizedAdvantageTests {
    /// Random rollouts as environments with resets in the next step give them.
    struct Rollout {
        let steps: Int
        let environments: Int
        var rewards: [Float] = []
        var values: [Float] = []
        var terminated: [UInt8] = []
        var truncated: [UInt8] = []
        var resets: [UInt8] = []

        init(steps: Int, environments: Int, seed: UInt64) {
            var generator = SplittableGenerator(seed: seed)
            self.steps = steps
            self.environments = environments
            var isReset = (0..<environments).map { _ in generator.bernoulli(0.2) }
            for _ in 0..<steps {
                for index in 0..<environments {
                    let ends = !isReset[index] && generator.bernoulli(0.25)
                    let isTruncated = generator.bernoulli(0.5)
                    let isBoth = generator.bernoulli(0.1)
                    resets.append(isReset[index] ? 1 : 0)
                    rewards.append(isReset[index] ? 0 : Float(generator.normal()))
                    terminated.append(ends && (!isTruncated || isBoth) ? 1 : 0)
                    truncated.append(ends && (isTruncated || isBoth) ? 1 : 0)
                    isReset[index] = ends
                }
            }
            values = generator.normals((steps + 1) * environments).map { Float($0) }
        }

        /// Σₖ (γλ)ᵏ δₜ₊ₖ, each δ from its definition, over the rest of the episode or the rollout.
        func advantage(_ step: Int, _ environment: Int, _ discount: Double, _ trace: Double) -> Double {
            func place(_ step: Int) -> Int { step * environments + environment }
            if resets[place(step)] == 1 { return 0 }
            var sum = 0.0
            var factor = 1.0
            for later in step..<steps {
                let next = terminated[place(later)] == 1 ? 0 : Double(values[place(later + 1)])
                sum += factor * (Double(rewards[place(later)]) + discount * next - Double(values[place(later)]))
                factor *= discount * trace
                if terminated[place(later)] == 1 || truncated[place(later)] == 1 { break }
            }
            return sum
        }

        func estimate(_ estimator: GeneralizedAdvantage) -> [Float] {
            var advantages = [Float](repeating: .nan, count: steps * environments)
            estimator.estimate(
                rewards: rewards, values: values, terminated: terminated, truncated: truncated, resets: resets,
                steps: steps, environments: environments, advantages: &advantages)
            return advantages
        }
    }

    @Test(arguments: [(0.99, 0.95), (1.0, 1.0), (0.9, 0.0), (0.5, 0.8), (0.0, 0.5)])
    func agreesWithTheSumOverEachEpisode(discount: Double, trace: Double) {
        for seed in 0..<20 as Range<UInt64> {
            let rollout = Rollout(steps: 40, environments: 3, seed: seed)
            let advantages = rollout.estimate(GeneralizedAdvantage(discount: discount, trace: trace))
            for step in 0..<rollout.steps {
                for environment in 0..<rollout.environments {
                    let expected = rollout.advantage(step, environment, discount, trace)
                    let found = Double(advantages[step * rollout.environments + environment])
                    // float32 sums of up to 40 numbers of size 1
                    #expect(abs(found - expected) < 2e-5, "step \(step) of environment \(environment), seed \(seed)")
                }
            }
        }
    }

    @Test func aTruncatedEpisodeIsWorthItsLastObservationAndATerminatedOneNothing() {
        var advantages: [Float] = [0, 0]
        func run(_ terminated: [UInt8], _ truncated: [UInt8]) -> [Float] {
            // Step 0 ends an episode, step 1 is the reset; the value of the last observation is 10.
            GeneralizedAdvantage(discount: 0.5, trace: 0.9).estimate(
                rewards: [1, 0], values: [2, 10, 100], terminated: terminated, truncated: truncated, resets: [0, 1],
                steps: 2, environments: 1, advantages: &advantages)
            return advantages
        }
        #expect(run([1, 0], [0, 0]) == [-1, 0])
        #expect(run([0, 0], [1, 0]) == [4, 0])
        #expect(run([1, 0], [1, 0]) == [-1, 0])
    }

    @Test func undiscountedAndUntracedSumsAreReturnsMinusValues() {
        let rollout = Rollout(steps: 12, environments: 2, seed: 5)
        var open = rollout
        open.terminated = open.terminated.map { _ in 0 }
        open.truncated = open.terminated
        open.resets = open.terminated
        let advantages = open.estimate(GeneralizedAdvantage(discount: 1, trace: 1))
        for environment in 0..<2 {
            let rewards = stride(from: environment, to: 24, by: 2).map { open.rewards[$0] }.reduce(0, +)
            let expected = rewards + open.values[24 + environment] - open.values[environment]
            #expect(abs(advantages[environment] - expected) < 1e-5)
        }
    }
}
