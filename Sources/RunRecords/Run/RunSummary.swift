public import Foundation

/// How a run ended.
///
/// `summary.json`. A folder without one holds a run that is going on or was killed.
public struct RunSummary: Codable, Sendable, Equatable {
    /// The two ways to end.
    public enum Status: String, Codable, Sendable {
        /// The run did all its work.
        case finished
        /// The run stopped with an error.
        case failed
    }

    /// Whether it did its work.
    public let status: Status
    /// The results, by name; what claims are checked against.
    public let results: [String: Double]
    /// The last step that logged anything.
    public let lastStep: Int
    /// Seconds of work over all the processes that the run has lived in.
    public let elapsedSeconds: Double
    /// The error's sentence when the run failed.
    public let failure: String?

    /// Reads `summary.json` of a run folder.
    ///
    /// - Parameter folder: the run folder.
    /// - Returns: the summary, or nil when the run hasn't ended.
    /// - Throws: `RunRecordsError.malformed` when the file can't be understood.
    public static func read(from folder: URL) throws -> RunSummary? {
        let file = RunFolder(folder).summary
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = JSONValue.decodingStrategy
        do {
            return try decoder.decode(RunSummary.self, from: readFile(file))
        } catch let error as DecodingError {
            throw RunRecordsError.malformed(path: file.path, line: nil, reason: sentence(for: error))
        }
    }
}
