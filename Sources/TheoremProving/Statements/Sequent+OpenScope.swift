extension Sequent {
    /// The number sort that all variables have, where it is Z or R and the statement has no other sort.
    var onlyNumberSort: NumberSort? {
        var sorts: Set<NumberSort> = []
        var isPure = true
        func visit(_ sort: Sort) {
            switch sort {
            case .number(let number): sorts.insert(number)
            case .function(let arguments, let result): (arguments + [result]).forEach(visit)
            case .proposition, .type, .individual: isPure = false
            }
        }
        binders.map(\.sort).forEach(visit)
        for formula in hypotheses + [conclusion] {
            _ = formula.mapSorts { sort in
                sorts.insert(sort)
                return sort
            }
        }
        guard isPure, sorts.count == 1, let only = sorts.first, only == .integer || only == .real else { return nil }
        return only
    }

    /// The same statement, to be printed where the scope of its numbers is open.
    var inOpenScope: Sequent {
        Sequent(
            binders: binders.map { Binder(name: $0.name, sort: Self.opened($0.sort)) },
            hypotheses: hypotheses.map { $0.mapSorts(\.opened) }, conclusion: conclusion.mapSorts(\.opened))
    }

    fileprivate static func opened(_ sort: Sort) -> Sort {
        switch sort {
        case .number(let number): .number(number.opened)
        case .function(let arguments, let result): .function(arguments.map(opened), opened(result))
        case .proposition, .type, .individual: sort
        }
    }
}

extension Proposition {
    /// The formula with `change` applied to the number sort of each relation and bound variable.
    fileprivate func mapSorts(_ change: (NumberSort) -> NumberSort) -> Proposition {
        switch self {
        case .truth, .falsity, .atom, .predicate: self
        case .relation(let relation, let left, let right, let sort): .relation(relation, left, right, sort.map(change))
        case .negation(let body): .negation(body.mapSorts(change))
        case .conjunction(let left, let right): .conjunction(left.mapSorts(change), right.mapSorts(change))
        case .disjunction(let left, let right): .disjunction(left.mapSorts(change), right.mapSorts(change))
        case .implication(let left, let right): .implication(left.mapSorts(change), right.mapSorts(change))
        case .equivalence(let left, let right): .equivalence(left.mapSorts(change), right.mapSorts(change))
        case .universal(let binders, let body): .universal(Self.map(binders, change), body.mapSorts(change))
        case .existential(let binders, let body): .existential(Self.map(binders, change), body.mapSorts(change))
        }
    }

    private static func map(_ binders: [Binder], _ change: (NumberSort) -> NumberSort) -> [Binder] {
        binders.map { binder in
            guard case .number(let sort) = binder.sort else { return binder }
            return Binder(name: binder.name, sort: .number(change(sort)))
        }
    }
}
