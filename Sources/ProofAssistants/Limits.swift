/// What one check may use.
///
/// Processor time, not wall time, so that a busy machine changes no outcome.
public struct Limits: Hashable, Sendable, Codable {
    /// Processor time for one sentence of a script.
    public var sentenceTime: Duration
    /// Processor time for all sentences of a script; ``ProofAssistant/verify(_:script:limits:)`` adds ``startTime``.
    public var totalTime: Duration
    /// Processor time for starting a process and loading a header.
    public var startTime: Duration
    /// Resident memory of the assistant's process, in bytes, libraries included.
    public var memory: Int

    /// Limits; the defaults suit school and contest problems.
    ///
    /// - Precondition: all are positive; violations trap.
    public init(
        sentenceTime: Duration = .seconds(2), totalTime: Duration = .seconds(10), startTime: Duration = .seconds(60),
        memory: Int = 2 << 30
    ) {
        precondition(
            sentenceTime > .zero && totalTime > .zero && startTime > .zero && memory > 0,
            "Limits: every limit must be positive")
        self.sentenceTime = sentenceTime
        self.totalTime = totalTime
        self.startTime = startTime
        self.memory = memory
    }
}
