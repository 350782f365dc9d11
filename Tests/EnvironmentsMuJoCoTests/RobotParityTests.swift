import Environments
import EnvironmentsMuJoCo
import Foundation
import TestSupport
import Testing

/// Whether MuJoCo and its models are there; without them these tests are skipped.
let hasMuJoCo = RobotModels.areAvailable
/// What is said when they are skipped.
let muJoCoNotice: Comment = "needs MuJoCo and its models in .deps/mujoco, put there by Scripts/bootstrap"

/// Robots against EnvPool: observations, rewards, flags and columns bit for bit, from the seed on; the goldens' script
/// stands beside them.
@Suite(.enabled(if: hasMuJoCo, muJoCoNotice)) struct RobotParityTests {
    struct Choice: Decodable {
        var max_episode_steps: Int?
        var exclude_current_positions_from_observation: Bool?
        var terminate_when_unhealthy: Bool?
        var use_contact_force: Bool?
        var post_constraint: Bool?
        var healthy_angle_min: Double?
        var healthy_angle_max: Double?
        var reset_noise_scale: Double?
        var healthy_z_min: Double?
        var frame_skip: Int?
        var forward_reward_weight: Double?
        var ctrl_cost_weight: Double?
    }

    struct Case: Decodable {
        var id: String
        var options: Choice
        var factor: Double
        var bound: Double
        var shape: [Int]
        var columns: [String]
        var first: [String]
        var reward: Double
        var ends: Int
        var observation: [String]
        var numbers: [String]
    }

    struct Golden: Decodable {
        var seed: UInt64
        var count: Int
        var steps: Int
        var every: Int
        var cases: [Case]
        var gymnasium: [GymnasiumCase]
    }

    struct GymnasiumCase: Decodable {
        var id: String
        var observation: String
        var rewards: [Double]
        var terminated: Bool
    }

    static let golden: Golden? = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/environments/mujoco.json")
        guard let data = try? Data(contentsOf: file) else { return nil }
        return try? JSONDecoder().decode(Golden.self, from: data)
    }()

    static func pool(_ expected: Case, _ golden: Golden) throws -> EnvironmentPool {
        let choice = expected.options
        let pool = PoolOptions(
            seed: golden.seed, generator: .envpool, maximumEpisodeSteps: choice.max_episode_steps)
        func make<Body: Robot>(_ body: Body.Type, _ change: (inout Body.Options) -> Void) throws -> EnvironmentPool {
            var options = Body.Options(expected.id.hasSuffix("v4") ? .v4 : .v5)
            change(&options)
            return try EnvironmentPool(
                RobotKernel<Body>.self, count: golden.count, task: options, options: pool)
        }
        if choice.exclude_current_positions_from_observation != nil || choice.terminate_when_unhealthy != nil {
            if expected.id == "Humanoid-v5" {
                return try make(Humanoid.self) {
                    $0.senses.excludesPlace = false
                    $0.healthyHeights = (choice.healthy_z_min ?? 1)...2
                }
            }
            return try make(Ant.self) {
                $0.excludesPlace = false
                $0.terminatesWhenUnhealthy = choice.terminate_when_unhealthy ?? true
            }
        }
        if choice.use_contact_force == true {
            return try make(Ant.self) {
                $0.countsContacts = true
                $0.observesContacts = true
                $0.simulation.computesExternalForces = choice.post_constraint ?? false
            }
        }
        if let low = choice.healthy_angle_min, let high = choice.healthy_angle_max {
            return try make(Hopper.self) {
                $0.healthyAngles = low...high
                $0.resetNoiseScale = choice.reset_noise_scale ?? $0.resetNoiseScale
            }
        }
        if let skip = choice.frame_skip {
            return try make(HalfCheetah.self) {
                $0.simulation.frameSkip = skip
                $0.forwardRewardWeight = choice.forward_reward_weight ?? 1
                $0.controlCostWeight = choice.ctrl_cost_weight ?? 0.1
            }
        }
        return try EnvironmentCatalogue.mujoco.task(expected.id).pool(count: golden.count, options: pool)
    }

    /// The two chains of a case.
    struct Chains {
        var observation = Digest()
        var numbers = Digest()

        mutating func add(_ batch: StepBatch, _ columns: [String]) {
            observation.add(batch.observationBytes)
            var row: [Double] = []
            for index in 0..<batch.count {
                // EnvPool says truncated only where an episode is both.
                row += [
                    Double(batch.rewards[index]), Double(batch.terminated[index] & ~batch.truncated[index]),
                    Double(batch.truncated[index]), Double(batch.elapsedSteps[index]),
                ]
                row += columns.map { batch.column($0, as: Double.self)[index] }
            }
            numbers.add(row)
        }
    }

    @Test(arguments: 0..<28)
    func everythingIsEnvPools(number: Int) throws {
        let golden = try #require(Self.golden)
        #expect(golden.cases.count == 28)
        let expected = golden.cases[number]
        let pool = try Self.pool(expected, golden)
        let action = pool.specification.action
        #expect(pool.specification.id == expected.id)
        #expect(pool.specification.observation.shape == expected.shape)
        #expect(pool.specification.columns.map(\.name) == expected.columns)
        #expect(action.bounds(at: 0) == -expected.bound...expected.bound)
        var chains = Chains()
        let first = try pool.reset()
        let words = first.observations(as: Double.self).prefix(expected.first.count).map(\.bitPattern)
        #expect(words == expected.first.compactMap { UInt64($0, radix: 16) })
        chains.add(first, expected.columns)
        var state: UInt32 = 7
        var reward = 0.0
        var ends = 0
        for step in 1...golden.steps {
            let actions = (0..<(golden.count * action.count)).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return (Double(state >> 16) / 32_768 - 1) * expected.bound * expected.factor
            }
            let batch = try pool.step(actions)
            chains.add(batch, expected.columns)
            for row in 0..<batch.count {
                reward += Double(batch.rewards[row])
                ends += Int(batch.terminated[row] | batch.truncated[row])
            }
            guard step % golden.every == 0 else { continue }
            let mark = step / golden.every - 1
            let place = "\(expected.id) \(expected.options), step \(step)"
            try #require(chains.observation.text == expected.observation[mark], "observation, \(place)")
            try #require(chains.numbers.text == expected.numbers[mark], "numbers, \(place)")
        }
        #expect(abs(reward - expected.reward) <= 1e-9 * max(1, abs(reward)), "sums in another order")
        #expect(ends == expected.ends)
    }

    /// A pool of one environment with Gymnasium's random numbers.
    static func gymnasiumPool(_ id: String, seed: UInt64) throws -> EnvironmentPool {
        let pool = PoolOptions(seed: seed, generator: .gymnasium)
        // Gymnasium's v4 has the forces of contacts that EnvPool's lacks.
        if id == "Humanoid-v4" {
            var options = Humanoid.Options(.v4)
            options.simulation.computesExternalForces = true
            return try EnvironmentPool(RobotKernel<Humanoid>.self, count: 1, task: options, options: pool)
        }
        if id == "HumanoidStandup-v4" {
            var options = HumanoidStandup.Options(.v4)
            options.simulation.computesExternalForces = true
            return try EnvironmentPool(RobotKernel<HumanoidStandup>.self, count: 1, task: options, options: pool)
        }
        return try EnvironmentCatalogue.mujoco.task(id).pool(count: 1, options: pool)
    }

    @Test(arguments: 0..<15)
    func observationsAreGymnasiums(number: Int) throws {
        let golden = try #require(Self.golden)
        #expect(golden.gymnasium.count == 15)
        let expected = golden.gymnasium[number]
        let pool = try Self.gymnasiumPool(expected.id, seed: golden.seed)
        let action = pool.specification.action
        let bound = action.bounds(at: 0).upperBound
        var chain = Digest()
        chain.add(try pool.reset().observationBytes)
        var state: UInt32 = 7
        var isOver = false
        for reward in expected.rewards {
            let actions = (0..<action.count).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return (Double(state >> 16) / 32_768 - 1) * bound
            }
            let batch = try pool.step(actions)
            chain.add(batch.observationBytes)
            // Rewards are float32 here, float64 there.
            #expect(abs(Double(batch.rewards[0]) - reward) <= 2e-7 * max(1, abs(reward)), "\(expected.id)")
            isOver = batch.terminated[0] == 1
        }
        #expect(isOver == expected.terminated)
        #expect(chain.text == expected.observation, "\(expected.id)")
    }
}
