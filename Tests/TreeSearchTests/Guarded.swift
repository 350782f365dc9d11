import Foundation

/// A value behind a lock.
///
/// `Synchronization.Mutex` would do, but on Linux the thread sanitizer does not see its futex and reports what it guards
/// as races; it knows the POSIX lock below.
///
/// `@unchecked Sendable`: `value` is read and written only between `lock()` and `unlock()`.
final class Guarded<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&value)
    }
}
