import Foundation
import Synchronization

/// Measured values go into the logs here.
extension Run {
    /// Logs one value that depends on the configuration and the seed alone.
    ///
    /// - Parameters:
    ///   - tag: what was measured, for example `loss/validation`.
    ///   - value: the value; need not be finite.
    ///   - step: the step it belongs to.
    /// - Throws: `RunRecordsError.system` when it can't be written (nothing half-written stays), `.closed`.
    public func log(_ tag: String, _ value: Double, step: Int) throws {
        try append([MetricEntry(step: step, tag: tag, content: .value(value))], to: .metrics)
    }

    /// Logs several values of one step, in the order of their tags.
    ///
    /// - Parameters:
    ///   - values: the values by tag.
    ///   - step: the step they belong to.
    /// - Throws: `RunRecordsError.system` when they can't be written, `.closed`.
    public func log(_ values: [String: Double], step: Int) throws {
        let entries = values.sorted { $0.key < $1.key }
            .map { MetricEntry(step: step, tag: $0.key, content: .value($0.value)) }
        try append(entries, to: .metrics)
    }

    /// Logs a text, for example a sample of what a model says.
    ///
    /// - Parameters:
    ///   - tag: what it is.
    ///   - text: the text.
    ///   - step: the step it belongs to.
    /// - Throws: `RunRecordsError.system` when it can't be written, `.closed`.
    public func log(_ tag: String, text: String, step: Int) throws {
        try append([MetricEntry(step: step, tag: tag, content: .text(text))], to: .metrics)
    }

    /// Logs a value that depends on the machine: seconds, rates, bytes of memory.
    ///
    /// It goes to `timings.jsonl`.
    ///
    /// - Parameters:
    ///   - tag: what was measured.
    ///   - value: the value.
    ///   - step: the step it belongs to.
    /// - Throws: `RunRecordsError.system` when it can't be written, `.closed`.
    public func logTiming(_ tag: String, _ value: Double, step: Int) throws {
        try append([MetricEntry(step: step, tag: tag, content: .value(value))], to: .timings)
    }

    private enum Log {
        case metrics, timings
    }

    private func append(_ entries: [MetricEntry], to log: Log) throws {
        guard let last = entries.last else { return }
        let lines = Array((entries.map(\.line).joined(separator: "\n") + "\n").utf8)
        let wallTime = Self.wallTime
        let events = entries.flatMap { entry in
            let content: EventRecord.Content =
                switch entry.content {
                case .value(let value): .scalar(tag: entry.tag, value: value)
                case .text(let text): .text(tag: entry.tag, text: text)
                }
            return EventRecord(wallTime: wallTime, step: entry.step, content: content).framed
        }
        try state.withLock { state in
            guard state.logs != nil else { throw RunRecordsError.closed(path: folder.path) }
            switch log {
            case .metrics: try state.logs?.metrics.append(lines)
            case .timings: try state.logs?.timings.append(lines)
            }
            try state.logs?.events.append(events)
            state.lastStep = max(state.lastStep, last.step)
        }
    }
}
