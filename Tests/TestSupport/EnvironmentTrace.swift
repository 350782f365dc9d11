public import Environments

/// What happened in each environment of a pool under actions that depend on the environment and its step only.
public struct EnvironmentTrace: Equatable {
    /// One step or reset of one environment.
    public struct Row: Equatable {
        /// Bytes of the observations of all players.
        public var observation: [UInt8]
        /// Rewards of all players.
        public var rewards: [Float]
        /// 1 where the task ended the episode.
        public var terminated: [UInt8]
        /// 1 where a limit cut the episode off.
        public var truncated: [UInt8]
        /// Steps of the episode.
        public var elapsed: [Int32]
        /// Rewards of the episode.
        public var returns: [Float]
        /// Bytes of the extra columns.
        public var columns: [[UInt8]]
    }

    /// Rows of each environment.
    public var rows: [[Row]]

    /// Resets and steps a synchronous pool.
    ///
    /// - Parameters:
    ///   - pool: the pool.
    ///   - steps: steps.
    ///   - streams: for each environment the number of its stream of actions.
    /// - Throws: `EnvironmentError` where the pool refuses what it should take.
    public init(stepping pool: EnvironmentPool, steps: Int, streams: [Int]) throws {
        rows = Array(repeating: [], count: pool.count)
        var actions = ActionStreams(pool, streams)
        collect(try pool.reset(), pool)
        for _ in 0..<steps {
            for index in 0..<pool.count { actions.advance(index) }
            collect(try actions.bytes.withUnsafeBytes { try pool.step($0) }, pool)
        }
    }

    /// Starts an asynchronous pool and goes on until every environment has taken so many steps.
    ///
    /// - Parameters:
    ///   - pool: the pool.
    ///   - steps: steps; rows beyond them are cut off.
    ///   - streams: for each environment the number of its stream of actions.
    /// - Throws: `EnvironmentError` where the pool refuses what it should take.
    public init(sending pool: EnvironmentPool, steps: Int, streams: [Int]) throws {
        rows = Array(repeating: [], count: pool.count)
        var actions = ActionStreams(pool, streams)
        try pool.startAll()
        while rows.contains(where: { $0.count <= steps }) {
            let batch = try pool.receive()
            collect(batch, pool)
            let ready = batch.places.map { batch.environments[$0.lowerBound] }
            for index in ready { actions.advance(Int(index)) }
            let chosen = ready.flatMap { actions.bytes(of: Int($0)) }
            try chosen.withUnsafeBytes { bytes in
                try ready.withUnsafeBufferPointer { try pool.send(bytes, to: $0) }
            }
        }
        for index in rows.indices { rows[index].removeSubrange((steps + 1)...) }
    }

    private mutating func collect(_ batch: StepBatch, _ pool: EnvironmentPool) {
        for places in batch.places {
            rows[Int(batch.environments[places.lowerBound])].append(Row(batch, pool.specification, places))
        }
    }
}

extension EnvironmentTrace.Row {
    /// The row of an environment in a batch.
    ///
    /// - Parameters:
    ///   - batch: the batch.
    ///   - specification: the task's.
    ///   - places: the rows of its players.
    public init(_ batch: StepBatch, _ specification: EnvironmentSpecification, _ places: Range<Int>) {
        let size = specification.observation.count * specification.observation.element.size
        observation = Array(batch.observationBytes[(places.lowerBound * size)..<(places.upperBound * size)])
        rewards = Array(batch.rewards[places])
        terminated = Array(batch.terminated[places])
        truncated = Array(batch.truncated[places])
        elapsed = Array(batch.elapsedSteps[places])
        returns = Array(batch.episodeReturns[places])
        columns = specification.columns.indices.map { Array(batch.columnBytes($0, rows: places)) }
    }
}

extension StepBatch {
    /// The rows of each environment in the batch.
    public var places: [Range<Int>] {
        var places: [Range<Int>] = []
        for row in 0..<count {
            if let last = places.last, environments[last.lowerBound] == environments[row] {
                places[places.count - 1] = last.lowerBound..<(row + 1)
            } else {
                places.append(row..<(row + 1))
            }
        }
        return places
    }
}

/// A stream of random actions for each environment: the k-th action doesn't depend on when it is taken.
public struct ActionStreams {
    private var samplers: [ActionSampler]
    /// Where each environment's bytes are.
    private let places: [Range<Int>]
    /// Actions of all environments.
    public private(set) var bytes: [UInt8]

    /// Streams.
    ///
    /// - Parameters:
    ///   - pool: whose environments.
    ///   - streams: for each environment the number of its stream.
    public init(_ pool: EnvironmentPool, _ streams: [Int]) {
        let space = pool.specification.action
        samplers = streams.map { ActionSampler(space, seed: 1000 + UInt64($0)) }
        var places: [Range<Int>] = []
        for index in streams.indices {
            let start = places.last?.upperBound ?? 0
            places.append(start..<(start + pool.players(of: index) * space.count * space.element.size))
        }
        self.places = places
        bytes = Array(repeating: 0, count: places.last?.upperBound ?? 0)
    }

    /// Draws an environment's next action.
    public mutating func advance(_ index: Int) {
        bytes.withUnsafeMutableBytes {
            samplers[index].fill(UnsafeMutableRawBufferPointer(rebasing: $0[places[index]]))
        }
    }

    /// Takes an environment's action over from others.
    mutating func take(_ index: Int, from other: ActionStreams, _ place: Int) {
        bytes.replaceSubrange(places[index], with: other.bytes[other.places[place]])
    }

    /// An environment's action.
    public func bytes(of index: Int) -> ArraySlice<UInt8> { bytes[places[index]] }
}
