/// A walk along a cliff: `CliffWalking-v1`.
///
/// Observation: the field of 4x12, row by row. Actions: 0 up, 1 right, 2 down, 3 left. Reward −1 a step, −100 for a fall,
/// which leads back to the start. Ends at the lower right.
///
/// Source: Sutton and Barto 2018, example 6.6; as in Gymnasium's `cliffwalking.py`.
public final class CliffWalking: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Whether a step goes to either side of the wanted direction with probability 1/3 each.
        public var isSlippery = false
        /// Steps after which an episode is truncated; nil for never.
        public var maximumEpisodeSteps: Int?

        /// `CliffWalking-v1`.
        public init() {}
    }

    /// `CliffWalking-v1`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: options.isSlippery ? "CliffWalkingSlippery-v1" : "CliffWalking-v1", observation: .discrete(48),
            action: .discrete(4), maximumEpisodeSteps: options.maximumEpisodeSteps, columns: [TabularStates.column])
    }

    private let tabular: TabularStates

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        tabular = TabularStates(Self.table(options), count: count)
    }

    /// The dynamics; Gymnasium's `P`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the table.
    public static func table(_ options: Options) -> TransitionTable {
        let start = 36
        return TransitionTable(
            states: 48, actions: 4, start: (0..<48).map { $0 == start ? 1 : 0 }
        ) { state, action in
            let directions = options.isSlippery ? [(action + 3) % 4, action, (action + 1) % 4] : [action]
            return directions.map { direction in
                var row = state / 12
                var column = state % 12
                switch direction {
                case 0: row = max(row - 1, 0)
                case 1: column = min(column + 1, 11)
                case 2: row = min(row + 1, 3)
                default: column = max(column - 1, 0)
                }
                let probability = 1 / Double(directions.count)
                if row == 3, (1...10).contains(column) { return .init(probability, start, -100, false) }
                return .init(probability, row * 12 + column, -1, row == 3 && column == 11)
            }
        }
    }

    /// A look into a table.
    public var stepNanoseconds: Double { 10 }

    /// Back to the start.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        tabular.reset(index, &generator, row)
    }

    /// One step.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        tabular.step(index, action[0], &generator, row)
    }

    /// Runs are stepped without jumps.
    public static var isDense: Bool { true }

    /// Looks into the table for a run of environments.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        tabular.step(range, actions, generators, rows)
    }

    /// The field.
    public func snapshot(_ index: Int) -> [UInt8] { tabular.snapshot(index) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        try tabular.restore(index, from: bytes)
    }
}
