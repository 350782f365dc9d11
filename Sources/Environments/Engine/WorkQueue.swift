import Synchronization

/// Environments that wait for a step, first in, first out: one thread puts in, any number take out.
///
/// An environment is in it at most once, so that a ring of as many places as there are environments is never full.
final class WorkQueue: @unchecked Sendable {
    // Unchecked: a place is read before its claim is made and counts only if the claim succeeds, which it does only
    // while nobody may have written the place anew.
    private let places: UnsafeMutablePointer<Atomic<Int32>>
    private let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    init(capacity: Int) {
        self.capacity = capacity
        places = .allocate(capacity: capacity)
        for index in 0..<capacity { (places + index).initialize(to: Atomic(0)) }
    }

    deinit {
        places.deinitialize(count: capacity)
        places.deallocate()
    }

    /// Puts environments in; called by one thread at a time.
    func put(_ environments: UnsafeBufferPointer<Int32>) {
        let start = tail.load(ordering: .relaxed)
        for (offset, environment) in environments.enumerated() {
            places[(start &+ offset) % capacity].store(environment, ordering: .relaxed)
        }
        tail.store(start &+ environments.count, ordering: .releasing)
    }

    /// Takes one out, or nil if there is none.
    func take() -> Int? {
        while true {
            let start = head.load(ordering: .acquiring)
            guard start < tail.load(ordering: .acquiring) else { return nil }
            let environment = places[start % capacity].load(ordering: .relaxed)
            let claim = head.compareExchange(
                expected: start, desired: start &+ 1, ordering: .acquiringAndReleasing)
            if claim.exchanged { return Int(environment) }
        }
    }
}
