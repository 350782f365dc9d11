/// A chain of states with a large reward at its end: `NChain-v0`.
///
/// Observation: the state. Actions: 0 forward, 1 back to the start for a reward of 2; forward at the end gives 10. With
/// probability 0.2 the other action happens. Truncated after 1,000 steps.
///
/// Source: Strens 2000, "A Bayesian framework for reinforcement learning"; as in OpenAI Gym's `nchain.py`.
public final class Chain: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// States, at least 1.
        public var states = 5
        /// Probability that the other action happens.
        public var slip = 0.2
        /// Reward for going back.
        public var smallReward: Float = 2
        /// Reward for going forward at the end.
        public var largeReward: Float = 10
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 1000

        /// `NChain-v0`.
        public init() {}
    }

    /// `NChain-v0`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "NChain-v0", observation: .discrete(options.states), action: .discrete(2),
            maximumEpisodeSteps: options.maximumEpisodeSteps)
    }

    private let states: StateArray<Int64>
    private let last: Int64
    private let slip: Double
    /// Words whose upper 53 bits are below this let the other action happen.
    private let slipWord: UInt64
    private let smallReward: Float
    private let largeReward: Float

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    /// - Throws: `badOption` for a chain without states.
    public init(count: Int, options: Options) throws(EnvironmentError) {
        guard options.states >= 1 else {
            throw .badOption(name: "states", reason: "it is \(options.states), must be at least 1")
        }
        states = StateArray(count)
        last = Int64(options.states - 1)
        slip = options.slip
        slipWord = EnvironmentGenerator.wordLimit(options.slip)
        smallReward = options.smallReward
        largeReward = options.largeReward
    }

    /// One draw.
    public var stepNanoseconds: Double { 8 }

    /// To the first state.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        states[index] = 0
        row.observation[0] = 0
    }

    /// One step.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        let isBack = (action[0] == 1) != (generator.unit() < slip)
        let state = states[index]
        // Without jumps: nobody can foresee which way it goes.
        let forward = state < last ? 0 : largeReward
        let next = isBack ? 0 : min(state &+ 1, last)
        states[index] = next
        row.observation[0] = next
        return StepOutcome(isBack ? smallReward : forward)
    }

    /// Runs are stepped without jumps.
    public static var isDense: Bool { true }

    /// One environment after another; nobody can foresee which way it goes, so that a jump would cost most.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        let states = states.pointer + range.lowerBound
        let (last, slipWord) = (last, slipWord)
        let (small, large) = (smallReward.bitPattern, largeReward.bitPattern)
        let rewards = UnsafeMutableRawPointer(rows.rewards)
        rows.terminated.update(repeating: 0, count: range.count)
        for offset in 0..<range.count {
            // 1 where the other action happens.
            let slips: UInt64
            if generators[offset].isFast {
                let word = generators[offset].fastWord(UInt64(rows.ended[offset]) &- 1)
                // Both numbers are far below 2⁶³.
                slips = ((word &>> 11) &- slipWord) &>> 63
            } else {
                slips = rows.ended[offset] == 0 && generators[offset].unit() < slip ? 1 : 0
            }
            // All ones where it goes forward, all zeros where it goes back.
            let forward = Int64(bitPattern: (UInt64(bitPattern: actions[offset]) ^ slips) &- 1)
            let state = states[offset]
            // All ones at the end of the chain.
            let isLast = ((state &- last) &>> 63) ^ -1
            let next = (state &+ 1 &+ isLast) & forward
            states[offset] = next
            rows.observations[offset] = next
            let gain = UInt32(truncatingIfNeeded: forward & isLast) & large
            rewards.storeBytes(
                of: gain | ~UInt32(truncatingIfNeeded: forward) & small, toByteOffset: 4 &* offset, as: UInt32.self)
        }
    }

    /// The state.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([states[index]]) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.integers(bytes, count: 1)[0]
        guard (0...Int(last)).contains(state) else {
            throw .badSnapshot(reason: "its state is \(state), the chain has \(last + 1)")
        }
        states[index] = Int64(state)
    }
}
