/// The file that `coqc` gets: the header and the statement are ours, the script is the judged sentences only.
///
/// Before the script the proposition gets a name of ours, and after it the theorem must have just that as its type, so
/// that no trick inside the script can change what the words of the statement mean. The list of axioms is printed
/// behind a random mark that the script can't know.
struct CoqProofFile {
    /// File name within a folder of its own.
    static let name = "ludus_proof.v"

    /// The file's text.
    let text: String
    private let mark: String
    private let header: String
    /// Line (from 1) on which each sentence of the script begins, and where it stands in the script.
    private let places: [(line: Int, range: Range<Int>)]
    /// First line behind the script.
    private let endLine: Int

    /// Composes the file.
    init(_ statement: FormalStatement, _ script: CoqScript, scriptLength: Int) throws(CoqTrouble) {
        let parts: CoqStatement
        do { parts = try CoqStatement(statement) } catch { throw .refused(error) }
        var random = SystemRandomNumberGenerator()
        mark = "ludus_" + String(random.next(), radix: 36) + String(random.next(), radix: 36)
        header = statement.header
        var lines = try CoqHeader.sentences(of: statement.header)
        lines.append("Definition \(mark)_statement := (\(parts.closedType)).")
        lines.append(statement.text)
        var line = 1 + lines.reduce(0) { $0 + Self.lineCount($1) }
        var places: [(line: Int, range: Range<Int>)] = []
        for sentence in script.sentences {
            places.append((line, sentence.range))
            lines.append(sentence.text)
            line += Self.lineCount(sentence.text)
        }
        places.append((line, script.closing?.range ?? scriptLength..<scriptLength))
        lines.append("Qed.")
        endLine = line + 1
        lines.append("Definition \(mark)_proof : \(mark)_statement := @\(statement.name).")
        lines.append("Definition \(mark)_begin := tt. Print \(mark)_begin.")
        lines.append("Print Assumptions \(mark)_proof.")
        lines.append("Definition \(mark)_end := tt. Print \(mark)_end.")
        text = lines.joined(separator: "\n") + "\n"
        self.places = places
    }

    private static func lineCount(_ text: String) -> Int { 1 + text.utf8.count { $0 == 0x0A } }

    /// The verdict on an output of a run without errors.
    func audit(_ output: String, allowed: AxiomAllowance) -> Verdict {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.lastIndex(where: { $0.hasPrefix("\(mark)_begin = ") }),
            let last = lines.lastIndex(where: { $0.hasPrefix("\(mark)_end = ") }), first < last
        else { return .infrastructure("the compiler's output doesn't hold the mark that it should") }
        // Behind the mark: its type on a line of its own, then the list.
        let list = lines[(first + 1)..<last].drop { $0.hasPrefix(" ") || $0.isEmpty }
        if list.first == "Closed under the global context" { return .proved(assumptions: []) }
        guard list.first == "Axioms:" else {
            return .infrastructure("the list of axioms can't be read: \(list.joined(separator: " ").prefix(200))")
        }
        let found = list.dropFirst().compactMap { Self.axiom(in: $0) }
        let permitted = allowed.allowed(under: header)
        let bad = found.filter { !permitted.contains($0) }
        if bad.isEmpty { return .proved(assumptions: found) }
        return .rejected(
            Diagnostic(
                kind: .assumption, message: "the proof rests on what isn't allowed: \(bad.joined(separator: "; "))"))
    }

    /// The name on a line of the list; nil for a line that continues the type of the one before.
    private static func axiom(in line: Substring) -> String? {
        guard let first = line.first, !first.isWhitespace else { return nil }
        if let name = line.split(separator: " ").first,
            line.dropFirst(name.count).drop(while: { $0 == " " }).first == ":"
        {
            return String(name)
        }
        return line.contains(" ") ? String(line) : String(line)
    }

    /// The diagnostic for an error report of `coqc`, or nil if it can't be read.
    func diagnostic(_ errors: String) -> Diagnostic? {
        let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
        guard let place = lines.lastIndex(where: { $0.hasPrefix("File \"./\(Self.name)\", line ") }),
            let start = lines[place...].firstIndex(where: { $0.hasPrefix("Error:") })
        else { return nil }
        let numbers = lines[place].split { !$0.isNumber }.compactMap { Int($0) }.suffix(3)
        guard numbers.count == 3, let line = numbers.first else { return nil }
        let message = lines[start...].joined(separator: " ").dropFirst("Error:".count).drop { $0 == " " }
        let words = CoqGoals.folded(String(message))
        if line >= endLine { return Diagnostic(kind: .statementChanged, message: words) }
        guard let index = places.lastIndex(where: { $0.line <= line }) else {
            return Diagnostic(kind: .statement, message: words)
        }
        let range = places[index].range
        guard line == places[index].line, let from = numbers.dropFirst().first, let to = numbers.last, from < to,
            to <= range.count
        else { return Diagnostic(kind: .error, message: words, range: range) }
        return Diagnostic(
            kind: .error, message: words, range: (range.lowerBound + from)..<(range.lowerBound + to))
    }
}
