/// What happened to a script, sentence by sentence.
public struct ScriptTrace: Sendable {
    /// State in which the script began: after the statement and the prefix.
    public var initial: ProofState
    /// Sentences that ran, in order.
    ///
    /// `Proof.` and the closing `Qed.` are steps too where the script holds them.
    public var steps: [ScriptStep]
    /// The first failure; the steps before it stand.
    ///
    /// Nil for a script that ran to its end.
    public var failure: ScriptFailure?
    /// Whether the assistant accepted the closing `Qed` (its own, or one that was tried once no goal was left).
    ///
    /// A strong hint but no verdict: only ``ProofAssistant/verify(_:script:limits:)`` gives that.
    public var isComplete: Bool
    /// Where the time went.
    public var timing: CheckTiming

    /// A trace from its parts.
    public init(
        initial: ProofState, steps: [ScriptStep] = [], failure: ScriptFailure? = nil, isComplete: Bool = false,
        timing: CheckTiming = CheckTiming()
    ) {
        self.initial = initial
        self.steps = steps
        self.failure = failure
        self.isComplete = isComplete
        self.timing = timing
    }

    /// State after the last sentence that ran.
    public var last: ProofState { steps.last?.state ?? initial }
}

/// What became of a script, without the states in between.
public struct ScriptCheck: Hashable, Sendable {
    /// Whether the assistant accepted the closing `Qed`, as in ``ScriptTrace/isComplete``.
    public var isComplete: Bool
    /// The first failure, or nil for a script that ran to its end.
    public var failure: ScriptFailure?
    /// Number of sentences that ran.
    public var sentenceCount: Int
    /// Where the time went.
    public var timing: CheckTiming

    /// What a trace says when its states are left out.
    public init(_ trace: ScriptTrace) {
        isComplete = trace.isComplete
        failure = trace.failure
        sentenceCount = trace.steps.count
        timing = trace.timing
    }
}

/// One sentence that ran, and the state that it led to.
public struct ScriptStep: Hashable, Sendable {
    /// UTF-8 offsets of the sentence in the script, closing full stop included.
    public var range: Range<Int>
    /// The sentence itself, without comments and blanks around it.
    public var sentence: String
    /// State after it.
    public var state: ProofState

    /// A step from its parts.
    public init(range: Range<Int>, sentence: String, state: ProofState) {
        self.range = range
        self.sentence = sentence
        self.state = state
    }
}

/// Why a script stopped.
public struct ScriptFailure: Hashable, Sendable {
    /// The kinds of failure, never mixed up: only `error` and `forbidden` say that the script is wrong.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// The assistant refused a sentence, or a sentence has no end.
        case error
        /// A sentence used up the processor time of the limits.
        case timeLimit
        /// A sentence used up the memory of the limits.
        case memoryLimit
        /// A sentence that proofs may not contain; it was not run.
        case forbidden
    }

    /// UTF-8 offsets in the script (in the prefix where ``isInPrefix``) of what the message is about.
    public var range: Range<Int>
    /// The assistant's words, or ours for `forbidden`.
    public var message: String
    /// What kind of failure it is.
    public var kind: Kind
    /// Whether it happened in the prefix; no sentence of the script was run then.
    public var isInPrefix: Bool

    /// A failure from its parts.
    public init(range: Range<Int>, message: String, kind: Kind, isInPrefix: Bool = false) {
        self.range = range
        self.message = message
        self.kind = kind
        self.isInPrefix = isInPrefix
    }
}

/// Where the time of one check went; waiting is never counted as running.
public struct CheckTiming: Hashable, Sendable, Codable {
    /// Wall time in the queue, until a process was free.
    public var queued: Duration
    /// Wall time on the process, start-up and header included where they were needed.
    public var run: Duration
    /// Processor time that the assistant's process used for it.
    public var processor: Duration

    /// A timing from its parts.
    public init(queued: Duration = .zero, run: Duration = .zero, processor: Duration = .zero) {
        self.queued = queued
        self.run = run
        self.processor = processor
    }
}
