/// Binary relations between terms.
enum Relation: String, Hashable, Sendable {
    case equal = "="
    case unequal = "<>"
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case divides = "|"

    /// The same relation with its operands exchanged; nil where there is none.
    var converse: Relation? {
        switch self {
        case .equal: .equal
        case .unequal: .unequal
        case .less: .greater
        case .atMost: .atLeast
        case .greater: .less
        case .atLeast: .atMost
        case .divides: nil
        }
    }

    var words: String {
        switch self {
        case .equal: "equals"
        case .unequal: "differs from"
        case .less: "is less than"
        case .atMost: "is at most"
        case .greater: "is greater than"
        case .atLeast: "is at least"
        case .divides: "divides"
        }
    }
}

/// A formula of a generated statement.
indirect enum Proposition: Hashable, Sendable {
    case truth
    case falsity
    case atom(String)
    case predicate(String, [Term])
    case relation(Relation, Term, Term, NumberSort?)
    case negation(Proposition)
    case conjunction(Proposition, Proposition)
    case disjunction(Proposition, Proposition)
    case implication(Proposition, Proposition)
    case equivalence(Proposition, Proposition)
    case universal([Binder], Proposition)
    case existential([Binder], Proposition)

    /// Number of connectives, quantifiers and leaves.
    var size: Int {
        switch self {
        case .truth, .falsity, .atom, .predicate, .relation: 1
        case .negation(let body), .universal(_, let body), .existential(_, let body): 1 + body.size
        case .conjunction(let left, let right), .disjunction(let left, let right), .implication(let left, let right),
            .equivalence(let left, let right):
            1 + left.size + right.size
        }
    }

    /// Coq text, in parentheses where its precedence is above `limit`; printed as Coq prints goals.
    func text(limit: Int = 200) -> String {
        switch self {
        case .truth: return "True"
        case .falsity: return "False"
        case .atom(let name): return name
        case .predicate(let name, let arguments):
            return Term.call(name, arguments).text(limit: limit)
        case .relation(let relation, let left, let right, let sort):
            return relationText(relation, left, right, sort, limit)
        case .negation(let body): return wrap("~ \(body.text(limit: 75))", 75, limit)
        case .conjunction(let left, let right):
            if let chain = Self.chainText(left, right, limit) { return chain }
            return wrap("\(left.text(limit: 79)) /\\ \(right.text(limit: 80))", 80, limit)
        case .disjunction(let left, let right):
            return wrap("\(left.text(limit: 84)) \\/ \(right.text(limit: 85))", 85, limit)
        case .equivalence(let left, let right):
            return wrap("\(left.text(limit: 94)) <-> \(right.text(limit: 94))", 95, limit)
        case .implication(let left, let right):
            return wrap("\(left.text(limit: 98)) -> \(right.text(limit: 200))", 99, limit)
        case .universal(let binders, let body):
            return wrap("forall \(Self.text(of: binders)), \(body.text())", 200, limit)
        case .existential(let binders, let body):
            return wrap("exists \(Self.text(of: binders)), \(body.text())", 200, limit)
        }
    }

    /// `a < b <= c` for `a < b /\ b <= c`, as Coq abbreviates it.
    private static func chainText(_ left: Proposition, _ right: Proposition, _ limit: Int) -> String? {
        guard case .relation(let first, let low, let middle, let sort?) = left,
            case .relation(let second, let same, let high, sort) = right, middle == same,
            [.less, .atMost].contains(first), [.less, .atMost].contains(second)
        else { return nil }
        let texts = [low, middle, high].map { $0.text(limit: 69) }
        let body = "\(texts[0]) \(first.rawValue) \(texts[1]) \(second.rawValue) \(texts[2])"
        if let key = sort.scopeKey { return "(\(body))%\(key)" }
        return limit < 70 ? "(\(body))" : body
    }

    private func wrap(_ body: String, _ level: Int, _ limit: Int) -> String {
        limit < level ? "(\(body))" : body
    }

    private func relationText(
        _ relation: Relation, _ left: Term, _ right: Term, _ sort: NumberSort?, _ limit: Int
    ) -> String {
        switch relation {
        case .equal, .unequal:
            return wrap("\(left.scopedText(sort)) \(relation.rawValue) \(right.scopedText(sort))", 70, limit)
        case .divides:
            if sort == .openInteger { return "(\(left.text(limit: 99)) | \(right.text(limit: 99)))" }
            guard let key = sort?.scopeKey else {
                return Term.call("Nat.divide", [left, right]).text(limit: limit)
            }
            return "(\(left.text(limit: 99)) | \(right.text(limit: 99)))%\(key)"
        case .less, .atMost, .greater, .atLeast:
            let body = "\(left.text(limit: 69)) \(relation.rawValue) \(right.text(limit: 69))"
            if let key = sort?.scopeKey { return "(\(body))%\(key)" }
            return wrap(body, 70, limit)
        }
    }

    /// Binder groups: `x y : Z`, or `(T : Type) (x y : T)` for more than one group.
    static func text(of binders: [Binder]) -> String {
        var groups: [(names: [String], sort: Sort)] = []
        for binder in binders {
            if let last = groups.last, last.sort == binder.sort {
                groups[groups.count - 1].names.append(binder.name)
            } else {
                groups.append(([binder.name], binder.sort))
            }
        }
        let texts = groups.map { "\($0.names.joined(separator: " ")) : \($0.sort.text)" }
        return texts.count == 1 ? texts[0] : texts.map { "(\($0))" }.joined(separator: " ")
    }
}
