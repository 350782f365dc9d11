import Foundation
import RunRecords

/// Where the program's words go: results to stdout, everything else to stderr.
enum Output {
    /// A line of the result.
    static func result(_ line: String) {
        print(line)
    }

    /// A line for the person who watches.
    static func note(_ line: String, isQuiet: Bool = false) {
        if !isQuiet { FileHandle.standardError.write(Data((line + "\n").utf8)) }
    }

    /// A value as one line of JSON with sorted keys, on stdout.
    static func json(_ value: some Encodable) throws {
        result(try JSONValue(encoding: value).text)
    }
}

/// A table in columns for a terminal.
struct TextTable {
    let header: [String]
    var rows: [[String]] = []

    init(_ header: String...) {
        self.header = header
    }

    /// The lines, columns two spaces apart; the last column isn't padded.
    var lines: [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { column, text in
                let isLast = column == row.count - 1
                return isLast ? text : text + String(repeating: " ", count: widths[column] - text.count)
            }.joined(separator: "  ")
        }
    }
}
