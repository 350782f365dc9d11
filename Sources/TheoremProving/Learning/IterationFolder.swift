import Foundation
import RunRecords

/// The files of an expert iteration; each appears whole or not at all.
///
/// ```
/// options.json             what must agree for a resume
/// heldout.json             the held-out statements
/// round-00002/statements.json, units/propose-00003.json, training/, model/, units/evaluate-00001.json
/// round-00002/done.json    the round is complete: record, buffer, open statements
/// ```
struct IterationFolder: Sendable {
    let root: URL

    init(_ path: String) { root = URL(fileURLWithPath: path, isDirectory: true) }

    func round(_ number: Int) -> URL {
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, 5 - digits.count))
        return root.appendingPathComponent("round-\(padding)\(digits)", isDirectory: true)
    }

    func unit(_ number: Int, _ name: String, _ index: Int) -> URL {
        round(number).appendingPathComponent("units", isDirectory: true).appendingPathComponent("\(name)-\(index).json")
    }

    func make(_ url: URL) throws(TheoremProvingError) {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw .unwritableFile(path: url.path, reason: error.localizedDescription)
        }
    }

    /// The value in a JSON file; nil where the file is absent.
    func read<Value: Decodable>(_ type: Value.Type, _ url: URL) throws(TheoremProvingError) -> Value? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(contentsOf: url))
        } catch {
            throw .badCheckpoint(path: url.path, reason: "it is damaged (\(error))")
        }
    }

    func write(_ value: some Encodable, _ url: URL) throws(TheoremProvingError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try AtomicFile(url).write(encoder.encode(value))
        } catch {
            throw .unwritableFile(path: url.path, reason: "\(error)")
        }
    }
}
