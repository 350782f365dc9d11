/// A statement taken apart.
///
/// Its form is `Theorem NAME BINDERS : TYPE.`
struct CoqStatement: Hashable {
    /// `Theorem`, `Lemma` or another word for the same.
    var keyword: String
    /// The name as written in the text.
    var name: String
    /// What stands between the name and the colon; often empty.
    var binders: String
    /// The proposition behind the colon.
    var type: String

    private static let keywords: Set<String> = [
        "Theorem", "Lemma", "Fact", "Remark", "Corollary", "Proposition", "Property", "Example",
    ]

    /// Takes a statement apart.
    ///
    /// - Throws: ``ProofAssistantError/statementRejected(name:message:)`` unless the text is one such sentence and
    ///   bears the name that it should.
    init(_ statement: FormalStatement) throws(ProofAssistantError) {
        func rejected(_ message: String) -> ProofAssistantError {
            .statementRejected(name: statement.name, message: message)
        }
        let cut = CoqSentences(statement.text)
        if let problem = cut.problem { throw rejected(problem.message) }
        guard cut.sentences.count == 1, let sentence = cut.sentences.first else {
            throw rejected("a statement must be one sentence, but there are \(cut.sentences.count)")
        }
        let text = sentence.text
        let keyword = sentence.firstWord
        guard Self.keywords.contains(String(keyword)) else {
            throw rejected("a statement must begin with Theorem, Lemma or the like, not `\(text.prefix(20))`")
        }
        let afterKeyword = text.dropFirst(keyword.count).drop { $0.isWhitespace }
        let name = afterKeyword.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "'" }
        guard name == statement.name, !name.isEmpty else {
            throw rejected("the text names it `\(name)`")
        }
        let afterName = afterKeyword.dropFirst(name.count)
        guard let colon = Self.colon(in: afterName) else { throw rejected("there is no colon before its proposition") }
        self.keyword = String(keyword)
        self.name = String(name)
        binders = Self.trimmed(afterName[..<colon])
        type = Self.trimmed(afterName[afterName.index(after: colon)...].dropLast())
        if type.isEmpty { throw rejected("there is no proposition behind the colon") }
        if Self.holdsMutualPart(type) { throw rejected("theorems that are proved together (`with`) aren't supported") }
    }

    /// The whole proposition as one term: binders are put in front as `forall`.
    var closedType: String { binders.isEmpty ? type : "forall \(binders), \(type)" }

    /// The colon outside of all brackets that ends the binders.
    private static func colon(in text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(", "{", "[": depth += 1
            case ")", "}", "]": depth -= 1
            case ":" where depth == 0: return index
            default: break
            }
        }
        return nil
    }

    /// Whether `with` stands outside of brackets and of `match`.
    private static func holdsMutualPart(_ type: String) -> Bool {
        var open = 0
        for word in type.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "'") }) {
            if word == "match" { open += 1 }
            if word == "with" {
                open -= 1
                if open < 0 { return true }
            }
        }
        return false
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
