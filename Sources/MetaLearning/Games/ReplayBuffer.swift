/// The latest sampled plays, in batches that remember the policies which made them.
struct ReplayBuffer: Codable, Sendable {
    /// Batches, the oldest of which is replaced next.
    private(set) var batches: [JointRollouts] = []
    private let capacity: Int
    private var next = 0

    /// Creates an empty buffer for a number of batches.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Whether the buffer has as many batches as it can hold.
    var isFull: Bool { batches.count == capacity }

    /// Puts a batch in, in place of the oldest when the buffer is full.
    mutating func add(_ batch: JointRollouts) {
        if isFull {
            batches[next] = batch
            next = (next + 1) % capacity
        } else {
            batches.append(batch)
        }
    }
}
