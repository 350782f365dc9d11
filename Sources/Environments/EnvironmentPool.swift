/// Many environments of one task, stepped together by a team of threads.
///
/// `N` environments, `B` environments in a batch, `R` rows: one for each player of each environment of a batch, those of
/// an environment side by side. With one player in each, row i of a synchronous pool belongs to environment i.
///
/// With `B = N` the pool is synchronous: rows are in the order of the environments, and `step(_:)` gives the results of all. With
/// `B < N` it is asynchronous: ``send(_:to:)`` gives actions to some environments, and ``receive()`` the results of the
/// `B` that are ready first.
///
/// What happens in an environment depends on its seed and its actions only, whatever the threads and the batches. After
/// it is made a pool allocates nothing. It belongs to one thread at a time.
///
/// The design follows EnvPool (Weng et al. 2022, arXiv:2206.10558) in what it does, not in how.
public final class EnvironmentPool {
    /// The task.
    public let specification: EnvironmentSpecification
    /// N.
    public let count: Int
    /// B.
    public let batchSize: Int
    /// How the pool works.
    public let options: PoolOptions
    let core: PoolCore
    private let layout: BatchLayout
    private let isDense: Bool
    /// Bytes of a player's action.
    private let actionBytes: Int
    let ring: [BatchMemory]
    let arrivals: ArrivalDesk?
    private let team: WorkerTeam
    /// The batch of the ring that was written last.
    var place = 0
    var isStarted = false

    /// Makes a pool; call `reset()` before the first step.
    ///
    /// - Parameters:
    ///   - type: the task.
    ///   - count: N, at least 1.
    ///   - task: what can be chosen about the task.
    ///   - options: how the pool works.
    /// - Throws: ``EnvironmentError`` for options, counts or files that can't be used.
    public init<Kernel: EnvironmentKernel>(
        _ type: Kernel.Type, count: Int, task: Kernel.Options, options: PoolOptions = PoolOptions()
    ) throws(EnvironmentError) {
        try Self.check(count, options)
        // First, since it checks the task's options.
        let kernel = try Kernel(count: count, options: task)
        let specification = Kernel.specification(task)
        let batchSize = options.batchSize ?? count
        self.specification = specification
        self.count = count
        self.batchSize = batchSize
        self.options = options
        let isAsynchronous = batchSize < count
        let places = isAsynchronous ? (count + batchSize - 1) / batchSize + 2 : 2
        let players = (0..<count).map { Kernel.players(of: $0, task) ?? specification.players }
        let rows = players.sorted(by: >).prefix(batchSize).reduce(0, +)
        let ring = (0..<places).map { _ in
            BatchMemory(rows: rows, specification: specification, keepsFinal: options.autoreset == .sameStep)
        }
        self.ring = ring
        layout = BatchLayout(specification)
        if !isAsynchronous {
            let owners = players.enumerated().flatMap { repeatElement(Int32($0.offset), count: $0.element) }
            for memory in ring {
                for (row, owner) in owners.enumerated() { memory.environments[row] = owner }
            }
        }
        let seeds = options.seeds ?? (0..<count).map { options.seed &+ UInt64($0) }
        let book = EpisodeBook(players: players, specification: specification, options: options, seeds: seeds)
        let core = PoolCore(kernel: kernel, book: book, target: BatchTarget(ring[0]))
        self.core = core
        let actionBytes = book.actionCount * specification.action.element.size
        self.actionBytes = actionBytes
        isDense = Kernel.isDense
        let arrivals =
            isAsynchronous
            ? ArrivalDesk(core: core, ring: ring, batchSize: batchSize, actionBytes: actionBytes) : nil
        self.arrivals = arrivals
        team = WorkerTeam(count: options.threads - 1, pins: options.pinsThreads) {
            if let arrivals { arrivals.work() } else { core.work() }
        }
    }

    private static func check(_ count: Int, _ options: PoolOptions) throws(EnvironmentError) {
        guard count >= 1 else { throw .badOption(name: "count", reason: "it is \(count), must be at least 1") }
        guard options.threads >= 1, options.threads <= 1024 else {
            throw .badOption(name: "threads", reason: "it is \(options.threads), must be from 1 to 1024")
        }
        if let batchSize = options.batchSize, batchSize < 1 || batchSize > count {
            throw .badOption(
                name: "batchSize", reason: "it is \(batchSize), must be from 1 to count, which is \(count)")
        }
        if let seeds = options.seeds, seeds.count != count {
            throw .wrongCount(what: "seeds", given: seeds.count, wanted: count)
        }
        if let limit = options.maximumEpisodeSteps, limit < 1 {
            throw .badOption(name: "maximumEpisodeSteps", reason: "it is \(limit), must be at least 1")
        }
        if options.autoreset == .disabled, (options.batchSize ?? count) < count {
            throw .badOption(name: "autoreset", reason: "an asynchronous pool resets by itself; choose another mode")
        }
    }

    /// Tells the other threads that there is work.
    func wake() { team.wake() }

    /// Whether results come as they are ready, a part of the environments at a time.
    public var isAsynchronous: Bool { arrivals != nil }
}

// MARK: - Synchronous

extension EnvironmentPool {
    /// Starts an episode in every environment.
    ///
    /// - Parameter seed: environment i gets `seed + i` from now on; nil goes on with the random numbers it has.
    /// - Returns: first observations, in the order of the environments.
    /// - Throws: `wrongTime` in an asynchronous pool, which has ``startAll()``.
    public func reset(seed: UInt64? = nil) throws(EnvironmentError) -> StepBatch {
        try reset(where: { _ in true }, seed: { index in seed.map { $0 &+ UInt64(index) } })
    }

    /// Starts an episode in some environments; the others' rows hold what they held.
    ///
    /// - Parameters:
    ///   - mask: whether an environment is to be reset.
    ///   - seed: the seed that a reset environment has from now on; nil goes on with the random numbers it has.
    /// - Returns: the observations of all, in the order of the environments.
    /// - Throws: `wrongTime` in an asynchronous pool, or where an environment left out has never been reset.
    public func reset(
        where mask: (Int) -> Bool, seed: (Int) -> UInt64? = { _ in nil }
    ) throws(EnvironmentError) -> StepBatch {
        guard !isAsynchronous else { throw .wrongTime(what: "an asynchronous pool is reset with startAll()") }
        for index in 0..<count { core.book.forced[index] = mask(index) ? 1 : 0 }
        if !isStarted, let first = (0..<count).first(where: { core.book.forced[$0] == 0 }) {
            throw .badEnvironment(id: first, reason: "it was never reset; reset all environments first")
        }
        for index in 0..<count where core.book.forced[index] == 1 { reseed(index, seed(index)) }
        let before = ring[place]
        place = (place + 1) % ring.count
        let target = BatchTarget(ring[place])
        if isStarted { copyRows(from: before, to: ring[place]) }
        isStarted = true
        run(nil, target)
        return batch(target)
    }

    func reseed(_ index: Int, _ seed: UInt64?) {
        guard let seed else { return }
        core.book.generators[index] = EnvironmentGenerator(options.generator, seed: seed)
    }

    /// Steps every environment.
    ///
    /// - Parameter actions: `[R, action]`, row by row.
    /// - Returns: results in the order of the environments.
    /// - Throws: `wrongCount`, `badAction`, or `wrongTime` before the first reset and in an asynchronous pool. Nothing
    ///   has moved then.
    public func step(_ actions: UnsafeRawBufferPointer) throws(EnvironmentError) -> StepBatch {
        try check(step: actions)
        place = (place + 1) % ring.count
        return step(actions, BatchTarget(ring[place]))
    }

    /// Steps every environment, results written where the caller wants them.
    ///
    /// - Parameters:
    ///   - actions: `[R, action]`, row by row.
    ///   - rollout: memory for observations, rewards and flags; the other columns stay with the pool.
    /// - Returns: results in the order of the environments.
    /// - Throws: as `step(_:)`.
    public func step(
        _ actions: UnsafeRawBufferPointer, into rollout: RolloutRow
    ) throws(EnvironmentError) -> StepBatch {
        try check(step: actions)
        place = (place + 1) % ring.count
        var target = BatchTarget(ring[place])
        target.observations = rollout.observations
        target.rewards = rollout.rewards
        target.terminated = rollout.terminated
        target.truncated = rollout.truncated
        return step(actions, target)
    }

    /// Steps every environment; see `step(_:)`.
    ///
    /// - Parameter actions: `[R, action]`, row by row, of the action space's type.
    /// - Returns: results in the order of the environments.
    /// - Throws: as `step(_:)`.
    /// - Precondition: the type fits the action space; violations trap.
    @inlinable
    public func step<Number: ColumnElement>(_ actions: [Number]) throws(EnvironmentError) -> StepBatch {
        precondition(
            Number.elementType == specification.action.element,
            "step: actions of \(specification.id) are \(specification.action.element), not \(Number.self)")
        return try actions.withUnsafeBufferPointer { buffer throws(EnvironmentError) in
            try step(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Complains about a step that can't be taken; nothing has moved then.
    private func check(step actions: UnsafeRawBufferPointer) throws(EnvironmentError) {
        guard !isAsynchronous else { throw .wrongTime(what: "an asynchronous pool is stepped with send and receive") }
        guard isStarted else { throw .wrongTime(what: "the pool was never reset; call reset() before the first step") }
        try check(actions, rows: core.book.row(count))
        if core.book.autoreset == .disabled, let over = core.book.firstEnded {
            throw .badEnvironment(id: over, reason: "its episode has ended; reset it first")
        }
    }

    private func step(_ actions: UnsafeRawBufferPointer, _ target: BatchTarget) -> StepBatch {
        run(actions.baseAddress, target)
        return batch(target)
    }

    /// Runs a job over all environments, with the team where it pays.
    private func run(_ actions: UnsafeRawPointer?, _ target: BatchTarget) {
        let total = core.kernel.stepNanoseconds * Double(count)
        let isAlone = team.count == 0 || total < Self.worthwhileNanoseconds
        if isAlone { return core.run(actions, into: target) }
        core.publish(actions, into: target, chunkSize: chunkSize(total))
        team.wake()
        core.work()
        var spins = 0
        while !core.isDone {
            spins += 1
            if spins > 2000 { yieldProcessor() }
        }
    }

    /// Chunks of some 5 µs or more, at least four for each thread where there is enough work, whole cache lines of flags.
    private func chunkSize(_ total: Double) -> Int {
        let wanted = max(1, min(Int(total / 5_000), 4 * (team.count + 1)))
        let size = (count + wanted - 1) / wanted
        return isDense ? (size + 63) & ~63 : size
    }

    /// Below this the hand-over to another thread costs more than it saves.
    private static var worthwhileNanoseconds: Double { 10_000 }

    func batch(_ target: BatchTarget, rows: Int? = nil) -> StepBatch {
        StepBatch(target: target, layout: layout, count: rows ?? core.book.row(count))
    }

    private func copyRows(from old: BatchMemory, to new: BatchMemory) {
        let rows = core.book.row(count)
        new.observations.copyMemory(
            from: old.observations,
            byteCount: rows * specification.observation.count * specification.observation.element.size)
        new.rewards.update(from: old.rewards, count: rows)
        new.terminated.update(from: old.terminated, count: rows)
        new.truncated.update(from: old.truncated, count: rows)
        new.elapsedSteps.update(from: old.elapsedSteps, count: rows)
        new.episodeReturns.update(from: old.episodeReturns, count: rows)
        for (index, column) in specification.columns.enumerated() {
            new.columns[index].copyMemory(from: old.columns[index], byteCount: rows * column.rowSize)
        }
    }

    /// Complains about a wrong number of actions and about actions outside their space.
    func check(_ actions: UnsafeRawBufferPointer, rows: Int) throws(EnvironmentError) {
        guard actions.count == rows * actionBytes else {
            let size = specification.action.element.size
            throw .wrongCount(
                what: "numbers of actions", given: actions.count / size, wanted: rows * actionBytes / size)
        }
        guard let bad = core.kernel.firstInvalid(actions, in: specification.action) else { return }
        throw .badAction(
            row: bad.index / max(1, specification.action.count), value: bad.value, space: "\(specification.action)")
    }
}
