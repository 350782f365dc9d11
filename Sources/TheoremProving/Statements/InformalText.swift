/// English sentences from the same tree that prints the Coq text.
enum InformalText {
    /// One sentence for a whole statement.
    static func sentence(_ sequent: Sequent) -> String {
        var parts: [String] = []
        let grouped = groups(sequent.binders)
        if !grouped.isEmpty { parts.append("Let " + grouped.joined(separator: ", and let ") + ".") }
        if !sequent.hypotheses.isEmpty {
            parts.append("Suppose that " + sequent.hypotheses.map(phrase).joined(separator: ", and that ") + ".")
        }
        parts.append("Show that " + phrase(sequent.conclusion) + ".")
        return parts.joined(separator: " ")
    }

    private static func groups(_ binders: [Binder]) -> [String] {
        var result: [(names: [String], sort: Sort)] = []
        for binder in binders where binder.sort != .type {
            if let last = result.last, last.sort == binder.sort {
                result[result.count - 1].names.append(binder.name)
            } else {
                result.append(([binder.name], binder.sort))
            }
        }
        return result.map { "\(list($0.names)) be \(noun($0.sort))" }
    }

    private static func list(_ names: [String]) -> String {
        names.count <= 1 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }

    private static func noun(_ sort: Sort) -> String {
        switch sort {
        case .proposition: "propositions"
        case .type: "types"
        case .individual: "elements of T"
        case .number(let sort): sort.noun
        case .function(let arguments, .proposition): arguments.count == 1 ? "properties" : "relations"
        case .function: "functions"
        }
    }

    /// A clause without a full stop.
    static func phrase(_ formula: Proposition) -> String {
        switch formula {
        case .truth: return "truth holds"
        case .falsity: return "there is a contradiction"
        case .atom(let name): return name
        case .predicate(let name, let arguments):
            let terms = arguments.map { $0.text() }
            return terms.count == 1 ? "\(terms[0]) has \(name)" : "\(name) relates \(list(terms))"
        case .relation(let relation, let left, let right, _):
            return "\(left.text()) \(relation.words) \(right.text())"
        case .negation(let body): return "it is not so that \(phrase(body))"
        case .conjunction(let left, let right): return "both \(phrase(left)) and \(phrase(right))"
        case .disjunction(let left, let right): return "either \(phrase(left)) or \(phrase(right))"
        case .implication(let left, let right): return "if \(phrase(left)) then \(phrase(right))"
        case .equivalence(let left, let right): return "\(phrase(left)) exactly when \(phrase(right))"
        case .universal(let binders, let body): return "for all \(list(binders.map(\.name))), \(phrase(body))"
        case .existential(let binders, let body):
            return "there are \(list(binders.map(\.name))) such that \(phrase(body))"
        }
    }
}
