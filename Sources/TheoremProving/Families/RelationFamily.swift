/// Statements about an abstract relation, an abstract function, or equality of individuals.
struct RelationFamily {
    private let x = Term.variable("x")
    private let y = Term.variable("y")
    private let z = Term.variable("z")

    /// A true statement.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        let kind = generator.integer(0...9)
        if level >= 2 && kind < 3 { return properties(level: level, &generator) }
        return kind < 7 ? chain(level: level, &generator) : function(level: level, &generator)
    }

    private func bound(_ names: String...) -> [Binder] { names.map { Binder(name: $0, sort: .individual) } }

    private func relationBinders(_ relation: String) -> [Binder] {
        let sort = Sort.function([.individual, .individual], .proposition)
        return [Binder(name: "T", sort: .type), Binder(name: relation, sort: sort)]
    }

    private func law(_ name: String, _ relation: String) -> Proposition {
        func related(_ left: Term, _ right: Term) -> Proposition { .predicate(relation, [left, right]) }
        switch name {
        case "reflexive": return .universal(bound("x"), related(x, x))
        case "irreflexive": return .universal(bound("x"), .negation(related(x, x)))
        case "symmetric": return .universal(bound("x", "y"), .implication(related(x, y), related(y, x)))
        case "asymmetric": return .universal(bound("x", "y"), .implication(related(x, y), .negation(related(y, x))))
        case "serial": return .universal(bound("x"), .existential(bound("y"), related(x, y)))
        case "transitive":
            return .universal(
                bound("x", "y", "z"), .implication(related(x, y), .implication(related(y, z), related(x, z))))
        case "left euclidean":
            return .universal(
                bound("x", "y", "z"), .implication(related(x, z), .implication(related(y, z), related(x, y))))
        default:
            return .universal(
                bound("x", "y", "z"), .implication(related(x, y), .implication(related(x, z), related(y, z))))
        }
    }

    /// One of the classical implications between properties of relations.
    private func properties(level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let rules: [(level: Int, given: [String], goal: String)] = [
            (2, ["asymmetric"], "irreflexive"),
            (3, ["irreflexive", "transitive"], "asymmetric"),
            (3, ["symmetric", "transitive"], "euclidean"),
            (3, ["symmetric", "transitive"], "left euclidean"),
            (3, ["reflexive", "euclidean"], "symmetric"),
            (3, ["symmetric", "euclidean"], "transitive"),
            (4, ["reflexive", "euclidean"], "transitive"),
            (4, ["reflexive", "left euclidean"], "symmetric"),
            (5, ["symmetric", "transitive", "serial"], "reflexive"),
            (5, ["reflexive", "euclidean"], "left euclidean"),
        ]
        let rule = generator.element(rules.filter { $0.level <= level })
        let relation = generator.element(["S", "Q", "E", "le"])
        let given = rule.given.shuffled(using: &generator).map { law($0, relation) }
        return Sequent(binders: relationBinders(relation), hypotheses: given, conclusion: law(rule.goal, relation))
    }

    /// A path of related individuals, some steps turned round where the relation is symmetric.
    private func chain(level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let relation = generator.element(["S", "Q", "E", "le"])
        let names = Array(generator.element([["a", "b", "c", "d", "e"], ["p", "q", "r", "s", "t"]]))
        let steps = min(level <= 2 ? level : level - 1, 4)
        let isSymmetric = level == 1 || generator.chance(0.4)
        var result = Sequent(binders: relationBinders(relation), conclusion: .truth)
        result.binders += names.prefix(steps + 1).map { Binder(name: $0, sort: .individual) }
        if steps > 1 { result.hypotheses.append(law("transitive", relation)) }
        if isSymmetric { result.hypotheses.append(law("symmetric", relation)) }
        result.hypotheses.shuffle(using: &generator)
        var facts: [Proposition] = []
        for step in 0..<steps {
            let ends = [Term.variable(names[step]), Term.variable(names[step + 1])]
            let isTurned = isSymmetric && (steps == 1 || generator.chance(0.5))
            facts.append(.predicate(relation, isTurned ? ends.reversed() : ends))
        }
        result.hypotheses += facts.shuffled(using: &generator)
        result.conclusion = .predicate(relation, [.variable(names[0]), .variable(names[steps])])
        return result
    }

    /// Equations with an abstract function: injectivity, composition, rewriting.
    private func function(level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let name = generator.element(["f", "g", "h"])
        func apply(_ times: Int, _ term: Term) -> Term {
            (0..<times).reduce(term) { inner, _ in .call(name, [inner]) }
        }
        func equal(_ left: Term, _ right: Term) -> Proposition { .relation(.equal, left, right, nil) }
        let sort = Sort.function([.individual], .individual)
        var result = Sequent(
            binders: [Binder(name: "T", sort: .type), Binder(name: name, sort: sort)], conclusion: .truth)
        let a = Term.variable("a")
        let b = Term.variable("b")
        let period = generator.integer(1...(level >= 3 ? 3 : 2))
        switch generator.integer(0...2) {
        case 0:
            result.binders += bound("a", "b")
            result.hypotheses = [equal(a, b)].map { generator.chance(0.5) ? $0 : swapped($0) }
            result.conclusion = equal(apply(period, a), apply(period, b))
        case 1:
            result.hypotheses = [.universal(bound("x"), equal(apply(period, x), x))]
            let times = period * generator.integer(1...(level >= 3 ? 3 : 2))
            result.conclusion = .universal(
                bound("x"), equal(apply(times + (level >= 2 ? 1 : 0), x), apply(level >= 2 ? 1 : 0, x)))
        default:
            let injective = Proposition.universal(
                bound("x", "y"), .implication(equal(apply(1, x), apply(1, y)), equal(x, y)))
            result.hypotheses = [injective]
            result.binders += bound("a", "b")
            result.hypotheses.append(equal(apply(period, a), apply(period, b)))
            result.conclusion = equal(a, b)
        }
        return result.withoutUnusedBinders
    }

    private func swapped(_ formula: Proposition) -> Proposition {
        guard case .relation(let relation, let left, let right, let sort) = formula,
            let converse = relation.converse
        else { return formula }
        return .relation(converse, right, left, sort)
    }
}
