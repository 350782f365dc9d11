import Environments
import Foundation
import Testing

/// Toy text against Gymnasium's tables and episodes and EnvPool's episodes; the goldens' script stands beside them.
@Suite struct ToyTextParityTests {
    struct Golden: Decodable {
        var tables: [String: [[[[Double]]]]]
        var gymnasium: [String: [[Row]]]
        var envpool: [String: [Row]]
    }

    struct Row: Decodable {
        var action: Int64
        var observation: [Double]
        var reward: Float
        var terminated: Int
        var truncated: Int

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            action = try values.decode(Int64.self)
            observation = try values.decode([Double].self)
            reward = try values.decode(Float.self)
            terminated = try values.decode(Int.self)
            truncated = try values.decode(Int.self)
        }
    }

    static func golden() throws -> Golden {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/environments/toy_text.json")
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }

    private func table(_ name: String) throws -> TransitionTable {
        switch name {
        case "FrozenLake-v1": return try FrozenLake.table(FrozenLake.Options())
        case "FrozenLake8x8-v1":
            var options = FrozenLake.Options()
            options.map = FrozenLake.large
            return try FrozenLake.table(options)
        case "FrozenLake-v1 dry":
            var options = FrozenLake.Options()
            options.isSlippery = false
            return try FrozenLake.table(options)
        case "Taxi-v3": return Taxi.table()
        default:
            var options = CliffWalking.Options()
            options.isSlippery = name == "CliffWalkingSlippery-v1"
            return CliffWalking.table(options)
        }
    }

    @Test func tablesAreGymnasiums() throws {
        for (name, theirs) in try Self.golden().tables {
            let ours = try table(name)
            #expect(ours.stateCount == theirs.count)
            for (state, actions) in theirs.enumerated() {
                #expect(ours.actionCount == actions.count)
                for (action, outcomes) in actions.enumerated() {
                    let mine = ours.outcomes(of: action, in: state).map {
                        [
                            ($0.probability * 1e12).rounded() / 1e12, Double($0.state), Double($0.reward),
                            $0.isTerminal ? 1 : 0,
                        ]
                    }
                    #expect(mine == outcomes, "\(name): state \(state), action \(action)")
                }
            }
        }
    }

    private func check(_ rows: [Row], _ name: String, seed: UInt64, _ kind: GeneratorKind) throws {
        let pool = try EnvironmentCatalogue.builtIn.task(name).pool(
            count: 1, options: PoolOptions(seed: seed, generator: kind))
        for (place, row) in rows.enumerated() {
            let batch = try place == 0 ? pool.reset() : pool.step([row.action])
            let ours: [Double]
            if pool.specification.observation.element == .float32 {
                let board = batch.observations(as: Float.self)
                ours = board.indices.filter { board[$0] != 0 }.map { Double($0) }
            } else {
                ours = batch.observations(as: Int64.self).map { Double($0) }
            }
            // EnvPool's flag tells of any ace in Blackjack, also of one that counts 1.
            var theirs = row.observation
            if name == "Blackjack-v1", kind == .envpool, theirs[2] == 1 { theirs[2] = ours[2] }
            let got = (ours, batch.rewards[0], Int(batch.terminated[0]), Int(batch.truncated[0]))
            try #require(
                got == (theirs, row.reward, row.terminated, row.truncated), "\(name) seed \(seed) row \(place)")
        }
    }

    @Test func episodesAreGymnasiums() throws {
        for (name, episodes) in try Self.golden().gymnasium {
            for (offset, rows) in episodes.enumerated() {
                try check(rows, name, seed: 42 + UInt64(offset), .gymnasium)
            }
        }
    }

    @Test func episodesAreEnvPools() throws {
        for (name, rows) in try Self.golden().envpool {
            try check(rows, name.replacing("CliffWalking-v0", with: "CliffWalking-v1"), seed: 42, .envpool)
        }
    }
}
