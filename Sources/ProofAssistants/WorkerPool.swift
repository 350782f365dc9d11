/// A bounded number of workers, lent out one task at a time.
///
/// Each worker remembers a key (a header). A task gets an idle worker with its key if there is one, else a new one,
/// else the idle worker that was used longest ago. Tasks wait in order, but a worker that comes free goes to the first
/// task with the worker's key unless the head of the queue was passed over `patience` times already.
actor WorkerPool<Worker: Sendable> {
    private struct Slot {
        let worker: Worker
        var key: String
        var isLent = false
        var lastUse: UInt64 = 0
    }

    private struct Waiter {
        let id: UInt64
        let key: String
        let continuation: CheckedContinuation<Result<Int, ProofAssistantError>, Never>
    }

    private let limit: Int
    private let patience = 32
    private let make: @Sendable () -> Worker
    private var slots: [Slot] = []
    private var waiters: [Waiter] = []
    private var passedOver = 0
    private var ticks: UInt64 = 0
    private var isClosed = false

    /// A pool of at most `limit` workers, made when first needed.
    init(limit: Int, make: @escaping @Sendable () -> Worker) {
        precondition(limit >= 1, "WorkerPool: at least one worker is needed, not \(limit)")
        self.limit = limit
        self.make = make
    }

    /// A worker on loan.
    struct Loan: Sendable {
        let index: Int
        let worker: Worker
        /// Wall time in the queue.
        let queued: Duration
    }

    /// Waits for a worker.
    func borrow(for key: String) async throws(ProofAssistantError) -> Loan {
        let start = ContinuousClock.now
        if isClosed { throw .shutDown }
        if Task.isCancelled { throw .cancelled }
        let index = if let free = freeSlot(for: key) { free } else { try await wait(for: key) }
        slots[index].key = key
        return Loan(index: index, worker: slots[index].worker, queued: ContinuousClock.now - start)
    }

    /// Gives a worker back.
    func giveBack(_ loan: Loan) {
        ticks += 1
        slots[loan.index].lastUse = ticks
        slots[loan.index].isLent = false
        guard !waiters.isEmpty, !isClosed else { return }
        var next = 0
        if passedOver < patience, let same = waiters.firstIndex(where: { $0.key == slots[loan.index].key }) {
            next = same
        }
        passedOver = next == 0 ? 0 : passedOver + 1
        slots[loan.index].isLent = true
        waiters.remove(at: next).continuation.resume(returning: .success(loan.index))
    }

    /// Lets no one in any more; the workers, to be stopped.
    func close() -> [Worker] {
        isClosed = true
        for waiter in waiters { waiter.continuation.resume(returning: .failure(.shutDown)) }
        waiters = []
        return slots.map(\.worker)
    }

    /// All workers, lent out or not.
    var workers: [Worker] { slots.map(\.worker) }

    /// Keys of the workers, most recently used first.
    var keys: [String] { slots.sorted { $0.lastUse > $1.lastUse }.map(\.key) }

    /// Number of tasks that wait.
    var waiting: Int { waiters.count }

    private func freeSlot(for key: String) -> Int? {
        let idle = slots.indices.filter { !slots[$0].isLent }
        var choice = idle.first { slots[$0].key == key }
        if choice == nil, slots.count < limit {
            slots.append(Slot(worker: make(), key: key))
            choice = slots.count - 1
        }
        choice = choice ?? idle.min { slots[$0].lastUse < slots[$1].lastUse }
        if let choice { slots[choice].isLent = true }
        return choice
    }

    private func wait(for key: String) async throws(ProofAssistantError) -> Int {
        ticks += 1
        let id = ticks
        let result: Result<Int, ProofAssistantError> = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Int, ProofAssistantError>, Never>) in
                if Task.isCancelled {
                    continuation.resume(returning: .failure(.cancelled))
                } else {
                    waiters.append(Waiter(id: id, key: key, continuation: continuation))
                }
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
        return try result.get()
    }

    private func cancel(_ id: UInt64) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).continuation.resume(returning: .failure(.cancelled))
    }
}
