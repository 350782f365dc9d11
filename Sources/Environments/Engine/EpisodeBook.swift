/// What the engine knows of each environment's episode.
///
/// `N` environments, `R` rows: one for each player of each environment. `A` numbers in a player's action.
public final class EpisodeBook: @unchecked Sendable {
    // Unchecked: entries of an environment are read and written by the one thread that works on it.
    let count: Int
    @usableFromInline let observationCount: Int
    @usableFromInline let actionCount: Int
    /// Whether rows and environments are the same.
    @usableFromInline let isSinglePlayer: Bool
    /// Bytes in a row of each extra column.
    @usableFromInline let columnSizes: [Int]
    @usableFromInline let maximumSteps: Int32
    @usableFromInline let autoreset: AutoresetMode
    @usableFromInline let generators: UnsafeMutablePointer<EnvironmentGenerator>
    /// 1 where the episode has ended, or none has begun.
    @usableFromInline let ended: UnsafeMutablePointer<UInt8>
    @usableFromInline let elapsed: UnsafeMutablePointer<Int32>
    /// `[R]`.
    @usableFromInline let returns: UnsafeMutablePointer<Float>
    /// `[N + 1]`, the first row of each environment, and R.
    @usableFromInline let firstRows: UnsafeMutablePointer<Int32>
    /// 1 where the next item is a reset, whatever the action.
    @usableFromInline let forced: UnsafeMutablePointer<UInt8>
    /// `[N]`, room for the list of resets that are due.
    @usableFromInline let due: UnsafeMutablePointer<Int32>
    private let owners: [AnyObject]

    init(players: [Int], specification: EnvironmentSpecification, options: PoolOptions, seeds: [UInt64]) {
        let count = players.count
        self.count = count
        observationCount = specification.observation.count
        actionCount = specification.action.count
        isSinglePlayer = players.allSatisfy { $0 == 1 }
        columnSizes = specification.columns.map(\.rowSize)
        maximumSteps = Int32(clamping: options.maximumEpisodeSteps ?? specification.maximumEpisodeSteps ?? .max)
        autoreset = options.autoreset
        generators = .allocate(capacity: count)
        let ended = StateArray<UInt8>(count)
        let elapsed = StateArray<Int32>(count)
        let firstRows = StateArray<Int32>(count + 1)
        for index in 0..<count { firstRows[index + 1] = firstRows[index] + Int32(players[index]) }
        let returns = StateArray<Float>(Int(firstRows[count]))
        let forced = StateArray<UInt8>(count)
        let due = StateArray<Int32>(count)
        owners = [ended, elapsed, returns, forced, firstRows, due]
        self.due = due.pointer
        self.firstRows = firstRows.pointer
        self.ended = ended.pointer
        self.elapsed = elapsed.pointer
        self.returns = returns.pointer
        self.forced = forced.pointer
        for index in 0..<count {
            (generators + index).initialize(to: EnvironmentGenerator(options.generator, seed: seeds[index]))
            ended[index] = 1
        }
    }

    /// The first environment whose episode has ended.
    var firstEnded: Int? { (0..<count).first { ended[$0] == 1 } }

    /// The first row of an environment; of the environment behind the last one, R.
    @inlinable
    func row(_ index: Int) -> Int { Int(firstRows[index]) }

    /// Players of an environment.
    @inlinable
    func players(of index: Int) -> Int { Int(firstRows[index &+ 1] &- firstRows[index]) }

    deinit {
        generators.deinitialize(count: count)
        generators.deallocate()
    }
}

extension EnvironmentKernel {
    /// The engine's loop over a run of environments; a task needs no other.
    ///
    /// A requirement only so that it is compiled for each task by itself.
    ///
    /// - Parameters:
    ///   - range: the environments, whose rows have the same indices.
    ///   - actions: actions of all environments; nil for the resets that the book calls for.
    ///   - book: the episodes.
    ///   - target: where results go.
    @inlinable
    public func advance(
        _ range: Range<Int>, _ actions: UnsafeRawPointer?, _ book: EpisodeBook, _ target: BatchTarget
    ) {
        guard let actions else {
            for index in range where book.forced[index] == 1 { begin(index, book, target, row: book.row(index)) }
            return
        }
        let numbers = actions.assumingMemoryBound(to: Action.self)
        if Self.isDense {
            stepTogether(range, numbers, book, target)
        } else if book.isSinglePlayer {
            stepOneByOne(range, numbers, book, target)
        } else {
            for index in range {
                let row = book.row(index)
                advance(index, numbers + row * book.actionCount, book, target, row: row)
            }
        }
    }

    @inlinable @inline(__always)
    func stepTogether(
        _ range: Range<Int>, _ numbers: UnsafePointer<Action>, _ book: EpisodeBook, _ target: BatchTarget
    ) {
        let start = range.lowerBound
        let observations = target.observations.assumingMemoryBound(to: Observation.self)
        (target.truncated + start).update(repeating: 0, count: range.count)
        step(
            range, numbers + start * book.actionCount, book.generators + start,
            StepRows(
                observations: observations + start * book.observationCount, rewards: target.rewards + start,
                terminated: target.terminated + start, ended: book.ended + start, columns: target.columns,
                index: start))
        settle(range, book, target)
    }

    /// The dynamics one environment after another, then what is the same for all of them together.
    @inlinable @inline(__always)
    func stepOneByOne(
        _ range: Range<Int>, _ numbers: UnsafePointer<Action>, _ book: EpisodeBook, _ target: BatchTarget
    ) {
        for index in range {
            // A reset is due there; it comes when all are settled.
            if book.ended[index] != 0 {
                target.rewards[index] = 0
                target.terminated[index] = 0
                target.truncated[index] = 0
                continue
            }
            let outcome = step(
                index, numbers + index &* book.actionCount, &book.generators[index], stepRow(book, target, index))
            target.rewards[index] = outcome.reward
            target.terminated[index] = outcome.isTerminated ? 1 : 0
            target.truncated[index] = outcome.isTruncated ? 1 : 0
        }
        settle(range, book, target)
    }

    /// The engine's step of one environment, or the reset that is due.
    ///
    /// - Parameters:
    ///   - index: the environment.
    ///   - action: its action.
    ///   - book: the episodes.
    ///   - target: where results go.
    ///   - row: the row there.
    @inlinable
    public func advance(
        _ index: Int, _ action: UnsafeRawPointer, _ book: EpisodeBook, _ target: BatchTarget, row: Int
    ) {
        if book.ended[index] == 1 || book.forced[index] == 1 { return begin(index, book, target, row: row) }
        let outcome = step(
            index, action.assumingMemoryBound(to: Action.self), &book.generators[index], stepRow(book, target, row))
        let steps = book.elapsed[index] &+ 1
        book.elapsed[index] = steps
        let terminated: UInt8 = outcome.isTerminated ? 1 : 0
        let truncated: UInt8 = outcome.isTruncated || steps >= book.maximumSteps ? 1 : 0
        book.ended[index] = terminated | truncated
        target.rewards[row] = outcome.reward
        for player in 0..<book.players(of: index) {
            let place = book.row(index) &+ player
            let sum = book.returns[place] + target.rewards[row &+ player]
            book.returns[place] = sum
            target.terminated[row &+ player] = terminated
            target.truncated[row &+ player] = truncated
            target.elapsedSteps[row &+ player] = steps
            target.episodeReturns[row &+ player] = sum
        }
        if terminated | truncated == 1, book.autoreset == .sameStep { renew(index, book, target, row: row) }
    }

    /// The first action that the task can't take; provided.
    ///
    /// - Parameters:
    ///   - actions: actions, row by row.
    ///   - space: the action space.
    /// - Returns: which number is bad and what it is, or nil.
    @inlinable
    public func firstInvalid(_ actions: UnsafeRawBufferPointer, in space: Space) -> (index: Int, value: Double)? {
        let numbers = actions.assumingMemoryBound(to: Action.self)
        return Action.firstInvalid(numbers, in: space).map { ($0, numbers[$0].described) }
    }

    @inlinable
    func stepRow(_ book: EpisodeBook, _ target: BatchTarget, _ row: Int) -> StepRow<Observation> {
        StepRow(
            observation: target.observations.assumingMemoryBound(to: Observation.self) + row * book.observationCount,
            rewards: target.rewards + row,
            columns: target.columns, index: row)
    }

    /// Starts an episode in a row of its own.
    @inlinable
    func begin(_ index: Int, _ book: EpisodeBook, _ target: BatchTarget, row: Int) {
        let steps = restart(index, book, target, row: row)
        for player in row..<(row + book.players(of: index)) {
            target.rewards[player] = 0
            target.terminated[player] = 0
            target.truncated[player] = 0
            target.elapsedSteps[player] = steps
            target.episodeReturns[player] = 0
        }
    }

    /// Starts an episode in the row that tells of the last one's end.
    @inlinable
    func renew(_ index: Int, _ book: EpisodeBook, _ target: BatchTarget, row: Int) {
        if let final = target.finalObservations {
            let size = book.observationCount * MemoryLayout<Observation>.stride
            (final + row * size).copyMemory(
                from: target.observations + row * size, byteCount: size * book.players(of: index))
        }
        if let final = target.finalColumns {
            for column in 0..<book.columnSizes.count {
                let size = book.columnSizes[column]
                (final[column] + row * size).copyMemory(
                    from: target.columns[column] + row * size, byteCount: size * book.players(of: index))
            }
        }
        _ = restart(index, book, target, row: row)
    }

    /// Starts an episode and clears what the book knows of the last one.
    @inlinable
    func restart(_ index: Int, _ book: EpisodeBook, _ target: BatchTarget, row: Int) -> Int32 {
        let isWhole = book.forced[index] == 1 || book.elapsed[index] >= book.maximumSteps
        let steps = restart(index, isWhole: isWhole, &book.generators[index], stepRow(book, target, row))
        book.forced[index] = 0
        book.ended[index] = 0
        book.elapsed[index] = steps
        for row in book.row(index)..<book.row(index + 1) { book.returns[row] = 0 }
        return steps
    }
}
