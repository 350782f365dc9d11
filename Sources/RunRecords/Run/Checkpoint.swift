public import Foundation

/// What a checkpoint records besides the files that others wrote into it: where the run stood.
public struct Checkpoint: Codable, Sendable, Equatable {
    /// The step after which it was taken; a resumed run goes on with the next.
    public let step: Int
    /// How good the run was at this point, if the recipe said so.
    public let score: Double?
    /// Seconds of work up to here, over all the processes that the run has lived in.
    public let elapsedSeconds: Double
    /// Small named states (generators, data position) as bytes; see `state(_:as:)`.
    public let states: [String: Data]
    /// How long each log was, so that a resumed run cuts off what came later.
    let logs: Logs
    /// The files that others wrote, to tell a whole checkpoint from a damaged one.
    let files: [FileRecord]

    struct Logs: Codable, Sendable, Equatable {
        let metrics: LogPosition
        let timings: LogPosition
        let events: LogPosition
    }

    struct LogPosition: Codable, Sendable, Equatable {
        let length: UInt64
        let checksum: UInt32
    }

    struct FileRecord: Codable, Sendable, Equatable {
        let path: String
        let length: UInt64
        let checksum: UInt32
    }

    /// Decodes one of the named states.
    ///
    /// - Parameters:
    ///   - name: the name it was saved under.
    ///   - type: its type.
    /// - Returns: the value that was saved.
    /// - Throws: `RunRecordsError.missingState` when there is none of that name, `DecodingError` for another type.
    public func state<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let data = states[name] else {
            throw RunRecordsError.missingState(name: name, path: "at step \(step)")
        }
        return try JSONDecoder().decode(type, from: data)
    }
}

/// A collection of small named states to go into a checkpoint.
public struct CheckpointStates: Sendable {
    private(set) var values: [String: Data] = [:]

    /// No states.
    public init() {}

    /// Adds a codable value, for example a generator.
    ///
    /// - Parameters:
    ///   - name: what to ask for when resuming.
    ///   - value: the value; doubles keep every bit as long as they are finite.
    /// - Throws: the encoder's error.
    public mutating func set(_ name: String, _ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        values[name] = try encoder.encode(value)
    }
}

/// A whole checkpoint found on disk.
public struct SavedCheckpoint: Sendable {
    /// The folder that holds the files written with it.
    public let folder: URL
    /// What was recorded.
    public let record: Checkpoint
}

/// How many checkpoints a run keeps.
public struct CheckpointRetention: Sendable {
    /// Which score counts as the best.
    public enum Best: Sendable {
        /// No checkpoint is kept for its score.
        case none
        /// The lowest score, as for a loss.
        case lowest
        /// The highest score, as for a reward.
        case highest
    }

    /// The newest so many stay; at least 1.
    public var newest = 2
    /// Besides these, the best one stays.
    public var best = Best.none

    /// Keeps the newest two, and none for its score.
    public init() {}

    /// Chooses both.
    ///
    /// - Parameters:
    ///   - newest: how many of the newest stay, at least 1.
    ///   - best: which one stays for its score.
    public init(newest: Int, best: Best = .none) {
        precondition(newest >= 1, "CheckpointRetention: newest is \(newest), but at least 1 checkpoint must stay")
        self.newest = newest
        self.best = best
    }
}
