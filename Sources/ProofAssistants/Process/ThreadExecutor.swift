import Glibc
import Synchronization

/// An executor for one actor: one thread of its own that runs the actor's work in order.
///
/// Work may block in system calls without taking a thread from Swift's pool. And because the thread lives until the
/// executor goes, children that it starts can be told to die with it (`PR_SET_PDEATHSIG` looks at the thread).
final class ThreadExecutor: SerialExecutor {
    private let queue = ThreadQueue()

    /// Starts the thread, with a stack of 16 MiB of address space.
    init() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 16 << 20)
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(queue).toOpaque()
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadQueue>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument)
        precondition(code == 0, "ThreadExecutor: the system refused a thread (error \(code))")
    }

    deinit { queue.stop() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.push { job.runSynchronously(on: executor) }
    }
}

/// Closures that wait for a thread.
///
/// `@unchecked Sendable`: `closures` and `isStopped` are touched only while `mutex` is locked; the mutex and the
/// condition are made once, never moved, and destroyed when the last owner (executor or thread) goes.
private final class ThreadQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var closures: [@Sendable () -> Void] = []
    private var isStopped = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func push(_ closure: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        closures.append(closure)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func run() {
        // Writing to a child that has died is an ordinary event here; it must not end this process.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            pthread_mutex_lock(mutex)
            while closures.isEmpty && !isStopped { pthread_cond_wait(condition, mutex) }
            let batch = closures
            closures.removeAll(keepingCapacity: true)
            pthread_mutex_unlock(mutex)
            if batch.isEmpty { return }
            for closure in batch { closure() }
        }
    }
}
