/// Divisibility over nat or Z, parity, and remainders written as equations.
struct DivisibilityFamily {
    let sort: NumberSort

    init(sort: NumberSort) {
        precondition(sort != .real, "divisibility is generated over nat and Z only")
        self.sort = sort
    }

    /// A true statement.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        var result: Sequent
        switch generator.integer(0...9) {
        case 0...1: result = numeric(level, &generator)
        case 2...4: result = combination(level, &generator)
        case 5...6: result = chain(level, &generator)
        default: result = parity(level, &generator)
        }
        result.binders = Set((result.hypotheses + [result.conclusion]).flatMap(\.names)).sorted()
            .filter { !Self.bound.contains($0) }
            .map { Binder(name: $0, sort: .number(sort)) }
        return result
    }

    private static let bound: Set<String> = ["k", "j"]

    private func divides(_ left: Term, _ right: Term) -> Proposition { .relation(.divides, left, right, sort) }

    /// `(d | a)`, or the same with the existential written out.
    private func claim(_ divisor: Term, _ term: Term, _ generator: inout some RandomNumberGenerator) -> Proposition {
        if generator.chance(0.65) { return divides(divisor, term) }
        let name = generator.element(["k", "j"])
        let product = generator.chance(0.5) ? divisor * .variable(name) : .variable(name) * divisor
        return .existential([Binder(name: name, sort: .number(sort))], .relation(.equal, term, product, sort))
    }

    private func numeric(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let divisor = generator.integer(2...(3 + 2 * level))
        let times = generator.integer(1...(4 + 3 * level))
        let n = Term.variable("n")
        if generator.chance(0.5) {
            let factor = divisor * generator.integer(1...4)
            return Sequent(conclusion: claim(.numeral(divisor), .numeral(factor) * n, &generator))
        }
        return Sequent(conclusion: claim(.numeral(divisor), .numeral(divisor * times), &generator))
    }

    private func combination(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let divisor = generator.chance(0.6) ? Term.variable("d") : .numeral(generator.integer(2...9))
        let names = Array(generator.element([["a", "b", "c"], ["x", "y", "z"], ["m", "n", "p"]]))
        let count = level <= 1 ? 1 : level <= 3 ? 2 : 3
        var sum: Term?
        for name in names.prefix(count) {
            let factor = generator.integer(1...(level <= 2 ? 1 : 4))
            let variable = Term.variable(name)
            var part: Term = factor == 1 ? variable : .numeral(factor) * variable
            if level == 1 {
                part = generator.chance(0.5) ? .numeral(generator.integer(2...5)) * variable : variable * .variable("w")
            }
            if let before = sum {
                sum = sort == .integer && generator.chance(0.35) ? before - part : before + part
            } else {
                sum = part
            }
        }
        let facts = names.prefix(count).map { claim(divisor, .variable($0), &generator) }
        return Sequent(
            hypotheses: facts.shuffled(using: &generator), conclusion: claim(divisor, sum ?? .numeral(0), &generator))
    }

    private func chain(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let (a, b, c, d) = (Term.variable("a"), Term.variable("b"), Term.variable("c"), Term.variable("d"))
        switch generator.integer(0...min(level, 5)) {
        case 0: return Sequent(conclusion: claim(a, a, &generator))
        case 1: return Sequent(conclusion: claim(a, generator.chance(0.5) ? a * b : b * a, &generator))
        case 2:
            return Sequent(
                hypotheses: [claim(a, b, &generator), claim(b, c, &generator)], conclusion: claim(a, c, &generator))
        case 3: return Sequent(hypotheses: [claim(a * b, c, &generator)], conclusion: claim(a, c, &generator))
        case 4:
            return Sequent(
                hypotheses: [claim(a, b, &generator), claim(c, d, &generator)],
                conclusion: claim(a * c, b * d, &generator))
        default:
            return Sequent(
                hypotheses: [claim(a, b, &generator), claim(b, c, &generator), claim(a, d, &generator)],
                conclusion: claim(a, c + d, &generator))
        }
    }

    /// Sums and products of even and odd numbers, each written as an existential.
    private func parity(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        func residue(_ term: Term, _ value: Int) -> Proposition {
            let k = Term.variable("k")
            let body = value == 0 ? .numeral(2) * k : .numeral(2) * k + .numeral(value)
            return .existential([Binder(name: "k", sort: .number(sort))], .relation(.equal, term, body, sort))
        }
        let names = generator.element([["a", "b", "c"], ["m", "n", "p"]])
        let count = level <= 1 ? 1 : level <= 3 ? 2 : 3
        let residues = (0..<count).map { _ in generator.integer(0...1) }
        let isProduct = level >= 3 && generator.chance(0.4)
        let terms = names.prefix(count).map(Term.variable)
        let goal: Proposition
        if count == 1 {
            let shift = generator.integer(1...5)
            goal = residue(terms[0] + .numeral(shift), (residues[0] + shift) % 2)
        } else {
            let term = terms.dropFirst().reduce(terms[0]) { isProduct ? $0 * $1 : $0 + $1 }
            let value = isProduct ? residues.reduce(1, *) : residues.reduce(0, +) % 2
            goal = residue(term, value)
        }
        return Sequent(hypotheses: zip(terms, residues).map { residue($0, $1) }, conclusion: goal)
    }
}
