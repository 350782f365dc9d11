/// The three number types of the generated statements, and two of them under an open scope.
enum NumberSort: Hashable, Sendable {
    case natural
    case integer
    case real
    /// Z where `Z_scope` is open.
    case openInteger
    /// R where `R_scope` is open.
    case openReal

    /// The types, each once.
    static let types: [NumberSort] = [.natural, .integer, .real]

    /// Coq's name of the type.
    var name: String {
        switch self {
        case .natural: "nat"
        case .integer, .openInteger: "Z"
        case .real, .openReal: "R"
        }
    }

    /// The same type with its scope open.
    var opened: NumberSort {
        switch self {
        case .integer: .openInteger
        case .real: .openReal
        case .natural, .openInteger, .openReal: self
        }
    }

    /// The scope key that Coq prints after a term of this sort; nat's scope is open by default.
    var scopeKey: String? {
        switch self {
        case .natural, .openInteger, .openReal: nil
        case .integer: "Z"
        case .real: "R"
        }
    }

    /// Plural noun for informal text.
    var noun: String {
        switch self {
        case .natural: "natural numbers"
        case .integer, .openInteger: "integers"
        case .real, .openReal: "real numbers"
        }
    }
}

/// The type of a bound variable.
indirect enum Sort: Hashable, Sendable {
    case proposition
    case type
    case individual
    case number(NumberSort)
    case function([Sort], Sort)

    var text: String {
        switch self {
        case .proposition: "Prop"
        case .type: "Type"
        case .individual: "T"
        case .number(let sort): sort.name
        case .function(let arguments, let result): (arguments + [result]).map(\.text).joined(separator: " -> ")
        }
    }
}

/// A variable with its type.
struct Binder: Hashable, Sendable {
    var name: String
    var sort: Sort
}

/// Binary operators of number terms.
enum TermOperator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case power = "^"
    case modulo = "mod"
    case divide = "/"

    /// Coq's precedence level; smaller binds tighter.
    var level: Int {
        switch self {
        case .add, .subtract: 50
        case .multiply, .modulo, .divide: 40
        case .power: 30
        }
    }
}

/// A term of a statement: variables, numerals, arithmetic, applied functions.
indirect enum Term: Hashable, Sendable {
    case variable(String)
    case numeral(Int)
    /// A numeral of type nat inside a term of another sort.
    case index(Int)
    case binary(TermOperator, Term, Term)
    case negated(Term)
    case call(String, [Term])

    static func + (left: Term, right: Term) -> Term { .binary(.add, left, right) }
    static func - (left: Term, right: Term) -> Term { .binary(.subtract, left, right) }
    static func * (left: Term, right: Term) -> Term { .binary(.multiply, left, right) }

    /// Coq text, in parentheses where its precedence is above `limit`.
    func text(limit: Int = 200) -> String {
        switch self {
        case .variable(let name): return name
        case .numeral(let value):
            return value < 0 && limit < 35 ? "(\(value))" : "\(value)"
        case .index(let value): return "\(value)%nat"
        case .negated(let term):
            let body = "- \(term.text(limit: 35))"
            return limit < 35 ? "(\(body))" : body
        case .call(let name, let arguments):
            let body = ([name] + arguments.map { $0.text(limit: 9) }).joined(separator: " ")
            return limit < 10 ? "(\(body))" : body
        case .binary(let operation, let left, let right):
            let level = operation.level
            let isRight = operation == .power
            let first = left.text(limit: isRight ? level - 1 : level)
            let second = right.text(limit: isRight ? level : level - 1)
            let body = "\(first) \(operation.rawValue) \(second)"
            return limit < level ? "(\(body))" : body
        }
    }

    /// Coq text as an operand of `=`, with the scope key that Coq itself would print.
    func scopedText(_ sort: NumberSort?) -> String {
        guard let key = sort?.scopeKey else {
            if case .call(let name, let arguments) = self, sort != nil {
                return ([name] + arguments.map { $0.argumentText(sort) }).joined(separator: " ")
            }
            return text(limit: 69)
        }
        switch self {
        case .variable: return text()
        case .index(let value): return "\(value)"
        case .call(let name, let arguments):
            return ([name] + arguments.map { $0.argumentText(sort) }).joined(separator: " ")
        case .numeral(let value): return value < 0 ? "(\(value))%\(key)" : "\(value)%\(key)"
        case .binary, .negated: return "(\(text()))%\(key)"
        }
    }

    /// Coq text as an argument outside of any scope.
    private func argumentText(_ sort: NumberSort?) -> String {
        if case .index(let value) = self { return "\(value)" }
        let body = scopedText(sort)
        if case .call = self { return "(\(body))" }
        return sort?.scopeKey == nil ? text(limit: 9) : body
    }

    /// The term with each variable and function name sent through `rename`.
    func renamed(_ rename: (String) -> String) -> Term {
        switch self {
        case .variable(let name): .variable(rename(name))
        case .numeral, .index: self
        case .negated(let term): .negated(term.renamed(rename))
        case .call(let name, let arguments): .call(rename(name), arguments.map { $0.renamed(rename) })
        case .binary(let operation, let left, let right):
            .binary(operation, left.renamed(rename), right.renamed(rename))
        }
    }

    /// The term with `change` applied to each numeral, in reading order.
    func mapNumerals(_ change: (Int) -> Int) -> Term {
        switch self {
        case .variable, .index: self
        case .numeral(let value): .numeral(change(value))
        case .negated(let term): .negated(term.mapNumerals(change))
        case .call(let name, let arguments): .call(name, arguments.map { $0.mapNumerals(change) })
        case .binary(let operation, let left, let right):
            .binary(operation, left.mapNumerals(change), right.mapNumerals(change))
        }
    }
}
