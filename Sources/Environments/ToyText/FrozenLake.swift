/// A walk over a frozen lake with holes: `FrozenLake-v1`.
///
/// Observation: the field, row by row. Actions: 0 left, 1 down, 2 right, 3 up. Reward 1 at the goal. On slippery ice the
/// step goes to either side of the wanted direction with probability 1/3 each. Truncated after 100 steps (200 on 8x8).
///
/// Source: as in Gymnasium's `frozen_lake.py`.
public final class FrozenLake: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Rows of the map: S start, F ice, H hole, G goal.
        public var map = FrozenLake.small
        /// Whether the ice is slippery.
        public var isSlippery = true
        /// Steps after which an episode is truncated; nil for 100 on maps up to 4x4, else 200.
        public var maximumEpisodeSteps: Int?

        /// `FrozenLake-v1`.
        public init() {}
    }

    /// The map of 4x4 fields.
    public static let small = ["SFFF", "FHFH", "FFFH", "HFFG"]
    /// The map of 8x8 fields.
    public static let large = [
        "SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG",
    ]

    /// `FrozenLake-v1` or `FrozenLake8x8-v1`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        let fields = options.map.reduce(0) { $0 + $1.count }
        let isLarge = fields > 16
        return EnvironmentSpecification(
            id: isLarge ? "FrozenLake8x8-v1" : "FrozenLake-v1", observation: .discrete(fields), action: .discrete(4),
            maximumEpisodeSteps: options.maximumEpisodeSteps ?? (isLarge ? 200 : 100),
            rewardThreshold: isLarge ? 0.85 : 0.70, columns: [TabularStates.column])
    }

    private let tabular: TabularStates

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    /// - Throws: `badOption` for a map that isn't a rectangle of S, F, H and G with a start.
    public init(count: Int, options: Options) throws(EnvironmentError) {
        tabular = TabularStates(try Self.table(options), count: count)
    }

    /// The dynamics; Gymnasium's `P`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the table.
    /// - Throws: `badOption` for a map that isn't a rectangle of S, F, H and G with a start.
    public static func table(_ options: Options) throws(EnvironmentError) -> TransitionTable {
        let fields = options.map.flatMap { Array($0) }
        let width = options.map.first?.count ?? 0
        let height = options.map.count
        guard width > 0, options.map.allSatisfy({ $0.count == width }), fields.allSatisfy({ "SFHG".contains($0) }),
            fields.contains("S")
        else { throw .badOption(name: "map", reason: "it isn't a rectangle of S, F, H and G with a start S") }
        let starts = Double(fields.count { $0 == "S" })
        return TransitionTable(
            states: fields.count, actions: 4, start: fields.map { $0 == "S" ? 1 / starts : 0 }
        ) { state, action in
            if "GH".contains(fields[state]) { return [.init(1, state, 0, true)] }
            let directions = options.isSlippery ? [(action + 3) % 4, action, (action + 1) % 4] : [action]
            return directions.map { direction in
                var row = state / width
                var column = state % width
                switch direction {
                case 0: column = max(column - 1, 0)
                case 1: row = min(row + 1, height - 1)
                case 2: column = min(column + 1, width - 1)
                default: row = max(row - 1, 0)
                }
                let next = row * width + column
                return .init(
                    1 / Double(directions.count), next, fields[next] == "G" ? 1 : 0, "GH".contains(fields[next]))
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
