import Randomness

/// Polynomial identities and inequalities that follow from squares.
struct PolynomialFamily {
    let sort: NumberSort

    private static let pools = [["x", "y", "z"], ["a", "b", "c"], ["u", "v", "w"]]

    /// A term with the polynomial it denotes.
    private struct Value {
        var term: Term
        var polynomial: Polynomial

        static func * (left: Value, right: Value) -> Value {
            Value(term: left.term * right.term, polynomial: left.polynomial * right.polynomial)
        }

        static func + (left: Value, right: Value) -> Value {
            Value(term: left.term + right.term, polynomial: left.polynomial + right.polynomial)
        }
    }

    /// A true identity, or nil when the tries ran out.
    func identity(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        let names = Array(
            generator.element(Self.pools).prefix(level <= 2 ? generator.integer(1...2) : generator.integer(2...3)))
        let usesPowers = sort != .natural && generator.chance(0.4)
        for _ in 0..<20 {
            var left = factor(names, &generator)
            let factors = level <= 1 ? 1 : level <= 4 ? 2 : 3
            if factors == 1 {
                left = left * factor(names, &generator, isSmall: true)
            } else if usesPowers && generator.chance(0.5) {
                left = power(left, factors)
            } else {
                for _ in 1..<factors { left = left * factor(names, &generator) }
            }
            if level >= 3, generator.chance(0.5) { left = left + factor(names, &generator) * factor(names, &generator) }
            guard left.polynomial.largestCoefficient <= 60 else { continue }
            let right = left.polynomial.term(names, usesPowers: usesPowers, &generator)
            guard right != left.term else { continue }
            let sides = generator.chance(0.8) ? (left.term, right) : (right, left.term)
            return Sequent(
                binders: names.map { Binder(name: $0, sort: .number(sort)) },
                conclusion: .relation(.equal, sides.0, sides.1, sort)
            ).withoutUnusedBinders
        }
        return nil
    }

    private func power(_ base: Value, _ exponent: Int) -> Value {
        let polynomial = (1..<exponent).reduce(base.polynomial) { product, _ in product * base.polynomial }
        return Value(term: .binary(.power, base.term, .numeral(exponent)), polynomial: polynomial)
    }

    /// A linear factor such as `x + 2 * y - 1`; for `nat` without subtraction.
    private func factor(
        _ names: [String], _ generator: inout some RandomNumberGenerator, isSmall: Bool = false
    ) -> Value {
        let count = names.count
        func variable(_ index: Int) -> Value {
            Value(term: .variable(names[index]), polynomial: Polynomial(variable: index, variableCount: count))
        }
        let order = generator.permutation(of: count)
        let first = variable(order[0])
        if isSmall { return generator.chance(0.5) ? first : constant(generator.integer(2...6), count) }
        let second = count > 1 && generator.chance(0.5) ? variable(order[1]) : constant(generator.integer(1...5), count)
        guard sort != .natural, generator.chance(0.4) else { return first + second }
        let negative = Polynomial(constant: -1, variableCount: count) * second.polynomial
        return Value(term: first.term - second.term, polynomial: first.polynomial + negative)
    }

    private func constant(_ value: Int, _ count: Int) -> Value {
        Value(term: .numeral(value), polynomial: Polynomial(constant: value, variableCount: count))
    }

    /// A true inequality: a sum of squares of linear forms is not negative; or products of signed factors.
    func inequality(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        let names = Array(generator.element(Self.pools).prefix(level <= 1 ? 1 : level <= 3 ? 2 : 3))
        let binders = names.map { Binder(name: $0, sort: .number(sort)) }
        if sort == .natural || generator.chance(0.4) { return signs(names, binders, level, &generator) }
        var total = Polynomial(constant: level <= 2 ? 0 : generator.integer(0...3), variableCount: names.count)
        for _ in 0..<(level <= 2 ? 1 : 2) {
            let base = level <= 2 ? difference(names, &generator) : factor(names, &generator)
            total = total + base.polynomial * base.polynomial
        }
        guard total.largestCoefficient <= 30 else { return nil }
        let usesPowers = generator.chance(0.4)
        let positive = Polynomial.positivePart(total), negative = Polynomial.negativePart(total)
        let left = negative.term(names, usesPowers: usesPowers, &generator)
        let right = positive.term(names, usesPowers: usesPowers, &generator)
        return Sequent(binders: binders, conclusion: .relation(.atMost, left, right, sort)).withoutUnusedBinders
    }

    /// `x - y`, or `x` where there is one variable.
    private func difference(_ names: [String], _ generator: inout some RandomNumberGenerator) -> Value {
        let order = generator.permutation(of: names.count)
        let values = order.map {
            Value(term: .variable(names[$0]), polynomial: Polynomial(variable: $0, variableCount: names.count))
        }
        guard values.count > 1 else { return values[0] }
        let factor = Polynomial(
            constant: generator.chance(0.5) ? -1 : generator.integer(1...2), variableCount: names.count)
        return Value(term: values[0].term, polynomial: values[0].polynomial + factor * values[1].polynomial)
    }

    private func signs(
        _ names: [String], _ binders: [Binder], _ level: Int, _ generator: inout some RandomNumberGenerator
    ) -> Sequent {
        let variables = names.map(Term.variable)
        let isStrict = generator.chance(0.4) && sort != .natural
        let relation: Relation = isStrict ? .less : .atMost
        let facts = sort == .natural ? [] : variables.map { Proposition.relation(relation, .numeral(0), $0, sort) }
        let product =
            variables.count == 1 ? variables[0] * variables[0] : variables.dropFirst().reduce(variables[0]) { $0 * $1 }
        let shift = generator.integer(1...4)
        let goal: Proposition
        switch generator.integer(0...2) {
        case 0: goal = .relation(relation, .numeral(0), product, sort)
        case 1: goal = .relation(relation, .numeral(0), product + generator.element(variables), sort)
        default: goal = .relation(.atMost, variables[0], product + variables[0] + .numeral(shift), sort)
        }
        return Sequent(binders: binders, hypotheses: facts, conclusion: goal).withoutUnusedBinders
    }
}
