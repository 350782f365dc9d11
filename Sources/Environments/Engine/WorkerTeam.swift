import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Threads that wait for work, briefly spinning and then asleep.
///
/// The work is one closure, given once, so that handing it out allocates nothing.
final class WorkerTeam: Sendable {
    private let shared: Shared
    /// Threads besides the caller's.
    let count: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - count: threads besides the caller's.
    ///   - pins: whether thread k stays on processor k + 1.
    ///   - work: does what there is to do and returns when nothing is left.
    init(count: Int, pins: Bool, work: @escaping @Sendable () -> Void) {
        self.count = count
        shared = Shared()
        for index in 0..<count {
            let start = Start(shared: shared, work: work, processor: pins ? index + 1 : nil)
            var thread = pthread_t()
            let argument = Unmanaged.passRetained(start).toOpaque()
            let code = pthread_create(
                &thread, nil,
                { argument in
                    if let argument { WorkerTeam.loop(Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()) }
                    return nil
                }, argument)
            precondition(code == 0, "WorkerTeam: the system gives no thread (error \(code))")
            pthread_detach(thread)
        }
    }

    deinit { shared.announce(stopping: true) }

    /// Wakes the threads: there is work.
    func wake() {
        if count > 0 { shared.announce(stopping: false) }
    }

    private static func loop(_ start: Start) {
        if let processor = start.processor { pin(to: processor) }
        var seen = 0
        while true {
            let (round, isStopping) = start.shared.wait(beyond: seen)
            if isStopping { return }
            seen = round
            start.work()
        }
    }

    /// Asks the system to keep this thread on one processor; where it can't, the thread runs where it may.
    private static func pin(to processor: Int) {
        typealias Call = @convention(c) (pthread_t, Int, UnsafeRawPointer) -> Int32
        // Glibc declares it for C programs that ask for GNU's extensions only.
        guard let symbol = dlsym(nil, "pthread_setaffinity_np") else { return }
        var set = [UInt8](repeating: 0, count: 128)
        set[processor / 8 % set.count] = 1 << UInt8(processor % 8)
        _ = unsafeBitCast(symbol, to: Call.self)(pthread_self(), set.count, set)
    }

    private final class Start: Sendable {
        let shared: Shared
        let work: @Sendable () -> Void
        let processor: Int?

        init(shared: Shared, work: @escaping @Sendable () -> Void, processor: Int?) {
            self.shared = shared
            self.work = work
            self.processor = processor
        }
    }

    /// Rounds of work, counted; a negative count says stop.
    private final class Shared: @unchecked Sendable {
        // Unchecked: the mutex and the condition are used only through the C library's calls, which are thread-safe.
        private let rounds = Atomic<Int>(0)
        private let sleepers = Atomic<Int>(0)
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_cond_destroy(condition)
            pthread_mutex_destroy(mutex)
            mutex.deallocate()
            condition.deallocate()
        }

        func announce(stopping: Bool) {
            if stopping {
                rounds.store(-1, ordering: .sequentiallyConsistent)
            } else {
                rounds.add(1, ordering: .sequentiallyConsistent)
            }
            guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }

        func wait(beyond seen: Int) -> (round: Int, isStopping: Bool) {
            for _ in 0..<WorkerTeam.spins {
                let round = rounds.load(ordering: .acquiring)
                if round != seen { return (round, round < 0) }
                pause()
            }
            pthread_mutex_lock(mutex)
            sleepers.add(1, ordering: .sequentiallyConsistent)
            var round = rounds.load(ordering: .sequentiallyConsistent)
            while round == seen {
                pthread_cond_wait(condition, mutex)
                round = rounds.load(ordering: .sequentiallyConsistent)
            }
            sleepers.subtract(1, ordering: .sequentiallyConsistent)
            pthread_mutex_unlock(mutex)
            return (round, round < 0)
        }

        @inline(__always)
        private func pause() { _spinPause() }
    }

    /// Looks at the counter before a thread goes to sleep: some 20 µs.
    private static let spins = 600
}

/// A hint to the processor that this is a spinning loop; where there is none, nothing.
@inline(__always)
private func _spinPause() {
    // The standard library has no such hint yet: a few dependent operations take its place.
    var x: UInt64 = 0x9e37_79b9
    for _ in 0..<8 { x = x &* 0xbf58_476d_1ce4_e5b9 ^ (x &>> 7) }
    if x == 0 { sched_yield() }
}
