/// What tasks with a table have in common: a state an environment, observed as it is.
struct TabularStates: Sendable {
    let table: TransitionTable
    let states: StateArray<Int64>

    init(_ table: TransitionTable, count: Int) {
        self.table = table
        states = StateArray(count)
    }

    func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        begin(index, in: table.first(&generator), row)
    }

    func begin(_ index: Int, in state: Int, _ row: StepRow<Int64>) {
        states[index] = Int64(state)
        row.observation[0] = states[index]
        row.column(0, as: Float.self)[0] = 1
    }

    func step(
        _ index: Int, _ action: Int64, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        let outcome = table.step(Int(states[index]), Int(action), &generator)
        states[index] = Int64(outcome.state)
        row.observation[0] = Int64(outcome.state)
        row.column(0, as: Float.self)[0] = outcome.probability
        return StepOutcome(outcome.reward, isTerminated: outcome.isTerminal)
    }

    /// A run of environments, without jumps for generators of the kind `fast`.
    @inline(__always)
    func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        // With a constant width the compiler unrolls the search; with 1 it needs no word.
        switch table.cells.width {
        case 1: step(range, actions, generators, rows, width: 1)
        case 3: step(range, actions, generators, rows, width: 3)
        case let width: step(range, actions, generators, rows, width: width)
        }
    }

    @inline(__always)
    private func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>, width: Int
    ) {
        let (cells, actionCount) = (table.cells, table.actionCount)
        let states = states.pointer + range.lowerBound
        let probabilities = rows.column(0, as: Float.self)
        @inline(__always)
        func put(_ cell: TransitionCells.Cell, _ offset: Int) {
            states[offset] = Int64(cell.state)
            rows.observations[offset] = Int64(cell.state)
            probabilities[offset] = cell.probability
            rows.rewards[offset] = cell.reward
            rows.terminated[offset] = cell.isTerminal ? 1 : 0
        }
        for offset in 0..<range.count {
            let pair = Int(states[offset]) &* actionCount &+ Int(actions[offset])
            guard generators[offset].isFast else {
                let place = rows.ended[offset] == 0 ? table.place(pair, &generators[offset]) : 0
                put(cells.cells[pair &* width &+ place], offset)
                continue
            }
            let word = generators[offset].fastWord(UInt64(rows.ended[offset]) &- 1)
            put(cells.cells[pair &* width &+ cells.place(pair, word &>> 11, width: width)], offset)
        }
    }

    func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([states[index]]) }

    func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.integers(bytes, count: 1)[0]
        guard state >= 0, state < table.stateCount else {
            throw .badSnapshot(reason: "its state is \(state), the task has \(table.stateCount)")
        }
        states[index] = Int64(state)
    }

    /// The column that all these tasks have: the probability of what happened.
    static let column = EnvironmentSpecification.Column("prob", .float32)
}
