public import Environments
import Foundation

/// How a pool is set up for a measurement.
public struct EnvironmentSetting: Sendable, Codable, Hashable {
    /// N.
    public var environments: Int
    /// B; N for a synchronous pool.
    public var batch: Int
    /// Threads, the caller's included.
    public var threads: Int

    /// A setting; synchronous without a batch.
    public init(_ environments: Int, batch: Int? = nil, threads: Int = 1) {
        self.environments = environments
        self.batch = batch ?? environments
        self.threads = threads
    }

    /// Such as `256/64 x2`.
    public var label: String { "\(environments)/\(batch) x\(threads)" }
}

/// What one step of one environment takes.
public struct EnvironmentTiming: Sendable, Codable, Hashable {
    /// Processor seconds of all threads.
    public var processor: Double
    /// Wall seconds.
    public var wall: Double
}

/// Steps a pool with random actions, drawn beforehand, and looks at the clock.
public struct EnvironmentMeasurement {
    private let pool: EnvironmentPool
    private let actions: UnsafeMutableRawBufferPointer
    private let size: Int
    private var turn = 0
    private static let kinds = 16

    /// Makes a pool and starts it.
    ///
    /// - Parameters:
    ///   - task: the task.
    ///   - setting: environments, batch, threads.
    ///   - generator: where random numbers come from.
    /// - Throws: `EnvironmentError` for settings or files that can't be used.
    public init(
        _ task: EnvironmentTask, _ setting: EnvironmentSetting, generator: GeneratorKind = .fast
    ) throws(EnvironmentError) {
        let options = PoolOptions(
            batchSize: setting.batch == setting.environments ? nil : setting.batch, threads: setting.threads,
            generator: generator)
        pool = try task.pool(count: setting.environments, options: options)
        let space = task.specification.action
        size = setting.batch * task.specification.players * space.count * space.element.size
        actions = .allocate(byteCount: Self.kinds * size, alignment: 64)
        var sampler = ActionSampler(space, seed: 0)
        sampler.fill(actions)
        if pool.isAsynchronous { try pool.startAll() } else { _ = try pool.reset() }
    }

    /// Gives the memory of the actions back; the measurement is over.
    public func finish() { actions.deallocate() }

    /// Steps one batch.
    ///
    /// - Returns: environments stepped.
    /// - Throws: `EnvironmentError` where the task fails.
    public mutating func step() throws(EnvironmentError) -> Int {
        let start = turn % Self.kinds * size
        turn += 1
        let chosen = UnsafeRawBufferPointer(rebasing: actions[start..<(start + size)])
        if pool.isAsynchronous {
            let batch = try pool.receive()
            try pool.send(chosen, to: batch.environments)
        } else {
            _ = try pool.step(chosen)
        }
        return pool.batchSize
    }

    /// Steps for about so long, after a warm-up of half of that.
    ///
    /// - Parameters:
    ///   - seconds: length of one measurement.
    ///   - repeats: measurements, of which the least counts.
    /// - Returns: what one step of one environment takes.
    /// - Throws: `EnvironmentError` where the task fails.
    public mutating func measure(seconds: Double, repeats: Int = 3) throws(EnvironmentError) -> EnvironmentTiming {
        _ = try run(seconds: seconds / 2)
        var best = EnvironmentTiming(processor: .infinity, wall: .infinity)
        for _ in 0..<repeats {
            let timing = try run(seconds: seconds)
            best.processor = min(best.processor, timing.processor)
            best.wall = min(best.wall, timing.wall)
        }
        return best
    }

    private mutating func run(seconds: Double) throws(EnvironmentError) -> EnvironmentTiming {
        let clock = ContinuousClock()
        let start = clock.now
        let processor = processorSeconds()
        var steps = 0
        var wall = 0.0
        // The clock is looked at every 4 batches, as on the peers' side.
        repeat {
            for _ in 0..<4 { steps += try step() }
            let passed = (clock.now - start).components
            wall = Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
        } while wall < seconds
        let count = Double(steps)
        return EnvironmentTiming(processor: (processorSeconds() - processor) / count, wall: wall / count)
    }
}
