import Foundation
import ProofAssistants

extension StatementFile {
    /// One line of a JSON Lines file; the fields of the miniF2F port to Coq.
    private struct Line: Decodable {
        var name: String
        var header: String?
        var statement: String
        var theorem: String?
        var informal_statement: String?
    }

    /// The statements of a JSON Lines file: an object a line with `name`, `statement`, and maybe `header` (imports and
    /// definitions), `theorem` (the theorem's name in `statement`, else `name`) and `informal_statement`.
    ///
    /// - Parameters:
    ///   - text: whole text of the file.
    ///   - file: name for messages.
    public init(jsonLines text: String, file: String) {
        self.init()
        var names: Set<String> = []
        for (offset, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = raw.trimmingCharacters(in: .whitespacesAndNewlines)
            if content.isEmpty { continue }
            let number = offset + 1
            do {
                let line = try JSONDecoder().decode(Line.self, from: Data(content.utf8))
                add(line, number, file, &names)
            } catch let error as DecodingError {
                report(file, number, Self.explanation(error), "fix or remove the line")
            } catch {
                report(file, number, "the line can't be read: \(error)", "fix or remove the line")
            }
        }
        if records.isEmpty && problems.isEmpty {
            report(file, 1, "the file is empty", "add one JSON object a line with `name` and `statement`")
        }
    }

    private mutating func add(_ line: Line, _ number: Int, _ file: String, _ names: inout Set<String>) {
        let name = line.theorem ?? line.name
        let cut = CoqSentences(line.statement)
        if let problem = cut.problem {
            report(file, number, "in `statement` of \(name) \(problem.message)", "complete the statement")
            return
        }
        guard let last = cut.sentences.last(where: { Self.opensTheorem($0.text) }) else {
            report(file, number, "`statement` of \(name) holds no theorem", "begin it with `Theorem \(name) :`")
            return
        }
        let before = cut.sentences.prefix { $0.range.lowerBound < last.range.lowerBound }.map(\.text)
        let header = ([line.header ?? ""] + before).filter { !$0.isEmpty }.joined(separator: "\n")
        let words = last.text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "'") }
        guard words.count > 1, words[1] == name else {
            report(
                file, number, "`statement` states \(words.count > 1 ? String(words[1]) : "nothing"), not \(name)",
                "make `theorem` and `statement` agree")
            return
        }
        let statement = FormalStatement(name: name, header: header, text: last.text)
        add(
            StatementRecord(statement: statement, line: number, informal: line.informal_statement), file: file,
            names: &names)
    }

    private static func opensTheorem(_ sentence: String) -> Bool {
        let word = sentence.prefix { $0.isLetter }
        return theoremKeywords.contains(String(word))
    }

    private static func explanation(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the field `\(key.stringValue)` is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the field `\(context.codingPath.map(\.stringValue).joined(separator: "."))` has the wrong type"
        case .dataCorrupted: "the line isn't valid JSON"
        @unknown default: "the line can't be decoded"
        }
    }
}
