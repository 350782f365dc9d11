/// The dynamics of a task for many environments at once: the one thing to write for a new task.
///
/// A kernel keeps the states of all its environments in arrays of its own, one array for each quantity. The engine
/// calls it from several threads, never for the same environment at the same time. Counting steps, time limits, episode
/// returns, resets and seeds are the engine's work.
///
/// A conforming type is a `final class` that owns its arrays, or a struct of pointers; its methods mutate the arrays
/// only at the indices they are given.
public protocol EnvironmentKernel: AnyObject, Sendable {
    /// What can be chosen about the task.
    associatedtype Options: Sendable & Codable & Hashable
    /// Numbers of observations.
    associatedtype Observation: ColumnElement
    /// Numbers of actions: `Int64` for discrete spaces, `Float` or `Double` for boxes.
    associatedtype Action: ColumnElement

    /// Ids, spaces, time limit and columns of the task.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    static func specification(_ options: Options) -> EnvironmentSpecification

    /// Makes room for environments; no episode is started.
    ///
    /// - Parameters:
    ///   - count: how many, at least 1.
    ///   - options: what was chosen.
    /// - Throws: ``EnvironmentError`` for options or files that can't be used.
    init(count: Int, options: Options) throws(EnvironmentError)

    /// Players of an environment, for tasks whose environments differ in that; provided, see the extension.
    ///
    /// - Parameters:
    ///   - index: the environment.
    ///   - options: what was chosen.
    /// - Returns: from 1 to the specification's `players`; nil for just that many.
    static func players(of index: Int, _ options: Options) -> Int?

    /// What a step of one environment costs, in nanoseconds, roughly: tells the engine whether threads pay.
    var stepNanoseconds: Double { get }

    /// Starts an episode; rewards are left alone.
    ///
    /// - Parameters:
    ///   - index: the environment.
    ///   - generator: its random numbers.
    ///   - row: where the first observation goes.
    func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Observation>)

    /// Starts an episode, which may go on with the game of the last one; provided, see the extension.
    ///
    /// For tasks that end episodes within a game, such as at the loss of a life. All others write ``reset(_:_:_:)``.
    ///
    /// - Parameters:
    ///   - index: the environment.
    ///   - isWhole: whether a new game has to start: a caller asked for the reset, or a limit cut the last episode off.
    ///   - generator: its random numbers.
    ///   - row: where the first observation goes.
    /// - Returns: steps that the game has behind it; the limit counts them.
    func restart(
        _ index: Int, isWhole: Bool, _ generator: inout EnvironmentGenerator, _ row: StepRow<Observation>
    ) -> Int32

    /// Goes one step further.
    ///
    /// - Parameters:
    ///   - index: the environment; its episode has not ended.
    ///   - action: `players × action.count` numbers inside the action space, with the players of this environment.
    ///   - generator: its random numbers.
    ///   - row: where observation and extra columns go.
    /// - Returns: reward and whether the episode ended.
    func step(
        _ index: Int, _ action: UnsafePointer<Action>, _ generator: inout EnvironmentGenerator,
        _ row: StepRow<Observation>
    ) -> StepOutcome

    /// Goes one step further in a run of environments, whose rows are side by side.
    ///
    /// Called for environments whose episode has ended too: what it writes for those is thrown away, so that a kernel
    /// can work without branches. Only their random numbers must stay as they are. Kernels with ``isDense`` get this
    /// call.
    ///
    /// - Parameters:
    ///   - range: the environments.
    ///   - actions: their actions, those of the first one first.
    ///   - generators: their random numbers, that of the first one first.
    ///   - rows: where results go, the row of the first one first.
    func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Action>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Observation>)

    /// Whether the kernel steps runs of environments faster than one by one.
    static var isDense: Bool { get }

    /// The engine's loop over a run of environments; provided, see the extension.
    func advance(
        _ range: Range<Int>, _ actions: UnsafeRawPointer?, _ book: EpisodeBook, _ target: BatchTarget)

    /// The engine's step of one environment; provided, see the extension.
    func advance(
        _ index: Int, _ action: UnsafeRawPointer, _ book: EpisodeBook, _ target: BatchTarget, row: Int)

    /// The first action that the task can't take; provided, see the extension.
    func firstInvalid(_ actions: UnsafeRawBufferPointer, in space: Space) -> (index: Int, value: Double)?

    /// The whole state of an environment as bytes.
    ///
    /// - Parameter index: the environment.
    /// - Returns: what ``restore(_:from:)`` takes.
    func snapshot(_ index: Int) -> [UInt8]

    /// Puts an environment into a state that a snapshot of the same task holds.
    ///
    /// - Parameters:
    ///   - index: the environment.
    ///   - bytes: from ``snapshot(_:)``.
    /// - Throws: `badSnapshot`.
    func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError)

    /// A picture of an environment, or nil if the task has none.
    ///
    /// - Parameter index: the environment.
    /// - Returns: the picture.
    func picture(_ index: Int) -> Picture?
}

extension EnvironmentKernel {
    /// Environments are stepped one by one.
    public static var isDense: Bool { false }

    /// As many in each environment as the specification says.
    public static func players(of index: Int, _ options: Options) -> Int? { nil }

    /// Starts an episode from the beginning, always.
    @inlinable
    public func restart(
        _ index: Int, isWhole: Bool, _ generator: inout EnvironmentGenerator, _ row: StepRow<Observation>
    ) -> Int32 {
        reset(index, &generator, row)
        return 0
    }

    /// No picture.
    ///
    /// - Parameter index: the environment.
    /// - Returns: nil.
    public func picture(_ index: Int) -> Picture? { nil }

    /// Traps: only for kernels with ``isDense``.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Action>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Observation>
    ) {
        preconditionFailure("\(Self.self) has no dense step")
    }
}

/// What a step of one player came to.
public struct StepOutcome: Sendable, Hashable {
    /// The reward.
    public var reward: Float
    /// Whether the task ended the episode: goal reached or failed.
    public var isTerminated: Bool
    /// Whether the task itself cut the episode off; the engine adds its time limit.
    public var isTruncated: Bool

    /// An outcome.
    ///
    /// - Parameters:
    ///   - reward: the reward.
    ///   - isTerminated: whether the task ended the episode.
    ///   - isTruncated: whether the task itself cut the episode off.
    @inlinable
    public init(_ reward: Float, isTerminated: Bool = false, isTruncated: Bool = false) {
        self.reward = reward
        self.isTerminated = isTerminated
        self.isTruncated = isTruncated
    }
}

/// Where one environment's results go.
public struct StepRow<Observation: ColumnElement>: @unchecked Sendable {
    // Unchecked: the pointers are into an arena that outlives the call, at rows that nobody else writes meanwhile.
    /// First number of the observation.
    public let observation: UnsafeMutablePointer<Observation>
    /// The players' rewards; the engine writes the first from ``StepOutcome``, the task all others.
    public let rewards: UnsafeMutablePointer<Float>
    /// First byte of each extra column.
    @usableFromInline let columns: UnsafePointer<UnsafeMutableRawPointer>
    /// The row in the batch.
    @usableFromInline let index: Int

    @usableFromInline
    init(
        observation: UnsafeMutablePointer<Observation>, rewards: UnsafeMutablePointer<Float>,
        columns: UnsafePointer<UnsafeMutableRawPointer>, index: Int
    ) {
        self.observation = observation
        self.rewards = rewards
        self.columns = columns
        self.index = index
    }

    /// Where the row of an extra column starts.
    ///
    /// - Parameters:
    ///   - column: its place in the specification.
    ///   - width: numbers in a row of it.
    ///   - type: the type of its numbers.
    /// - Returns: the row's first number.
    @inlinable
    public func column<Element: ColumnElement>(
        _ column: Int, width: Int = 1, as type: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        columns[column].assumingMemoryBound(to: Element.self) + index * width
    }
}

/// Where the results of a run of environments go: one pointer for each column, at the row of the first of them.
public struct StepRows<Observation: ColumnElement>: @unchecked Sendable {
    // Unchecked: as for StepRow.
    /// Observations, row by row.
    public let observations: UnsafeMutablePointer<Observation>
    /// Rewards.
    public let rewards: UnsafeMutablePointer<Float>
    /// 1 where the task ended the episode, else 0; a dense kernel writes all of them.
    public let terminated: UnsafeMutablePointer<UInt8>
    /// 1 where the episode had ended before, else 0: no random numbers may be drawn there.
    public let ended: UnsafePointer<UInt8>
    /// First byte of each extra column.
    @usableFromInline let columns: UnsafePointer<UnsafeMutableRawPointer>
    /// The first row in the batch.
    @usableFromInline let index: Int

    @usableFromInline
    init(
        observations: UnsafeMutablePointer<Observation>, rewards: UnsafeMutablePointer<Float>,
        terminated: UnsafeMutablePointer<UInt8>, ended: UnsafePointer<UInt8>,
        columns: UnsafePointer<UnsafeMutableRawPointer>, index: Int
    ) {
        self.observations = observations
        self.rewards = rewards
        self.terminated = terminated
        self.ended = ended
        self.columns = columns
        self.index = index
    }

    /// Where the first row of an extra column starts.
    ///
    /// - Parameters:
    ///   - column: its place in the specification.
    ///   - width: numbers in a row of it.
    ///   - type: the type of its numbers.
    /// - Returns: the row's first number.
    @inlinable
    public func column<Element: ColumnElement>(
        _ column: Int, width: Int = 1, as type: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        columns[column].assumingMemoryBound(to: Element.self) + index * width
    }
}
