import Environments
import Foundation
import Testing

/// Classic control against Gymnasium's environments and EnvPool's resets; the goldens' script stands beside them.
@Suite struct ClassicParityTests {
    struct Transition: Decodable {
        var state: [Double]
        var action: [Double]
        var next: [Double]
        var observation: [Double]
        var reward: Double
        var terminated: Bool
    }

    struct Resets: Decodable {
        var envpool: [[Double]]
        var gymnasium: [[Double]]
    }

    struct Golden: Decodable {
        var transitions: [Transition]
        var resets: Resets
    }

    static let goldens: [String: Golden] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/environments/classic.json")
        guard let data = try? Data(contentsOf: file) else { return [:] }
        return (try? JSONDecoder().decode([String: Golden].self, from: data)) ?? [:]
    }()

    static let names = ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1"]

    private func actions(_ numbers: [Double], _ pool: EnvironmentPool) throws -> StepBatch {
        pool.specification.action.element == .int64
            ? try pool.step(numbers.map { Int64($0) }) : try pool.step(numbers.map { Float($0) })
    }

    private func state(_ pool: EnvironmentPool, _ index: Int) throws -> [Double] {
        try pool.snapshot(of: index).numbers
    }

    @Test(arguments: names)
    func stepsAreGymnasiums(name: String) throws {
        let golden = try #require(Self.goldens[name])
        let count = golden.transitions.count
        let pool = try EnvironmentCatalogue.builtIn.task(name).pool(
            count: count, options: PoolOptions(autoreset: .disabled))
        _ = try pool.reset()
        for (index, row) in golden.transitions.enumerated() { try pool.setState(row.state, of: index) }
        let batch = try actions(golden.transitions.flatMap(\.action), pool)
        let width = batch.observationCount
        for (index, row) in golden.transitions.enumerated() {
            let ours = try state(pool, index)
            for (mine, theirs) in zip(ours, row.next) {
                let bound = 1e-12 * max(1, abs(theirs))
                #expect(abs(mine - theirs) <= bound, "\(name) \(index): \(ours) \(row.next)")
            }
            for place in 0..<width {
                let mine = batch.observations(as: Float.self)[index * width + place]
                #expect(abs(Double(mine) - row.observation[place]) <= 1e-6 * max(1, abs(row.observation[place])))
            }
            #expect(abs(Double(batch.rewards[index]) - row.reward) <= 2e-7 * max(1, abs(row.reward)))
            #expect((batch.terminated[index] == 1) == row.terminated, "\(name) \(index)")
        }
    }

    @Test(arguments: names)
    func resetsAreTheirs(name: String) throws {
        let golden = try #require(Self.goldens[name])
        for (kind, theirs) in [
            (GeneratorKind.envpool, golden.resets.envpool), (.gymnasium, golden.resets.gymnasium),
        ] {
            let pool = try EnvironmentCatalogue.builtIn.task(name).pool(
                count: 3, options: PoolOptions(seed: 42, generator: kind))
            let batch = try pool.reset()
            let ours = batch.observations(as: Float.self).map { Double($0) }
            for (mine, their) in zip(ours, theirs.flatMap { $0 }) {
                #expect(abs(mine - their) <= 6e-8 * max(1, abs(their)), "\(name) \(kind)")
            }
        }
    }
}
