import Environments
import Synchronization

/// Pools by handle.
///
/// A handle is a place and a generation: the handle of a closed pool never becomes that of another one. A place is
/// claimed for the time of a call, so that two threads can't be in a pool at once.
final class PoolTable: @unchecked Sendable {
    // Unchecked: an entry is read and written by the thread that has claimed its place.
    static let shared = PoolTable()

    private static let capacity = 1 << 14
    /// Twice the generation, and 1 while a call is in the pool.
    private let states: UnsafeMutablePointer<Atomic<UInt64>>
    private let entries: UnsafeMutablePointer<PoolEntry?>
    private let free: Mutex<[Int]>

    private init() {
        states = .allocate(capacity: Self.capacity)
        entries = .allocate(capacity: Self.capacity)
        for place in 0..<Self.capacity {
            (states + place).initialize(to: Atomic(2))
            (entries + place).initialize(to: nil)
        }
        free = Mutex((0..<Self.capacity).reversed())
    }

    /// Takes a pool in.
    func insert(_ entry: sending PoolEntry) throws(EnvironmentError) -> Int64 {
        guard let place = free.withLock({ $0.popLast() }) else {
            throw .wrongTime(what: "\(Self.capacity) pools are open; close some first")
        }
        entries[place] = entry
        let generation = states[place].load(ordering: .acquiring) &>> 1
        states[place].store(generation &<< 1, ordering: .releasing)
        return Int64(generation &<< 14) | Int64(place)
    }

    /// Does something with a pool.
    ///
    /// - Returns: what the body gives, or a code.
    @inline(__always)
    func use(_ handle: Int64, _ body: (PoolEntry) throws(EnvironmentError) -> Int32) -> Int32 {
        let place = Int(handle & Int64(Self.capacity - 1))
        let idle = (UInt64(bitPattern: handle) &>> 14) &<< 1
        let claim = states[place].compareExchange(expected: idle, desired: idle | 1, ordering: .acquiringAndReleasing)
        guard claim.exchanged, let entry = entries[place] else { return refuse(place, idle, claim) }
        defer { states[place].store(idle, ordering: .releasing) }
        do { return try body(entry) } catch { return Failure.keep(error) }
    }

    /// Closes a pool.
    ///
    /// - Returns: 0 or a code.
    func remove(_ handle: Int64) -> Int32 {
        let place = Int(handle & Int64(Self.capacity - 1))
        let idle = (UInt64(bitPattern: handle) &>> 14) &<< 1
        let claim = states[place].compareExchange(expected: idle, desired: idle | 1, ordering: .acquiringAndReleasing)
        guard claim.exchanged, entries[place] != nil else { return refuse(place, idle, claim) }
        entries[place] = nil
        states[place].store(idle &+ 2, ordering: .releasing)
        free.withLock { $0.append(place) }
        return 0
    }

    private func refuse(_ place: Int, _ idle: UInt64, _ claim: (exchanged: Bool, original: UInt64)) -> Int32 {
        if claim.exchanged { states[place].store(idle, ordering: .releasing) }
        if !claim.exchanged, claim.original == idle | 1 {
            Failure.keep("another thread is in a call to this pool; a pool is for one thread at a time")
            return Code.busy
        }
        Failure.keep("the pool is closed")
        return Code.closed
    }
}
