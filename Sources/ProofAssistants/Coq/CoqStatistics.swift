import Synchronization

/// Counts since a Coq backend was made.
///
/// Queueing, running and trouble with the machinery are kept apart.
public struct CoqStatistics: Hashable, Sendable, Codable {
    /// Traces that were asked for.
    public var traces = 0
    /// Verifications that were asked for.
    public var verifications = 0
    /// Wall time that all checks waited for a process.
    public var queued: Duration = .zero
    /// Wall time that all checks ran.
    public var run: Duration = .zero
    /// Processor time of all checks in the assistant's processes.
    public var processor: Duration = .zero
    /// Interactive processes started, each with a header loaded.
    public var processesStarted = 0
    /// Processes replaced because of their age, their size or a memory limit.
    public var processesRecycled = 0
    /// Checks that were run again because a process broke down.
    public var retries = 0
    /// Checks that ended with no answer because of the machinery.
    public var infrastructureErrors = 0
    /// Checks that ended at a limit.
    public var limitHits = 0

    /// All zero.
    public init() {}
}

/// Statistics that several threads add to.
final class CoqCounts: Sendable {
    private let statistics = Mutex(CoqStatistics())

    /// Changes the counts.
    func add(_ change: (inout CoqStatistics) -> Void) { statistics.withLock { change(&$0) } }

    /// The counts now.
    var now: CoqStatistics { statistics.withLock { $0 } }
}
