import ProofAssistants

extension StatementFile {
    /// Words that open a theorem.
    static let theoremKeywords: Set<String> = [
        "Theorem", "Lemma", "Fact", "Remark", "Corollary", "Proposition", "Property", "Example",
    ]
    private static let proofEndings: Set<String> = ["Qed", "Defined", "Admitted", "Abort", "Save"]
    private static let openers: Set<String> = ["Section", "Module"]

    /// The theorems of a Coq file, each to be proved from the file's definitions and imports alone.
    ///
    /// A theorem may be followed by nothing, by `Proof. Admitted.`, `Admitted.` or `Abort.`. Earlier theorems of the
    /// file are not part of a later one's context, so that no unproved claim can be used. A theorem whose proof is
    /// finished (`Qed.` or `Defined.`) is reported as a problem and left alone.
    ///
    /// - Parameters:
    ///   - text: whole text of the file.
    ///   - file: name for messages.
    public init(coq text: String, file: String) {
        self.init()
        let cut = CoqSentences(text)
        var lines = LineCounter(text)
        var context: [String] = []
        var scopes: [String] = []
        var names: Set<String> = []
        var index = 0
        while index < cut.sentences.count {
            let sentence = cut.sentences[index]
            let words = Self.words(sentence.text)
            let line = lines.line(at: sentence.range.lowerBound)
            index += 1
            guard let keyword = words.first(where: { !Self.isModifier($0) }) else { continue }
            if keyword == "Goal" {
                report(file, line, "a Goal has no name", "write `Theorem NAME : ...` instead")
                index = Self.skipProof(cut.sentences, from: index).next
            } else if Self.theoremKeywords.contains(keyword),
                let name = words.drop(while: { $0 != keyword }).dropFirst().first,
                !Self.isDefinition(sentence.text)
            {
                let proof = Self.skipProof(cut.sentences, from: index)
                index = proof.next
                if proof.isFinished {
                    report(file, line, "\(name) already has a proof", "end it with `Admitted.` to have it proved again")
                } else if let scope = scopes.last {
                    report(file, line, "\(name) stands inside \(scope)", "move it out of sections and modules")
                } else {
                    let statement = FormalStatement(
                        name: name, header: context.joined(separator: "\n"),
                        text: Self.withoutModifiers(sentence.text, keyword))
                    add(StatementRecord(statement: statement, line: line), file: file, names: &names)
                }
            } else if Self.isStray(sentence, keyword) {
                report(file, line, "this isn't a command of Coq: \(Self.excerpt(sentence.text))", "remove it or fix it")
            } else {
                Self.track(words, &scopes)
                context.append(sentence.text)
            }
        }
        if let problem = cut.problem {
            report(file, lines.line(at: problem.range.lowerBound), problem.message, "close it or remove the rest")
        } else if records.isEmpty && problems.isEmpty {
            report(file, 1, "the file states no theorem", "add `Theorem NAME : STATEMENT.`")
        }
    }

    /// Words that may stand before a command's keyword.
    private static func isModifier(_ word: String) -> Bool {
        ["Local", "Global", "Polymorphic", "Monomorphic", "Program"].contains(word)
    }

    /// First few identifiers of a sentence, an attribute `#[...]` left out.
    private static func words(_ sentence: String) -> [String] {
        var rest = Substring(sentence)
        if rest.hasPrefix("#["), let close = rest.firstIndex(of: "]") { rest = rest[rest.index(after: close)...] }
        let isPart: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "'" || $0 == "." }
        let parts = rest.prefix(400).split { !isPart($0) }.prefix(4)
        return parts.map { String($0.last == "." ? $0.dropLast() : $0) }
    }

    private static func withoutModifiers(_ sentence: String, _ keyword: String) -> String {
        guard let range = sentence.firstRange(of: keyword) else { return sentence }
        return String(sentence[range.lowerBound...])
    }

    /// `Example name := term.` defines, it doesn't state.
    private static func isDefinition(_ sentence: String) -> Bool {
        guard let colon = sentence.firstIndex(of: ":") else { return true }
        return sentence[sentence.index(after: colon)...].hasPrefix("=")
    }

    /// The index behind a proof that may begin at `start`, and whether it ends in `Qed` or `Defined`.
    private static func skipProof(_ sentences: [CoqSentence], from start: Int) -> (next: Int, isFinished: Bool) {
        var index = start
        while index < sentences.count {
            let first = words(sentences[index].text).first ?? ""
            if proofEndings.contains(first) {
                return (index + 1, first == "Qed" || first == "Defined" || first == "Save")
            }
            let isTactic = first.isEmpty || first == "Proof" || first.first?.isLowercase == true
            if !isTactic { return (index, false) }
            index += 1
        }
        return (index, false)
    }

    private static func isStray(_ sentence: CoqSentence, _ keyword: String) -> Bool {
        guard let first = sentence.text.first else { return true }
        return !(first.isUppercase || sentence.text.hasPrefix("#["))
    }

    private static func track(_ words: [String], _ scopes: inout [String]) {
        guard let keyword = words.first, words.count > 1 else { return }
        if openers.contains(keyword) {
            let isModuleAlias = keyword == "Module" && words[1] == "Type" ? words.count > 3 : false
            if !isModuleAlias { scopes.append("\(keyword) \(words[1])") }
        } else if keyword == "End", !scopes.isEmpty {
            scopes.removeLast()
        }
    }

    static func excerpt(_ text: String) -> String {
        let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return flat.count > 60 ? flat.prefix(57) + "..." : flat
    }
}

/// Line numbers of growing byte offsets, in one pass.
private struct LineCounter {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The 1-based line of an offset that is not below the offsets asked for before.
    mutating func line(at offset: Int) -> Int {
        while position < min(offset, bytes.count) {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        return line
    }
}
