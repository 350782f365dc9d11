/// Statements whose proof is a choice of witnesses.
struct ExistentialFamily {
    let sort: NumberSort

    /// A true statement.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        let givenNames = Array(generator.element([["x", "y"], ["a", "b"], ["n", "m"]]).prefix(level <= 1 ? 1 : 2))
        let wantedNames = Array(generator.element([["k", "j"], ["u", "v"], ["z", "w"]]).prefix(level <= 2 ? 1 : 2))
        let all = givenNames + wantedNames
        var constraints: [Proposition] = []
        var hypotheses: [Proposition] = []
        for (index, _) in wantedNames.enumerated() {
            let witness = witness(givenNames.count, level, &generator)
            let padded = LinearForm(witness.coefficients + wantedNames.map { _ in 0 }, witness.constant)
            var target = -1 * padded
            target.coefficients[givenNames.count + index] += 1
            constraints += conditions(target, all, level, &generator)
        }
        if level >= 4, wantedNames.count == 2 { constraints.shuffle(using: &generator) }
        if level >= 3, generator.chance(0.4) { hypotheses = [given(givenNames, &generator)] }
        if level >= 5 || (level >= 4 && generator.chance(0.5)) {
            let bound = LinearForm([1] + givenNames.dropFirst().map { _ in 0 })
            let old = Binder(name: "t", sort: .number(sort))
            let sum = LinearForm(bound.coefficients + [-generator.integer(1...3)], -generator.integer(0...4))
            hypotheses.append(.existential([old], sum.comparison(.equal, givenNames + ["t"], sort, &generator)))
        }
        let wanted = wantedNames.map { Binder(name: $0, sort: .number(sort)) }
        var result = Sequent(
            binders: givenNames.map { Binder(name: $0, sort: .number(sort)) }, hypotheses: hypotheses,
            conclusion: .existential(wanted, .all(constraints)))
        if generator.chance(0.3), result.binders.count == 1, hypotheses.isEmpty {
            result = Sequent(conclusion: .universal(result.binders, result.conclusion))
        }
        return result.withoutUnusedBinders
    }

    /// A linear term in the given variables; for `nat` without negative parts.
    private func witness(_ count: Int, _ level: Int, _ generator: inout some RandomNumberGenerator) -> LinearForm {
        let low = sort == .natural ? 0 : -1
        let coefficients = (0..<count).map { _ in generator.integer(low...(level <= 2 ? 1 : 2)) }
        return LinearForm(coefficients, generator.integer((sort == .natural ? 0 : -4)...6))
    }

    /// Conditions that hold when `target` (wanted minus witness) is zero.
    private func conditions(
        _ target: LinearForm, _ names: [String], _ level: Int, _ generator: inout some RandomNumberGenerator
    ) -> [Proposition] {
        if level <= 1 { return [Self.solved(target, names, sort, &generator)] }
        let slack = LinearForm(target.coefficients.map { _ in 0 }, generator.integer(1...3))
        switch generator.integer(0...3) {
        case 0: return [(target + slack).comparison(.greater, names, sort, &generator)]
        case 1 where level >= 2:
            return [
                (target + slack).comparison(.greater, names, sort, &generator),
                ((-1) * target + slack).comparison(.greater, names, sort, &generator),
            ]
        default: return [target.comparison(.equal, names, sort, &generator)]
        }
    }

    /// `k = x + 3`, `x + 3 = k` or `x + 3 <= k`: the witness stands in the goal.
    private static func solved(
        _ target: LinearForm, _ names: [String], _ sort: NumberSort, _ generator: inout some RandomNumberGenerator
    ) -> Proposition {
        var rest = target
        rest.coefficients[names.count - 1] = 0
        let witness = ((-1) * rest).term(names)
        let wanted = Term.variable(names[names.count - 1])
        let relation = generator.weighted([(Relation.equal, 0.6), (.atMost, 0.2), (.atLeast, 0.2)])
        return generator.chance(0.5)
            ? .relation(relation, wanted, witness, sort) : .relation(relation, witness, wanted, sort)
    }

    private func given(_ names: [String], _ generator: inout some RandomNumberGenerator) -> Proposition {
        let coefficients = names.enumerated().map { $0.offset == 0 ? 1 : -1 }
        let form = LinearForm(coefficients, generator.integer(0...3))
        return form.comparison(.atLeast, names, sort, &generator)
    }
}
