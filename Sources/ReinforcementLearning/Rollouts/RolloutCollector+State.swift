public import Environments
import Foundation
import Randomness

extension RolloutCollector {
    /// All that a collector goes on from: environments, what they last showed, statistics, random numbers.
    public struct State: Codable, Sendable {
        var environments: [EnvironmentSnapshot]
        var observations: Data
        var resets: [UInt8]
        var generator: SplittableGenerator
        var moments: RunningMoments?
        var scaling: RewardScaling?
        var episodes: EpisodeWindow
        var stepCount: Int
    }

    /// What this collector goes on from.
    ///
    /// - Returns: the state after the last rollout.
    /// - Throws: `EnvironmentError` where a task gives no snapshots.
    public func state() throws(EnvironmentError) -> State {
        var environments: [EnvironmentSnapshot] = []
        for index in 0..<pool.count { environments.append(try pool.snapshot(of: index)) }
        let bytes = count * memory.observationSize
        return State(
            environments: environments,
            observations: Data(bytes: memory.observations(of: options.steps), count: bytes),
            resets: (0..<count).map { memory.resets[options.steps * count + $0] }, generator: generator,
            moments: moments, scaling: scaling, episodes: episodes, stepCount: stepCount)
    }

    /// Goes on from a state that a collector of the same task, count and options gave.
    ///
    /// - Parameter state: the state.
    /// - Throws: `EnvironmentError` where it doesn't fit.
    public func restore(_ state: State) throws(EnvironmentError) {
        let bytes = count * memory.observationSize
        guard state.environments.count == count, state.resets.count == count, state.observations.count == bytes else {
            throw .badSnapshot(reason: "it is of \(state.environments.count) environments, the pool has \(count)")
        }
        _ = try pool.reset()
        for index in 0..<count { try pool.restore(index, to: state.environments[index]) }
        state.observations.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            memory.observations(of: options.steps).copyMemory(from: start, byteCount: bytes)
        }
        for index in 0..<count { memory.resets[options.steps * count + index] = state.resets[index] }
        generator = state.generator
        moments = state.moments
        scaling = state.scaling
        episodes = state.episodes
        stepCount = state.stepCount
        isStarted = true
    }
}
