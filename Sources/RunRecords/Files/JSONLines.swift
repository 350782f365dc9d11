public import Foundation

/// One line of a JSON lines file that couldn't be used.
public struct JSONLineFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file's path as the caller gave it.
    public let path: String
    /// The line, counted from 1.
    public let line: Int
    /// What is wrong with it, as one sentence.
    public let reason: String
    /// True for a last line without its newline, as a killed writer leaves it.
    public let isUnfinished: Bool

    /// `file:line: reason`.
    public var description: String { "\(path):\(line): \(reason)" }
}

/// A good line: where it was and what it says.
public struct JSONLine<Element> {
    /// The line, counted from 1.
    public let number: Int
    /// The decoded value.
    public let value: Element
}

extension JSONLine: Sendable where Element: Sendable {}

/// A JSON lines file, read as a stream: each line gives its value or what is wrong with it, and reading goes on.
///
/// Blank lines, a byte order mark and Windows line ends are let pass. Memory is bounded by the longest line allowed.
/// Iterate once per value; every iterator reads the file anew.
public struct JSONLines<Element: Decodable>: Sequence {
    /// The file.
    public let url: URL
    private let longestLine: Int

    /// Opens a file for reading, to find out early when it can't be.
    ///
    /// - Parameters:
    ///   - url: the file.
    ///   - element: the type of each line.
    ///   - longestLine: lines of more bytes than this are reported and passed over.
    /// - Throws: `RunRecordsError.system` when the file can't be read.
    public init(_ url: URL, of element: Element.Type = Element.self, longestLine: Int = 1 << 26) throws {
        self.url = url
        self.longestLine = longestLine
        _ = try LineReader(path: url.path, longestLine: longestLine)
    }

    /// Starts at the first line.
    ///
    /// - Returns: an iterator over results; a file that has become unreadable gives one failure and ends.
    public func makeIterator() -> JSONLinesIterator<Element> {
        JSONLinesIterator(path: url.path, longestLine: longestLine)
    }

    /// Reads everything at once.
    ///
    /// - Returns: the good lines in order and the failures in order.
    public func readAll() -> (lines: [JSONLine<Element>], failures: [JSONLineFailure]) {
        var lines: [JSONLine<Element>] = []
        var failures: [JSONLineFailure] = []
        for result in self {
            switch result {
            case .success(let line): lines.append(line)
            case .failure(let failure): failures.append(failure)
            }
        }
        return (lines, failures)
    }
}

/// Goes through a JSON lines file line by line.
public struct JSONLinesIterator<Element: Decodable>: IteratorProtocol {
    private let path: String
    private let decoder = JSONDecoder()
    private var reader: LineReader?
    private var openingFailure: String?

    init(path: String, longestLine: Int) {
        self.path = path
        decoder.nonConformingFloatDecodingStrategy = JSONValue.decodingStrategy
        do {
            reader = try LineReader(path: path, longestLine: longestLine)
        } catch {
            openingFailure = String(describing: error)
        }
    }

    /// The next line that isn't blank.
    ///
    /// - Returns: its value or its failure; nil at the end.
    public mutating func next() -> Result<JSONLine<Element>, JSONLineFailure>? {
        if let reason = openingFailure {
            openingFailure = nil
            return .failure(JSONLineFailure(path: path, line: 0, reason: reason, isUnfinished: false))
        }
        while let line = reader?.next() {
            switch line.content {
            case .failed(let reason):
                return .failure(JSONLineFailure(path: path, line: line.number, reason: reason, isUnfinished: false))
            case .bytes(let bytes):
                if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                return decode(bytes, line)
            }
        }
        return nil
    }

    private func decode(_ bytes: Data, _ line: LineReader.Line) -> Result<JSONLine<Element>, JSONLineFailure> {
        do {
            return .success(JSONLine(number: line.number, value: try decoder.decode(Element.self, from: bytes)))
        } catch {
            let reason =
                line.isTerminated ? sentence(for: error) : "the last line is unfinished: \(sentence(for: error))"
            return .failure(
                JSONLineFailure(path: path, line: line.number, reason: reason, isUnfinished: !line.isTerminated))
        }
    }
}

/// Says in one sentence what a decoder found wrong, with the path to it.
///
/// - Parameter error: any error; those of `DecodingError` are taken apart.
/// - Returns: for example `the field "statement" is missing.`
public func sentence(for error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    guard let error = error as? DecodingError else { return String(describing: error) }
    switch error {
    case .keyNotFound(let key, let context):
        return "the field \"\(place(context.codingPath + [key]))\" is missing."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
        let field = place(context.codingPath)
        return (field.isEmpty ? "the line" : "the field \"\(field)\"") + " has the wrong type: "
            + context.debugDescription
    case .dataCorrupted(let context):
        let field = place(context.codingPath)
        let detail = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
        return (field.isEmpty ? "not valid JSON: " : "the field \"\(field)\" is not valid: ")
            + (detail ?? context.debugDescription)
    @unknown default:
        return String(describing: error)
    }
}
