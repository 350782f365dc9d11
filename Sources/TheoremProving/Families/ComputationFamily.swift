/// Closed equations and comparisons that follow by computing.
struct ComputationFamily {
    let sort: NumberSort

    /// A true statement without variables.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        for _ in 0..<20 {
            let (term, value) = expression(level, &generator)
            guard (sort == .natural ? 0...150 : -5_000...5_000).contains(value) else { continue }
            guard case .binary = term else { continue }
            switch generator.integer(0...5) {
            case 0:
                let bound = value + generator.integer(1...9)
                return Sequent(conclusion: .relation(.less, term, .numeral(bound), sort))
            case 1: return Sequent(conclusion: .relation(.unequal, term, .numeral(value + 1), sort))
            default: return Sequent(conclusion: .relation(.equal, term, .numeral(value), sort))
            }
        }
        return nil
    }

    private func expression(_ depth: Int, _ generator: inout some RandomNumberGenerator) -> (Term, Int) {
        let limit = sort == .natural ? 9 : 30
        if depth == 0 {
            let value = generator.integer(0...limit)
            return (.numeral(value), value)
        }
        let (left, a) = expression(depth - 1, &generator)
        let (right, b) = expression(generator.integer(0...max(0, depth - 2)), &generator)
        switch generator.integer(0...9) {
        case 0...3: return (left + right, a + b)
        case 4...5: return sort == .natural ? (left + right, a + b) : (left - right, a - b)
        case 6...7: return (left * right, a * b)
        case 8 where sort != .real && a >= 0:
            let divisor = generator.integer(2...12)
            return (.binary(.modulo, left, .numeral(divisor)), a % divisor)
        default:
            let base = generator.integer(2...(sort == .natural ? 3 : 9))
            let exponent = generator.integer(2...3)
            let power = exponent == 2 ? base * base : base * base * base
            return (left + .binary(.power, .numeral(base), .numeral(exponent)), a + power)
        }
    }
}
