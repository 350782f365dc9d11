import Synchronization

/// The asynchronous half of a pool: environments wait in a queue, results go to the next free row.
final class ArrivalDesk: @unchecked Sendable {
    // Unchecked: an environment's action and state belong to the thread that took it from the queue. A row belongs to
    // the thread that drew its number. A batch is read when all its rows are counted, and written again only when the
    // caller has received the next one: of N environments at most N rows can be outstanding, fewer than the ring holds.
    let core: PoolCore
    private let book: EpisodeBook
    let batchSize: Int
    private let ring: [BatchMemory]
    private let queue: WorkQueue
    /// Bytes of a player's action.
    let actionBytes: Int
    /// `[R, action]`.
    let actions: AlignedMemory
    /// 1 where an environment is in the queue, being stepped, or in a batch that isn't received.
    let isOut: StateArray<UInt8>
    private let items = Atomic<Int>(0)
    private let written: UnsafeMutablePointer<Atomic<Int>>
    /// Rows given out in each batch of the ring.
    private let rowCounts: UnsafeMutablePointer<Atomic<Int>>
    /// Environments that a thread takes at once: some 2 µs of work.
    private let chunkSize: Int
    /// Batches received so far.
    private(set) var received = 0
    private(set) var outstanding = 0

    init(core: PoolCore, ring: [BatchMemory], batchSize: Int, actionBytes: Int) {
        self.core = core
        let book = core.book
        self.book = book
        self.ring = ring
        self.batchSize = batchSize
        self.actionBytes = actionBytes
        queue = WorkQueue(capacity: book.count)
        chunkSize = min(16, max(1, Int(2_000 / max(1, core.kernel.stepNanoseconds))))
        actions = AlignedMemory(size: book.row(book.count) * actionBytes)
        isOut = StateArray(book.count)
        written = .allocate(capacity: ring.count)
        rowCounts = .allocate(capacity: ring.count)
        for index in 0..<ring.count {
            (written + index).initialize(to: Atomic(0))
            (rowCounts + index).initialize(to: Atomic(0))
        }
    }

    deinit {
        written.deinitialize(count: ring.count)
        written.deallocate()
        rowCounts.deinitialize(count: ring.count)
        rowCounts.deallocate()
    }

    /// Puts environments into the queue; their actions are in ``actions``.
    func put(_ environments: UnsafeBufferPointer<Int32>) {
        for environment in environments { isOut[Int(environment)] = 1 }
        outstanding += environments.count
        queue.put(environments)
    }

    /// Steps environments until the queue is empty.
    func work() {
        while workOnce() {}
    }

    /// Steps some environments: several at a time where a step is short, so that threads meet less often.
    private func workOnce() -> Bool {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: chunkSize) { room in
            let count = queue.take(into: room)
            guard count > 0 else { return false }
            let first = items.add(count, ordering: .relaxed).oldValue
            var place = first / batchSize % ring.count
            // Items of this chunk that the batch still takes.
            var space = batchSize - first % batchSize
            var done = 0
            while done < count {
                let part = min(space, count - done)
                step(room, done..<(done + part), place)
                done += part
                space = batchSize
                place += 1
                if place == ring.count { place = 0 }
            }
            return true
        }
    }

    /// Steps environments whose rows are in one batch.
    private func step(_ environments: UnsafeMutableBufferPointer<Int32>, _ part: Range<Int>, _ place: Int) {
        let target = BatchTarget(ring[place])
        var players = 0
        for item in part { players &+= book.players(of: Int(environments[item])) }
        var row = rowCounts[place].add(players, ordering: .relaxed).oldValue
        for item in part {
            let index = Int(environments[item])
            core.kernel.advance(index, actions.start + book.row(index) * actionBytes, book, target, row: row)
            for _ in 0..<book.players(of: index) {
                target.environments[row] = Int32(index)
                row &+= 1
            }
        }
        written[place].add(part.count, ordering: .releasing)
    }

    /// Waits for the next batch, working meanwhile.
    ///
    /// - Returns: the batch and the number of its rows.
    func receive() -> (memory: BatchMemory, rows: Int) {
        let place = received % ring.count
        var spins = 0
        while written[place].load(ordering: .acquiring) < batchSize {
            if workOnce() { continue }
            spins += 1
            if spins > 2000 { yieldProcessor() }
        }
        written[place].store(0, ordering: .relaxed)
        let rows = rowCounts[place].exchange(0, ordering: .relaxed)
        received += 1
        outstanding -= batchSize
        let memory = ring[place]
        for row in 0..<rows { isOut[Int(memory.environments[row])] = 0 }
        return (memory, rows)
    }
}
