/// Returns of the episodes that ended last.
public struct EpisodeWindow: Sendable, Hashable, Codable {
    /// How many are kept.
    public let capacity: Int
    /// Episodes that ended so far.
    public private(set) var total = 0
    private var returns: [Double] = []

    /// No episodes yet.
    ///
    /// - Parameter capacity: how many are kept, at least 1.
    public init(capacity: Int = 100) {
        precondition(capacity >= 1, "EpisodeWindow: the capacity is \(capacity), must be at least 1")
        self.capacity = capacity
    }

    /// Takes in an episode.
    ///
    /// - Parameter sum: its return.
    public mutating func add(_ sum: Double) {
        if returns.count < capacity {
            returns.append(sum)
        } else {
            returns[total % capacity] = sum
        }
        total += 1
    }

    /// The mean return; nil before the first episode has ended.
    public var mean: Double? {
        returns.isEmpty ? nil : returns.reduce(0, +) / Double(returns.count)
    }
}
