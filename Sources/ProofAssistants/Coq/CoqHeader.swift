/// Headers: the trusted text before a statement.
enum CoqHeader {
    /// Words that begin sentences which no header may hold: they touch files, processes or the kernel's checks.
    private static let forbidden: Set<Substring> = [
        "Redirect", "Load", "Cd", "Pwd", "Drop", "Quit", "Back", "BackTo", "Restart", "Reset", "Abort", "Extraction",
        "Recursive", "Separate", "Admitted", "Fail", "Timeout", "Time", "Instructions",
    ]
    private static let forbiddenPairs: Set<String> = [
        "Add LoadPath", "Add Rec", "Add ML", "Declare ML", "Unset Guard", "Unset Positivity", "Unset Universe",
        "Remove LoadPath", "Set Bypass",
    ]

    /// The sentences of a header, in the spelling of Coq 8.16.
    static func sentences(of header: String) throws(CoqTrouble) -> [String] {
        let cut = CoqSentences(header)
        if let problem = cut.problem { throw .refused(.headerRejected(message: problem.message)) }
        for sentence in cut.sentences {
            let words = sentence.text.split { $0.isWhitespace || $0 == "." }
            let pair = words.prefix(2).joined(separator: " ")
            if let first = words.first, forbidden.contains(first) || forbiddenPairs.contains(pair) {
                throw .refused(.headerRejected(message: "a header may not hold `\(pair)`"))
            }
        }
        return cut.sentences.map { inOldSpelling($0.text) } + [
            "Unset Lia Cache.", "Unset Nia Cache.", "Unset Nra Cache.",
        ]
    }

    /// A header in the spelling of Coq 8.16, in which the standard library is called `Coq`, not `Stdlib`.
    static func normalized(_ header: String) -> String {
        var output = Array(header.utf8)
        for sentence in CoqSentences(header).sentences.reversed() {
            output.replaceSubrange(sentence.range, with: inOldSpelling(sentence.text).utf8)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func inOldSpelling(_ sentence: String) -> String {
        let first = sentence.prefix { $0.isLetter }
        guard ["From", "Require", "Import", "Export"].contains(first) else { return sentence }
        let words = sentence.split(omittingEmptySubsequences: false) { $0.isWhitespace }
        let renamed = words.map { word -> String in
            for name in ["Stdlib", "Corelib"] {
                if word == name { return "Coq" }
                if word.hasPrefix(name + ".") { return "Coq" + word.dropFirst(name.count) }
            }
            return String(word)
        }
        return renamed.joined(separator: " ")
    }
}
