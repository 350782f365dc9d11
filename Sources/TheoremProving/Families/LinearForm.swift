/// A linear form `sum of coefficients[i] * variables[i] + constant` over integers.
struct LinearForm: Hashable, Sendable {
    var coefficients: [Int]
    var constant: Int

    init(_ coefficients: [Int], _ constant: Int = 0) {
        self.coefficients = coefficients
        self.constant = constant
    }

    var isConstant: Bool { coefficients.allSatisfy { $0 == 0 } }

    static func + (left: LinearForm, right: LinearForm) -> LinearForm {
        LinearForm(zip(left.coefficients, right.coefficients).map { $0 + $1 }, left.constant + right.constant)
    }

    static func * (factor: Int, form: LinearForm) -> LinearForm {
        LinearForm(form.coefficients.map { factor * $0 }, factor * form.constant)
    }

    /// Value at a point with one entry a variable.
    func value(_ point: [Int]) -> Int { zip(coefficients, point).reduce(constant) { $0 + $1.0 * $1.1 } }

    /// The form as a term, negative parts by subtraction; all coefficients must be at least 0 for `nat`.
    func term(_ names: [String]) -> Term {
        var result: Term?
        for (coefficient, name) in zip(coefficients, names) where coefficient != 0 {
            let size = abs(coefficient)
            let part = size == 1 ? Term.variable(name) : .numeral(size) * .variable(name)
            if let sum = result {
                result = coefficient > 0 ? sum + part : sum - part
            } else {
                result = coefficient > 0 ? part : .negated(part)
            }
        }
        guard let sum = result else { return .numeral(constant) }
        if constant == 0 { return sum }
        return constant > 0 ? sum + .numeral(constant) : sum - .numeral(-constant)
    }

    /// `form = 0`, `form >= 0` or `form > 0` as a relation between two sides without negative coefficients,
    /// now and then turned round or, outside `nat`, with a term moved to the other side.
    ///
    /// - Parameters:
    ///   - relation: `.equal`, `.atLeast` or `.greater`.
    ///   - names: a variable for each coefficient.
    ///   - sort: number type of the variables.
    ///   - generator: decides how it is written.
    /// - Returns: an equivalent relation.
    func comparison(
        _ relation: Relation, _ names: [String], _ sort: NumberSort, _ generator: inout some RandomNumberGenerator
    ) -> Proposition {
        var large = LinearForm(coefficients.map { max($0, 0) }, max(constant, 0))
        var small = LinearForm(coefficients.map { max(-$0, 0) }, max(-constant, 0))
        let movable = large.coefficients.indices.filter { large.coefficients[$0] != 0 }
        if sort != .natural, movable.count > 1, generator.chance(0.3) {
            let index = generator.element(movable)
            let others = small.coefficients.contains { $0 != 0 }
            if others {
                small.coefficients[index] = -large.coefficients[index]
                large.coefficients[index] = 0
            }
        }
        let (left, right) = (large.term(names), small.term(names))
        if relation == .equal {
            return generator.chance(0.7) || small.isConstant
                ? .relation(.equal, left, right, sort) : .relation(.equal, right, left, sort)
        }
        if generator.chance(0.75), let converse = relation.converse { return .relation(converse, right, left, sort) }
        return .relation(relation, left, right, sort)
    }
}
