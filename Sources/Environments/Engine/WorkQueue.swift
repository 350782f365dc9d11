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
        var place = start % capacity
        for environment in environments {
            places[place].store(environment, ordering: .relaxed)
            place &+= 1
            if place == capacity { place = 0 }
        }
        tail.store(start &+ environments.count, ordering: .releasing)
    }

    /// Takes some out.
    ///
    /// - Parameter room: where they go; as many as there are, but no more than fit.
    /// - Returns: how many.
    func take(into room: UnsafeMutableBufferPointer<Int32>) -> Int {
        while true {
            let start = head.load(ordering: .acquiring)
            let count = min(tail.load(ordering: .acquiring) &- start, room.count)
            guard count > 0 else { return 0 }
            var place = start % capacity
            for index in 0..<count {
                room[index] = places[place].load(ordering: .relaxed)
                place &+= 1
                if place == capacity { place = 0 }
            }
            let claim = head.compareExchange(
                expected: start, desired: start &+ count, ordering: .acquiringAndReleasing)
            if claim.exchanged { return count }
        }
    }
}
