/// A taxi is to fetch a passenger and bring them where they want to go: `Taxi-v3`.
///
/// Observation: ((row · 5 + column) · 5 + passenger) · 4 + destination. Actions: 0 south, 1 north, 2 east, 3 west, 4 pick
/// up, 5 drop off. Reward −1 a step, −10 for a wrong pick-up or drop-off, 20 at the end. Truncated after 200 steps. The
/// column `action_mask` holds 1 for actions that change something.
///
/// Source: Dietterich 2000; as in Gymnasium's `taxi.py`.
public final class Taxi: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 200

        /// `Taxi-v3`.
        public init() {}
    }

    /// `Taxi-v3`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Taxi-v3", observation: .discrete(500), action: .discrete(6),
            maximumEpisodeSteps: options.maximumEpisodeSteps, rewardThreshold: 8,
            columns: [TabularStates.column, .init("action_mask", .uint8, shape: [6])])
    }

    private static let map = ["|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |", "|Y| : |B: |"].map {
        Array($0.utf8)
    }
    private static let places = [(0, 0), (0, 4), (4, 0), (4, 3)]

    private let tabular: TabularStates
    /// `[states, 8]`: which actions change something, and two bytes of nothing.
    private let masks: StateArray<UInt8>

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        let table = Self.table()
        tabular = TabularStates(table, count: count)
        masks = StateArray(500 * 8)
        for state in 0..<500 {
            for action in 0..<6 where Self.changes(action, state) { masks[8 * state + action] = 1 }
        }
    }

    private static func parts(_ state: Int) -> (row: Int, column: Int, passenger: Int, destination: Int) {
        (state / 100, state / 20 % 5, state / 4 % 5, state % 4)
    }

    private static func isOpen(_ row: Int, _ column: Int, east: Bool) -> Bool {
        map[row][2 * column + (east ? 2 : 0)] == UInt8(ascii: ":")
    }

    /// The dynamics; Gymnasium's `P`.
    ///
    /// - Returns: the table.
    public static func table() -> TransitionTable {
        let starts = (0..<500).map { state in
            let (_, _, passenger, destination) = parts(state)
            return passenger < 4 && passenger != destination
        }
        let share = 1 / Double(starts.count { $0 })
        return TransitionTable(states: 500, actions: 6, start: starts.map { $0 ? share : 0 }) { state, action in
            var (row, column, passenger, destination) = parts(state)
            var reward: Float = -1
            var isOver = false
            switch action {
            case 0: row = min(row + 1, 4)
            case 1: row = max(row - 1, 0)
            case 2: if isOpen(row, column, east: true) { column += 1 }
            case 3: if isOpen(row, column, east: false) { column -= 1 }
            case 4:
                if passenger < 4, places[passenger] == (row, column) { passenger = 4 } else { reward = -10 }
            default:
                if passenger == 4, places[destination] == (row, column) {
                    passenger = destination
                    isOver = true
                    reward = 20
                } else if passenger == 4, let place = places.firstIndex(where: { $0 == (row, column) }) {
                    passenger = place
                } else {
                    reward = -10
                }
            }
            return [.init(1, ((row * 5 + column) * 5 + passenger) * 4 + destination, reward, isOver)]
        }
    }

    /// Whether an action does anything.
    private static func changes(_ action: Int, _ state: Int) -> Bool {
        let (row, column, passenger, destination) = parts(state)
        switch action {
        case 0: return row < 4
        case 1: return row > 0
        case 2: return column < 4 && isOpen(row, column, east: true)
        case 3: return column > 0 && isOpen(row, column, east: false)
        case 4: return passenger < 4 && places[passenger] == (row, column)
        default:
            let isAtPlace = places.contains { $0 == (row, column) }
            return passenger == 4 && (places[destination] == (row, column) || isAtPlace)
        }
    }

    /// A look into a table.
    public var stepNanoseconds: Double { 12 }

    /// Taxi, passenger and destination anywhere, passenger and destination apart; with EnvPool's numbers they may be at
    /// one place, as there.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        if generator.kind == .envpool {
            var state = generator.integer(below: 5)
            state = 5 * state + generator.integer(below: 5)
            state = 5 * state + generator.integer(below: 4)
            tabular.begin(index, in: 4 * state + generator.integer(below: 4), row)
        } else {
            tabular.reset(index, &generator, row)
        }
        mask(row)
    }

    /// One step.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        let outcome = tabular.step(index, action[0], &generator, row)
        mask(row)
        return outcome
    }

    /// Runs are stepped without jumps.
    public static var isDense: Bool { true }

    /// Looks into the table for a run of environments.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        tabular.step(range, actions, generators, rows)
        // Eight bytes at a time: the two too many are of the next row, which is written next. The last row has none.
        let column = UnsafeMutableRawPointer(rows.column(1, width: 6, as: UInt8.self))
        let masks = UnsafeRawPointer(masks.pointer)
        let last = range.count - 1
        for offset in 0..<last {
            let mask = masks.loadUnaligned(fromByteOffset: 8 &* Int(rows.observations[offset]), as: UInt64.self)
            column.storeBytes(of: mask, toByteOffset: 6 &* offset, as: UInt64.self)
        }
        (column + 6 * last).copyMemory(from: masks + 8 * Int(rows.observations[last]), byteCount: 6)
    }

    private func mask(_ row: StepRow<Int64>) {
        UnsafeMutableRawPointer(row.column(1, width: 6, as: UInt8.self))
            .copyMemory(from: masks.pointer + 8 * Int(row.observation[0]), byteCount: 6)
    }

    /// The state.
    public func snapshot(_ index: Int) -> [UInt8] { tabular.snapshot(index) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        try tabular.restore(index, from: bytes)
    }
}
