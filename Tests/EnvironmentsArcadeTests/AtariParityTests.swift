import Environments
import EnvironmentsArcade
import Foundation
import TestSupport
import Testing

/// Whether emulator and games are there; without them these tests are skipped.
let hasArcade = !EnvironmentCatalogue.arcade.tasks.isEmpty
/// What is said when they are skipped.
let arcadeNotice: Comment = "needs the Atari emulator and games in .deps/arcade, put there by Scripts/bootstrap"

/// Games against EnvPool: observations, memories and numbers, from the seed on; the goldens' script stands beside them.
@Suite(.enabled(if: hasArcade, arcadeNotice)) struct AtariParityTests {
    struct Choice: Decodable {
        var episodic_life: Bool?
        var reward_clip: Bool?
        var max_episode_steps: Int?
        var full_action_space: Bool?
        var noop_max: Int?
        var use_fire_reset: Bool?
        var frame_skip: Int?
        var stack_num: Int?
        var gray_scale: Bool?
        var repeat_action_probability: Float?
        var img_height: Int?
        var img_width: Int?
        var mode: Int?
        var difficulty: Int?
    }

    struct Case: Decodable {
        var id: String
        var options: Choice
        var steps: Int
        var every: Int
        var actions: Int
        var shape: [Int]
        var reward: Double
        var ends: Int
        var observation: [String]
        var ram: [String]
        var numbers: [String]
    }

    struct Golden: Decodable {
        var seed: UInt64
        var count: Int
        var cases: [Case]
    }

    static let golden: Golden? = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/environments/atari.json")
        guard let data = try? Data(contentsOf: file) else { return nil }
        return try? JSONDecoder().decode(Golden.self, from: data)
    }()

    /// The file's name of an id.
    static func game(_ id: String) -> String {
        var name = ""
        for letter in id.dropLast(3) {
            if letter.isUppercase, !name.isEmpty { name += "_" }
            name += letter.lowercased()
        }
        return name
    }

    static func options(_ id: String, _ choice: Choice) -> AtariGame.Options {
        var options = AtariGame.Options(game: game(id))
        options.hasEpisodicLife = choice.episodic_life ?? options.hasEpisodicLife
        options.clipsReward = choice.reward_clip ?? options.clipsReward
        options.maximumEpisodeSteps = choice.max_episode_steps ?? options.maximumEpisodeSteps
        options.usesFullActionSpace = choice.full_action_space ?? options.usesFullActionSpace
        options.noopMaximum = choice.noop_max ?? options.noopMaximum
        options.usesFireReset = choice.use_fire_reset ?? options.usesFireReset
        options.frameSkip = choice.frame_skip ?? options.frameSkip
        options.stackCount = choice.stack_num ?? options.stackCount
        options.isGray = choice.gray_scale ?? options.isGray
        options.repeatActionProbability = choice.repeat_action_probability ?? options.repeatActionProbability
        options.imageHeight = choice.img_height ?? options.imageHeight
        options.imageWidth = choice.img_width ?? options.imageWidth
        options.mode = choice.mode
        options.difficulty = choice.difficulty
        return options
    }

    /// The three chains of a case.
    struct Chains {
        var observation = Digest()
        var ram = Digest()
        var numbers = Digest()

        mutating func add(_ batch: StepBatch) {
            observation.add(batch.observationBytes)
            ram.add(UnsafeRawBufferPointer(batch.column("ram", as: UInt8.self)))
            let lives = batch.column("lives", as: Int32.self)
            let rewards = batch.column("reward", as: Float.self)
            let over = batch.column("terminated", as: Int32.self)
            var row: [Int64] = []
            for index in 0..<batch.count {
                // EnvPool says truncated only where an episode is both.
                let terminated = batch.terminated[index] & ~batch.truncated[index]
                row += [
                    Int64(batch.rewards[index]), Int64(rewards[index]), Int64(lives[index]), Int64(over[index]),
                    Int64(terminated), Int64(batch.truncated[index]), Int64(batch.elapsedSteps[index]),
                ]
            }
            numbers.add(row)
        }
    }

    /// Steps that are played of a case; a build for debugging is too slow for all.
    private func steps(_ expected: Case) -> Int {
        #if DEBUG
            min(expected.steps, expected.every == 100 ? 100 : 40)
        #else
            expected.steps
        #endif
    }

    @Test(arguments: 0..<25)
    func everythingIsEnvPools(number: Int) throws {
        let golden = try #require(Self.golden)
        try #require(number < golden.cases.count)
        let expected = golden.cases[number]
        let pool = try EnvironmentPool(
            AtariGame.self, count: golden.count, task: Self.options(expected.id, expected.options),
            options: PoolOptions(seed: golden.seed, generator: .envpool))
        #expect(pool.specification.id == expected.id)
        #expect(pool.specification.observation.shape == expected.shape)
        #expect(pool.specification.action == .discrete(expected.actions))
        var chains = Chains()
        chains.add(try pool.reset())
        var state: UInt32 = 7
        var reward = 0.0
        var ends = 0
        for step in 1...steps(expected) {
            let actions = (0..<golden.count).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return Int64(state >> 16) % Int64(expected.actions)
            }
            let batch = try pool.step(actions)
            chains.add(batch)
            for row in 0..<batch.count {
                reward += Double(batch.column("reward", as: Float.self)[row])
                ends += Int(batch.terminated[row] | batch.truncated[row])
            }
            guard step % expected.every == 0 else { continue }
            let mark = step / expected.every - 1
            let place = "\(expected.id) \(expected.options), step \(step)"
            try #require(chains.numbers.text == expected.numbers[mark], "numbers, \(place)")
            try #require(chains.ram.text == expected.ram[mark], "memory, \(place)")
            try #require(chains.observation.text == expected.observation[mark], "observation, \(place)")
        }
        guard steps(expected) == expected.steps else { return }
        #expect(reward == expected.reward)
        #expect(ends == expected.ends)
    }
}
