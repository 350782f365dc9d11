import Synchronization

/// What the threads of a pool share: the kernel, the bookkeeping of episodes, and the job under way.
final class PoolCore: @unchecked Sendable {
    // Unchecked: a job's fields are written before its ticket is published, and not again before all its items are
    // counted as done.
    let kernel: any EnvironmentKernel
    let book: EpisodeBook
    private var actions: UnsafeRawPointer?
    private var target: BatchTarget
    private var chunkSize = 1
    /// Number of chunks in the upper half, the next one to take in the lower half.
    private let ticket = Atomic<UInt64>(0)
    private let done = Atomic<Int>(0)

    init(kernel: any EnvironmentKernel, book: EpisodeBook, target: BatchTarget) {
        self.kernel = kernel
        self.book = book
        self.target = target
    }

    /// Does a job alone.
    func run(_ actions: UnsafeRawPointer?, into target: BatchTarget) {
        kernel.advance(0..<book.count, actions, book, target)
    }

    /// Publishes a job over all environments; without actions all of them are reset where the book says so.
    func publish(_ actions: UnsafeRawPointer?, into target: BatchTarget, chunkSize: Int) {
        self.actions = actions
        self.target = target
        self.chunkSize = chunkSize
        done.store(0, ordering: .relaxed)
        let chunks = (book.count + chunkSize - 1) / chunkSize
        ticket.store(UInt64(chunks) << 32, ordering: .releasing)
    }

    /// Takes chunks of the job until none is left.
    func work() {
        while true {
            // A thread that wakes late finds the old job's chunks taken, and touches nothing else.
            let seen = ticket.load(ordering: .relaxed)
            if seen & 0xffff_ffff >= seen >> 32 { return }
            let taken = ticket.add(1, ordering: .acquiring).oldValue
            let chunk = Int(taken & 0xffff_ffff)
            guard chunk < Int(taken >> 32) else { return }
            let start = chunk * chunkSize
            let range = start..<min(start + chunkSize, book.count)
            kernel.advance(range, actions, book, target)
            done.add(range.count, ordering: .releasing)
        }
    }

    /// Whether all items of the job are done.
    var isDone: Bool { done.load(ordering: .acquiring) == book.count }
}
