/// A polynomial with integer coefficients; keys are exponents, one a variable.
struct Polynomial: Hashable, Sendable {
    private(set) var coefficients: [[Int]: Int]
    let variableCount: Int

    init(constant: Int, variableCount: Int) {
        coefficients = constant == 0 ? [:] : [Array(repeating: 0, count: variableCount): constant]
        self.variableCount = variableCount
    }

    init(variable: Int, variableCount: Int) {
        var exponents = Array(repeating: 0, count: variableCount)
        exponents[variable] = 1
        coefficients = [exponents: 1]
        self.variableCount = variableCount
    }

    static func + (left: Polynomial, right: Polynomial) -> Polynomial {
        var result = left
        for (key, value) in right.coefficients { result.add(value, key) }
        return result
    }

    static func * (left: Polynomial, right: Polynomial) -> Polynomial {
        var result = Polynomial(constant: 0, variableCount: left.variableCount)
        for (leftKey, leftValue) in left.coefficients {
            for (rightKey, rightValue) in right.coefficients {
                result.add(leftValue * rightValue, zip(leftKey, rightKey).map { $0 + $1 })
            }
        }
        return result
    }

    private mutating func add(_ value: Int, _ key: [Int]) {
        let sum = (coefficients[key] ?? 0) + value
        coefficients[key] = sum == 0 ? nil : sum
    }

    var largestCoefficient: Int { coefficients.values.map(abs).max() ?? 0 }

    /// The expanded sum, monomials in an order drawn from `generator`, positive ones first.
    ///
    /// - Parameters:
    ///   - names: a variable for each exponent.
    ///   - usesPowers: write `x ^ 2` rather than `x * x`.
    ///   - generator: decides the order.
    /// - Returns: 0 for the zero polynomial.
    func term(_ names: [String], usesPowers: Bool, _ generator: inout some RandomNumberGenerator) -> Term {
        let sorted = coefficients.sorted { $0.key.lexicographicallyPrecedes($1.key) }.reversed()
        let shuffled = Array(sorted).shuffled(using: &generator)
        let ordered = shuffled.filter { $0.value > 0 } + shuffled.filter { $0.value < 0 }
        var result: Term?
        for (exponents, value) in ordered {
            let part = Self.monomial(abs(value), exponents, names, usesPowers)
            if let sum = result {
                result = value > 0 ? sum + part : sum - part
            } else {
                result = value > 0 ? part : .negated(part)
            }
        }
        return result ?? .numeral(0)
    }

    private static func monomial(_ factor: Int, _ exponents: [Int], _ names: [String], _ usesPowers: Bool) -> Term {
        var parts: [Term] = []
        for (exponent, name) in zip(exponents, names) where exponent > 0 {
            if usesPowers && exponent > 1 {
                parts.append(.binary(.power, .variable(name), .numeral(exponent)))
            } else {
                parts += Array(repeating: .variable(name), count: exponent)
            }
        }
        if factor != 1 || parts.isEmpty { parts.insert(.numeral(factor), at: 0) }
        return parts.dropFirst().reduce(parts[0]) { $0 * $1 }
    }
}

extension Polynomial {
    /// The monomials with a positive coefficient.
    static func positivePart(_ polynomial: Polynomial) -> Polynomial { polynomial.filtered { $0 > 0 } }

    /// The monomials with a negative coefficient, negated.
    static func negativePart(_ polynomial: Polynomial) -> Polynomial {
        Polynomial(constant: -1, variableCount: polynomial.variableCount) * polynomial.filtered { $0 < 0 }
    }

    private func filtered(_ isIncluded: (Int) -> Bool) -> Polynomial {
        var result = self
        result.coefficients = coefficients.filter { isIncluded($0.value) }
        return result
    }
}
