extension Proposition {
    /// Rebuilds the formula with `leaf` applied to its leaves (atoms, predicates, relations).
    func mapLeaves(_ leaf: (Proposition) -> Proposition) -> Proposition {
        switch self {
        case .truth, .falsity: self
        case .atom, .predicate, .relation: leaf(self)
        case .negation(let body): .negation(body.mapLeaves(leaf))
        case .conjunction(let left, let right): .conjunction(left.mapLeaves(leaf), right.mapLeaves(leaf))
        case .disjunction(let left, let right): .disjunction(left.mapLeaves(leaf), right.mapLeaves(leaf))
        case .implication(let left, let right): .implication(left.mapLeaves(leaf), right.mapLeaves(leaf))
        case .equivalence(let left, let right): .equivalence(left.mapLeaves(leaf), right.mapLeaves(leaf))
        case .universal(let binders, let body): .universal(binders, body.mapLeaves(leaf))
        case .existential(let binders, let body): .existential(binders, body.mapLeaves(leaf))
        }
    }

    /// The formula with each name, bound ones included, sent through `rename`.
    func renamed(_ rename: (String) -> String) -> Proposition {
        switch self {
        case .truth, .falsity: self
        case .atom(let name): .atom(rename(name))
        case .predicate(let name, let arguments): .predicate(rename(name), arguments.map { $0.renamed(rename) })
        case .relation(let relation, let left, let right, let sort):
            .relation(relation, left.renamed(rename), right.renamed(rename), sort)
        case .negation(let body): .negation(body.renamed(rename))
        case .conjunction(let left, let right): .conjunction(left.renamed(rename), right.renamed(rename))
        case .disjunction(let left, let right): .disjunction(left.renamed(rename), right.renamed(rename))
        case .implication(let left, let right): .implication(left.renamed(rename), right.renamed(rename))
        case .equivalence(let left, let right): .equivalence(left.renamed(rename), right.renamed(rename))
        case .universal(let binders, let body):
            .universal(binders.map { Binder(name: rename($0.name), sort: $0.sort) }, body.renamed(rename))
        case .existential(let binders, let body):
            .existential(binders.map { Binder(name: rename($0.name), sort: $0.sort) }, body.renamed(rename))
        }
    }

    /// Numerals of the formula, in reading order.
    var numerals: [Int] {
        var found: [Int] = []
        _ = mapNumerals {
            found.append($0)
            return $0
        }
        return found
    }

    /// The formula with `change` applied to each numeral, in reading order.
    func mapNumerals(_ change: (Int) -> Int) -> Proposition {
        mapLeaves { leaf in
            switch leaf {
            case .relation(let relation, let left, let right, let sort):
                .relation(relation, left.mapNumerals(change), right.mapNumerals(change), sort)
            case .predicate(let name, let arguments): .predicate(name, arguments.map { $0.mapNumerals(change) })
            default: leaf
            }
        }
    }

    /// Names in order of appearance, bound ones included.
    var names: [String] {
        var found: [String] = []
        _ = renamed {
            found.append($0)
            return $0
        }
        return found
    }

    /// Variables that quantifiers inside the formula bind.
    var quantified: [Binder] {
        switch self {
        case .truth, .falsity, .atom, .predicate, .relation: []
        case .negation(let body): body.quantified
        case .universal(let binders, let body), .existential(let binders, let body): binders + body.quantified
        case .conjunction(let left, let right), .disjunction(let left, let right), .implication(let left, let right),
            .equivalence(let left, let right):
            left.quantified + right.quantified
        }
    }

    /// A conjunction of all parts, nested to the right; `True` for none.
    static func all(_ parts: [Proposition]) -> Proposition {
        guard let last = parts.last else { return .truth }
        return parts.dropLast().reversed().reduce(last) { .conjunction($1, $0) }
    }
}
