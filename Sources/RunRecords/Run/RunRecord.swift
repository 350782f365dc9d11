public import Foundation

/// A run as it lies on disk, read without touching it; also while it is being written.
public struct RunRecord: Sendable {
    /// The run folder.
    public let folder: URL
    /// What the run is.
    public let description: RunDescription
    /// How it ended; nil while it goes on.
    public let summary: RunSummary?
    /// All metrics, in the order of the file.
    public let metrics: [MetricEntry]
    /// All timings, in the order of the file.
    public let timings: [MetricEntry]
    /// Lines that couldn't be read, unfinished last lines left out.
    public let failures: [JSONLineFailure]

    /// Reads a run folder.
    ///
    /// - Parameter folder: the run folder.
    /// - Throws: `RunRecordsError.noRun`, `.malformed` for `config.json` or `summary.json`, `.system`.
    public init(reading folder: URL) throws {
        let names = RunFolder(folder)
        self.folder = names.root
        description = try RunDescription.read(from: names.root)
        summary = try RunSummary.read(from: names.root)
        let metrics = try JSONLines<MetricEntry>(names.metrics).readAll()
        self.metrics = metrics.lines.map(\.value)
        var failures = metrics.failures
        if FileManager.default.fileExists(atPath: names.timings.path) {
            let timings = try JSONLines<MetricEntry>(names.timings).readAll()
            self.timings = timings.lines.map(\.value)
            failures += timings.failures
        } else {
            timings = []
        }
        self.failures = failures.filter { !$0.isUnfinished }
    }

    /// The tags that hold numbers, by name.
    public var tags: [String] {
        Set(metrics.filter { if case .value = $0.content { true } else { false } }.map(\.tag)).sorted()
    }

    /// The values under a tag, in the order of the file.
    ///
    /// - Parameter tag: the tag.
    /// - Returns: step and value of each entry.
    public func series(_ tag: String) -> [(step: Int, value: Double)] {
        metrics.compactMap { entry in
            guard entry.tag == tag, case .value(let value) = entry.content else { return nil }
            return (entry.step, value)
        }
    }
}
