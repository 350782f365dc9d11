public import Randomness

/// How random processes are made.
public struct TabularProcessOptions: Codable, Hashable, Sendable {
    /// Number of states `S`, at least 1.
    public var stateCount = 20
    /// Number of actions `A`, at least 1.
    public var actionCount = 5
    /// γ in `[0, 1]`.
    public var discount = 0.8
    /// Concentration of the Dirichlet distribution of next states, above 0; at 0.001 almost all transitions are
    /// deterministic.
    public var concentration = 0.001

    /// The processes of the published experiments.
    ///
    /// Source: Liu et al. 2022, "A theoretical understanding of gradient bias in meta-reinforcement learning".
    public init() {}
}

extension TabularProcess {
    /// A random process: next states from a Dirichlet distribution, rewards uniform in `[0, 1)`, initial state 0.
    ///
    /// - Parameters:
    ///   - options: sizes, discount, concentration.
    ///   - generator: where the random numbers come from.
    /// - Returns: the process.
    /// - Throws: `MetaLearningError.badValue` for options outside their ranges.
    public static func random(
        _ options: TabularProcessOptions = TabularProcessOptions(), using generator: inout SplittableGenerator
    ) throws(MetaLearningError) -> TabularProcess {
        guard options.stateCount >= 1, options.actionCount >= 1 else {
            throw .badValue(
                name: "size", value: "\(options.stateCount) x \(options.actionCount)",
                reason: "states and actions must be at least 1.")
        }
        guard options.concentration > 0, options.concentration.isFinite else {
            throw .badValue(name: "concentration", value: "\(options.concentration)", reason: "it must be above 0.")
        }
        let rows = options.stateCount * options.actionCount
        var transitions: [Double] = []
        for _ in 0..<rows {
            transitions += generator.dirichlet(concentration: options.concentration, count: options.stateCount)
        }
        let rewards = (0..<rows).map { _ in generator.uniform() }
        return try TabularProcess(
            transitions: transitions, rewards: rewards, stateCount: options.stateCount,
            actionCount: options.actionCount, discount: options.discount)
    }

    /// Many random processes, each from a stream of its own.
    ///
    /// - Parameters:
    ///   - count: how many, at least 1.
    ///   - options: sizes, discount, concentration.
    ///   - seed: process `i` depends on the seed and `i` alone.
    /// - Returns: the processes.
    /// - Throws: `MetaLearningError.badValue` for a count below 1 or options outside their ranges.
    public static func random(
        count: Int, _ options: TabularProcessOptions = TabularProcessOptions(), seed: UInt64
    ) throws(MetaLearningError) -> [TabularProcess] {
        guard count >= 1 else {
            throw .badValue(name: "processes", value: "\(count)", reason: "there must be at least one.")
        }
        let root = SplittableGenerator(seed: seed).folding(in: "process")
        var result: [TabularProcess] = []
        for index in 0..<count {
            var generator = root.folding(in: UInt64(index))
            result.append(try random(options, using: &generator))
        }
        return result
    }
}
