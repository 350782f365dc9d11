/// Linear arithmetic over one number type: the conclusion is a combination of the hypotheses with
/// non-negative weights (Farkas), or a coordinate of a linear system's only solution.
struct LinearFamily {
    let sort: NumberSort

    private static let pools = [
        ["x", "y", "z", "w"], ["a", "b", "c", "d"], ["m", "n", "k", "p"], ["u", "v", "s", "t"],
    ]

    /// A true statement, or nil when the tries ran out.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        for _ in 0..<50 {
            let isSystem = level >= 2 && generator.chance(0.3)
            let found = isSystem ? system(level: level, &generator) : combination(level: level, &generator)
            if let found { return found.withoutUnusedBinders }
        }
        return nil
    }

    private func names(_ count: Int, _ generator: inout some RandomNumberGenerator) -> [String] {
        Array(generator.element(Self.pools).prefix(count))
    }

    private func binders(_ names: [String]) -> [Binder] { names.map { Binder(name: $0, sort: .number(sort)) } }

    private func form(_ count: Int, _ generator: inout some RandomNumberGenerator) -> LinearForm {
        var coefficients = (0..<count).map { _ in
            generator.chance(0.35) ? 0 : generator.chance(0.6) ? (generator.chance(0.5) ? 1 : -1) : generator.nonZero(3)
        }
        if coefficients.allSatisfy({ $0 == 0 }) { coefficients[generator.integer(0...(count - 1))] = 1 }
        return LinearForm(coefficients, generator.chance(0.4) ? 0 : generator.nonZero(6))
    }

    /// Hypotheses `form >= 0`, `> 0` or `= 0` and a weighted sum of them as conclusion.
    private func combination(level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent? {
        let variables = names(level <= 1 ? generator.integer(1...2) : level <= 3 ? 2 : 3, &generator)
        let count = level <= 1 ? generator.integer(0...1) : level <= 2 ? generator.integer(1...2) : min(level, 4) - 1
        var total = LinearForm(variables.map { _ in 0 }, 0)
        var isStrict = false
        var hypotheses: [(form: LinearForm, relation: Relation)] = []
        for _ in 0..<count {
            let relation = generator.weighted([(Relation.equal, 0.25), (.atLeast, 0.4), (.greater, 0.35)])
            let form = form(variables.count, &generator)
            hypotheses.append((form, relation))
            let weight = level >= 4 ? generator.integer(1...2) : 1
            total = total + (relation == .equal && generator.chance(0.4) ? -weight : weight) * form
            if relation == .greater { isStrict = true }
        }
        if sort == .natural {
            total = total + LinearForm(variables.map { _ in generator.chance(0.4) ? 1 : 0 })
        } else if count == 0 {
            return nil
        }
        guard !total.isConstant, total.coefficients.allSatisfy({ abs($0) <= 9 }) else { return nil }
        let slack = generator.chance(0.5) ? 0 : generator.integer(1...4)
        let relation: Relation = isStrict || slack > 0 ? (generator.chance(0.7) ? .greater : .atLeast) : .atLeast
        let goalForm = total + LinearForm(variables.map { _ in 0 }, slack)
        if hypotheses.contains(where: { $0.form == goalForm && $0.relation == relation }) { return nil }
        let texts = hypotheses.map { $0.form.comparison($0.relation, variables, sort, &generator) }
        let goal = goalForm.comparison(relation, variables, sort, &generator)
        var result = Sequent(binders: binders(variables), hypotheses: texts, conclusion: goal)
        wrap(&result, hypotheses, variables, level, &generator)
        return result
    }

    /// Adds logical structure that keeps the statement true.
    private func wrap(
        _ result: inout Sequent, _ forms: [(form: LinearForm, relation: Relation)], _ variables: [String], _ level: Int,
        _ generator: inout some RandomNumberGenerator
    ) {
        if level >= 3, let index = forms.indices.randomElement(using: &generator), generator.chance(0.4) {
            let (form, relation) = forms[index]
            let stronger = form + LinearForm(variables.map { _ in 0 }, -generator.integer(1...3))
            let other = stronger.comparison(relation == .equal ? .equal : .atLeast, variables, sort, &generator)
            if relation != .equal { result.hypotheses[index] = .disjunction(result.hypotheses[index], other) }
        }
        if level >= 2, result.hypotheses.count >= 2, generator.chance(0.35) {
            let first = result.hypotheses.removeFirst()
            result.hypotheses[0] = .conjunction(first, result.hypotheses[0])
        }
        if level >= 2 {
            let junk = form(variables.count, &generator).comparison(.atLeast, variables, sort, &generator)
            switch generator.integer(0...9) {
            case 0: result.conclusion = .disjunction(result.conclusion, junk)
            case 1: result.conclusion = .disjunction(junk, result.conclusion)
            case 2 where !result.hypotheses.isEmpty:
                result.conclusion = .conjunction(result.conclusion, generator.element(result.hypotheses))
            case 4:
                if case .relation(let relation, let left, let right, let sort) = result.conclusion,
                    let opposite = Self.opposite(relation)
                {
                    result.conclusion = .negation(.relation(opposite, left, right, sort))
                }
            default: break
            }
        }
    }

    /// The relation that holds exactly where `relation` fails, for total orders.
    static func opposite(_ relation: Relation) -> Relation? {
        switch relation {
        case .less: .atLeast
        case .atMost: .greater
        case .greater: .atMost
        case .atLeast: .less
        case .equal, .unequal, .divides: nil
        }
    }

    /// Equations with one solution; the conclusion states a coordinate or a form's value at it.
    private func system(level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent? {
        let variables = names(level <= 3 ? 2 : 3, &generator)
        let low = sort == .natural ? 0 : -6
        let point = variables.map { _ in generator.integer(low...9) }
        var rows: [[Int]] = []
        for _ in variables { rows.append(variables.map { _ in generator.chance(0.25) ? 0 : generator.nonZero(3) }) }
        guard Self.determinant(rows) != 0 else { return nil }
        let equations = rows.map { row in
            LinearForm(row, -LinearForm(row).value(point)).comparison(.equal, variables, sort, &generator)
        }
        let index = generator.integer(0...(variables.count - 1))
        let facts = variables.indices.map {
            Proposition.relation(.equal, .variable(variables[$0]), .numeral(point[$0]), sort)
        }
        let goal: Proposition
        switch generator.integer(0...2) {
        case 0: goal = facts[index]
        case 1: goal = .all(facts)
        default:
            let target = LinearForm(variables.map { _ in generator.integer(0...2) })
            if target.isConstant || target.value(point) < low { return nil }
            goal = .relation(.equal, target.term(variables), .numeral(target.value(point)), sort)
        }
        return Sequent(binders: binders(variables), hypotheses: equations, conclusion: goal)
    }

    /// Determinant of a 2x2 or 3x3 integer matrix.
    static func determinant(_ rows: [[Int]]) -> Int {
        if rows.count == 2 { return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0] }
        precondition(rows.count == 3, "determinant of \(rows.count) rows; only 2 and 3 are supported")
        func minor(_ i: Int, _ j: Int) -> Int { rows[1][i] * rows[2][j] - rows[1][j] * rows[2][i] }
        return rows[0][0] * minor(1, 2) - rows[0][1] * minor(0, 2) + rows[0][2] * minor(0, 1)
    }
}
