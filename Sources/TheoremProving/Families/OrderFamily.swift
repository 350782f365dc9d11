/// Chains of `<`, `<=` and `=` over numbers, with total-order and negation steps.
struct OrderFamily {
    let sort: NumberSort

    private static let pools = [["a", "b", "c", "d", "e"], ["x", "y", "z", "u", "v"], ["i", "j", "k", "l", "m"]]

    /// A true statement.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        let variables = generator.element(Self.pools).map(Term.variable)
        if generator.chance(0.25) { return law(level: level, variables, &generator) }
        let steps = level <= 1 ? 1 : min(level, 4)
        var facts: [Proposition] = []
        var isStrict = false
        for step in 0..<steps {
            let relation = generator.weighted([(Relation.less, 0.4), (.atMost, 0.45), (.equal, 0.15)])
            if relation == .less { isStrict = true }
            facts.append(fact(relation, variables[step], variables[step + 1], level, &generator))
        }
        facts.shuffle(using: &generator)
        if level >= 2, facts.count >= 2, generator.chance(0.3) {
            let last = facts.removeLast()
            facts[facts.count - 1] = .conjunction(facts[facts.count - 1], last)
        }
        let (first, last) = (variables[0], variables[steps])
        let goal: Proposition
        switch generator.integer(0...4) {
        case 0: goal = .negation(.relation(isStrict ? .atMost : .less, last, first, sort))
        case 1 where isStrict: goal = .relation(.unequal, first, last, sort)
        case 2 where level >= 3:
            goal = .disjunction(
                .relation(isStrict ? .less : .atMost, first, last, sort), .relation(.equal, first, last, sort))
        default: goal = .relation(isStrict ? .less : .atMost, first, last, sort)
        }
        return bound(Sequent(hypotheses: facts, conclusion: goal), variables)
    }

    private func bound(_ sequent: Sequent, _ variables: [Term]) -> Sequent {
        var result = sequent
        result.binders = variables.compactMap { term in
            guard case .variable(let name) = term else { return nil }
            return Binder(name: name, sort: .number(sort))
        }
        return result.withoutUnusedBinders
    }

    private func fact(
        _ relation: Relation, _ left: Term, _ right: Term, _ level: Int, _ generator: inout some RandomNumberGenerator
    ) -> Proposition {
        if relation != .equal, level >= 2, generator.chance(0.25) {
            return .negation(.relation(relation == .less ? .atMost : .less, right, left, sort))
        }
        if generator.chance(0.2), let converse = relation.converse { return .relation(converse, right, left, sort) }
        return .relation(relation, left, right, sort)
    }

    /// Trichotomy, antisymmetry, irreflexivity and monotony.
    private func law(level: Int, _ names: [Term], _ generator: inout some RandomNumberGenerator) -> Sequent {
        let (a, b, c) = (names[0], names[1], names[2])
        func relation(_ kind: Relation, _ left: Term, _ right: Term) -> Proposition {
            .relation(kind, left, right, sort)
        }
        let one = Term.numeral(generator.integer(1...5))
        let easy: [Sequent] = [
            Sequent(conclusion: relation(.atMost, a, a)),
            Sequent(conclusion: .negation(relation(.less, a, a))),
            Sequent(conclusion: relation(.less, a, a + one)),
            Sequent(hypotheses: [relation(.less, a, b)], conclusion: relation(.atMost, a, b)),
            Sequent(hypotheses: [relation(.equal, a, b)], conclusion: relation(.atMost, a, b)),
        ]
        let hard: [Sequent] = [
            Sequent(conclusion: .disjunction(relation(.atMost, a, b), relation(.less, b, a))),
            Sequent(conclusion: .disjunction(relation(.atMost, a, b), relation(.atMost, b, a))),
            Sequent(
                conclusion: .disjunction(
                    relation(.less, a, b), .disjunction(relation(.equal, a, b), relation(.less, b, a)))),
            Sequent(
                hypotheses: [relation(.atMost, a, b), relation(.atMost, b, a)], conclusion: relation(.equal, a, b)),
            Sequent(hypotheses: [relation(.less, a, b)], conclusion: .negation(relation(.less, b, a))),
            Sequent(hypotheses: [relation(.atMost, a, b)], conclusion: relation(.atMost, a + c, b + c)),
            Sequent(
                conclusion: .equivalence(relation(.less, a + c, b + c), relation(.less, a, b))),
            Sequent(
                conclusion: .equivalence(.negation(relation(.less, a, b)), relation(.atMost, b, a))),
            Sequent(
                hypotheses: [relation(.atMost, a, b)],
                conclusion: .disjunction(relation(.less, a, b), relation(.equal, a, b))),
            Sequent(
                hypotheses: [relation(.unequal, a, b)],
                conclusion: .disjunction(relation(.less, a, b), relation(.less, b, a))),
        ]
        return bound(generator.element(level <= 1 ? easy : hard), [a, b, c])
    }
}
