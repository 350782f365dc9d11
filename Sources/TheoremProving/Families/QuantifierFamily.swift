/// Quantified statements: propositional sequents lifted to predicates.
///
/// A provable sequent over atoms stays provable when each atom becomes a predicate of one individual and
/// (a) everything is universal, (b) one hypothesis and the conclusion are existential, or (c) the
/// individual is a constant that universal hypotheses are used at.
struct QuantifierFamily {
    private static let predicates = [["P", "Q", "V", "W", "U"], ["F", "G", "H", "K", "L"]]

    /// A true statement, or nil when the tries ran out.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        guard let base = PropositionalFamily().sequent(level: max(1, level - 1), using: &generator) else { return nil }
        let names = generator.element(Self.predicates)
        let atoms = base.binders.map(\.name)
        let table = Dictionary(uniqueKeysWithValues: zip(atoms, names))
        let individual = generator.element(["x", "y", "a", "b"])
        func lifted(_ formula: Proposition, at name: String) -> Proposition {
            formula.mapLeaves { leaf in
                guard case .atom(let atom) = leaf else { return leaf }
                return .predicate(table[atom] ?? atom, [.variable(name)])
            }
        }
        let sort = generator.weighted([(Sort.individual, 0.8), (.number(.natural), 0.1), (.number(.integer), 0.1)])
        let predicateBinders = atoms.map { Binder(name: table[$0] ?? $0, sort: .function([sort], .proposition)) }
        let typeBinders = sort == .individual ? [Binder(name: "T", sort: .type)] : []
        var result = Sequent(binders: typeBinders + predicateBinders, conclusion: base.conclusion)
        let bound = [Binder(name: individual, sort: sort)]
        let mode = generator.integer(0...2)
        let special = base.hypotheses.isEmpty ? -1 : generator.integer(0...(base.hypotheses.count - 1))
        for (index, hypothesis) in base.hypotheses.enumerated() {
            let body = lifted(hypothesis, at: individual)
            let isInstance = mode == 2 && (index == special || generator.chance(0.4))
            if isInstance {
                result.hypotheses.append(body)
            } else if mode == 1 && index == special {
                result.hypotheses.append(.existential(bound, body))
            } else {
                result.hypotheses.append(universal(bound, body, &generator))
            }
        }
        let goal = lifted(base.conclusion, at: individual)
        switch mode {
        case 0: result.conclusion = universal(bound, goal, &generator)
        case 1 where special >= 0: result.conclusion = .existential(bound, goal)
        case 1: result.conclusion = .universal(bound, goal)
        default:
            result.binders.append(contentsOf: bound)
            result.conclusion = generator.chance(0.35) ? .existential(bound, goal) : goal
        }
        return result.withoutUnusedBinders
    }

    /// `forall x, body`; now and then `~ exists x, inner` for a body `~ inner`.
    private func universal(
        _ bound: [Binder], _ body: Proposition, _ generator: inout some RandomNumberGenerator
    ) -> Proposition {
        if case .negation(let inner) = body, generator.chance(0.4) { return .negation(.existential(bound, inner)) }
        return .universal(bound, body)
    }
}
