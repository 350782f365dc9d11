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
    /// Full names of the axioms that are allowed.
    private let permitted: Set<String>
    /// Line (from 1) on which each sentence of the script begins, and where it stands in the script.
    private let places: [(line: Int, range: Range<Int>)]
    /// First line behind the script.
    private let endLine: Int

    /// Composes the file.
    init(
        _ statement: FormalStatement, _ script: CoqScript, scriptLength: Int, allowance: AxiomAllowance
    ) throws(CoqTrouble) {
        let parts: CoqStatement
        do { parts = try CoqStatement(statement) } catch { throw .refused(error) }
        var random = SystemRandomNumberGenerator()
        mark = "ludus_" + String(random.next(), radix: 36) + String(random.next(), radix: 36)
        permitted = allowance.allowed(under: statement.header)
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
        lines.append("Definition \(mark)_names := tt. Print \(mark)_names.")
        lines += Set(permitted.map(Self.lastPart)).sorted().map { "Locate \($0)." }
        lines.append("Definition \(mark)_end := tt. Print \(mark)_end.")
        text = lines.joined(separator: "\n") + "\n"
        self.places = places
    }

    private static func lineCount(_ text: String) -> Int { 1 + text.utf8.count { $0 == 0x0A } }

    /// The last part of a full name.
    private static func lastPart(_ name: String) -> String {
        name.split(separator: ".").last.map(String.init) ?? name
    }

    /// The verdict on the output of a run without errors.
    func audit(_ output: String) -> Verdict {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let marks = ["begin", "names", "end"].compactMap { part in
            lines.lastIndex { $0.hasPrefix("\(mark)_\(part) = ") }
        }
        guard marks.count == 3, marks == marks.sorted() else {
            return .infrastructure("the compiler's output doesn't hold the marks that it should")
        }
        // Behind a mark: its type on a line of its own, then what was asked for.
        let list = lines[(marks[0] + 1)..<marks[1]].drop { $0.hasPrefix(" ") || $0.isEmpty }
        if list.first == "Closed under the global context" { return .proved(assumptions: []) }
        guard list.first == "Axioms:" else {
            return .infrastructure("the list of axioms can't be read: \(list.joined(separator: " ").prefix(200))")
        }
        let fullNames = Self.fullNames(lines[(marks[1] + 1)..<marks[2]])
        let found = list.dropFirst().compactMap { Self.axiom(in: $0) }.map { fullNames[$0] ?? $0 }
        let bad = found.filter { !permitted.contains($0) }
        if bad.isEmpty, !found.isEmpty { return .proved(assumptions: found.sorted()) }
        let names = bad.joined(separator: "; ")
        return .rejected(Diagnostic(kind: .assumption, message: "the proof rests on what isn't allowed: \(names)"))
    }

    /// Full names by the short names that Coq prints, from the output of `Locate`.
    ///
    /// So an axiom of a header that bears the name of an allowed one isn't taken for it.
    private static func fullNames(_ lines: ArraySlice<Substring>) -> [String: String] {
        var names: [String: String] = [:]
        var last: String?
        for line in lines {
            let words = line.split(separator: " ")
            if line.hasPrefix("Constant "), words.count >= 2 {
                let full = String(words[1])
                names[lastPart(full)] = names[lastPart(full)] ?? full
                last = full
            } else if let full = last, line.hasPrefix(" "), let short = words.last, short.hasSuffix(")") {
                if names[lastPart(full)] == full { names[lastPart(full)] = nil }
                names[String(short.dropLast())] = full
            }
        }
        return names
    }

    /// The name on a line of the list, or the line where it holds a sentence ("f is assumed to be guarded.").
    ///
    /// Nil for a line that continues the type of the one before.
    private static func axiom(in line: Substring) -> String? {
        guard let first = line.first, !first.isWhitespace else { return nil }
        if let name = line.split(separator: " ").first,
            line.dropFirst(name.count).drop(while: { $0 == " " }).first == ":"
        {
            return String(name)
        }
        return String(line)
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
