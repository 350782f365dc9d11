/// A step's part of a trainer's `[T, N, ...]` memory.
public struct RolloutRow {
    /// `[R, observation]`.
    public var observations: UnsafeMutableRawPointer
    /// `[R]`.
    public var rewards: UnsafeMutablePointer<Float>
    /// `[R]`.
    public var terminated: UnsafeMutablePointer<UInt8>
    /// `[R]`.
    public var truncated: UnsafeMutablePointer<UInt8>

    /// A row from its pointers, each with room for all rows.
    public init(
        observations: UnsafeMutableRawPointer, rewards: UnsafeMutablePointer<Float>,
        terminated: UnsafeMutablePointer<UInt8>, truncated: UnsafeMutablePointer<UInt8>
    ) {
        self.observations = observations
        self.rewards = rewards
        self.terminated = terminated
        self.truncated = truncated
    }
}
