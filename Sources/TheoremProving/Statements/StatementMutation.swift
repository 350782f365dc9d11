/// Small changes that turn one statement into another: drop or weaken a
/// hypothesis, swap sides, change a constant, reorder, strengthen.
enum StatementMutation: String, CaseIterable, Sendable {
    case dropHypothesis = "drop hypothesis"
    case weakenHypothesis = "weaken hypothesis"
    case swapSides = "swap sides"
    case changeConstant = "change constant"
    case reorderHypotheses = "reorder hypotheses"
    case addHypothesis = "add hypothesis"
    case strengthenConclusion = "strengthen conclusion"
    case weakenConclusion = "weaken conclusion"
    case curry = "join hypotheses"

    /// True where a true statement stays true.
    var keepsTruth: Bool {
        switch self {
        case .reorderHypotheses, .addHypothesis, .weakenConclusion, .curry, .swapSides: true
        case .dropHypothesis, .weakenHypothesis, .changeConstant, .strengthenConclusion: false
        }
    }

    /// Weights of the kinds: most mutants stay true.
    static let weights: [(StatementMutation, Double)] = [
        (.dropHypothesis, 0.06), (.weakenHypothesis, 0.05), (.changeConstant, 0.06), (.strengthenConclusion, 0.08),
        (.swapSides, 0.2), (.reorderHypotheses, 0.15), (.addHypothesis, 0.1), (.weakenConclusion, 0.12), (.curry, 0.18),
    ]

    /// The mutant, or nil where the mutation does not apply.
    func apply(to sequent: Sequent, using generator: inout some RandomNumberGenerator) -> Sequent? {
        var result = sequent
        let count = sequent.hypotheses.count
        switch self {
        case .dropHypothesis:
            guard count > 0 else { return nil }
            result.hypotheses.remove(at: generator.integer(0...(count - 1)))
        case .weakenHypothesis:
            guard count > 0 else { return nil }
            let index = generator.integer(0...(count - 1))
            guard let weaker = Self.weaker(sequent.hypotheses[index], sequent, &generator) else { return nil }
            result.hypotheses[index] = weaker
        case .swapSides: return swappedSides(sequent, &generator)
        case .changeConstant: return changedConstant(sequent, &generator)
        case .reorderHypotheses:
            guard count > 1 else { return nil }
            result.hypotheses.swapAt(generator.integer(0...(count - 2)), count - 1)
        case .addHypothesis:
            guard let extra = Self.propositionalAtoms(sequent).randomElement(using: &generator) else { return nil }
            result.hypotheses.insert(.atom(extra), at: generator.integer(0...count))
        case .strengthenConclusion:
            guard count > 0 else { return nil }
            result.conclusion = .conjunction(sequent.conclusion, generator.element(sequent.hypotheses))
            if generator.chance(0.3) { result = Self.strictConclusion(sequent) ?? result }
        case .weakenConclusion:
            let other: Proposition = count > 0 ? generator.element(sequent.hypotheses) : .falsity
            result.conclusion =
                generator.chance(0.5)
                ? .disjunction(sequent.conclusion, other) : .disjunction(other, sequent.conclusion)
        case .curry:
            guard count > 1 else { return nil }
            let index = generator.integer(0...(count - 2))
            result.hypotheses[index] = .conjunction(sequent.hypotheses[index], result.hypotheses.remove(at: index + 1))
        }
        return result == sequent ? nil : result.withoutUnusedBinders
    }

    private static func propositionalAtoms(_ sequent: Sequent) -> [String] {
        sequent.binders.filter { $0.sort == .proposition }.map(\.name)
    }

    private static func weaker(
        _ formula: Proposition, _ sequent: Sequent, _ generator: inout some RandomNumberGenerator
    ) -> Proposition? {
        switch formula {
        case .conjunction(let left, let right): return generator.chance(0.5) ? left : right
        case .relation(.less, let left, let right, let sort): return .relation(.atMost, left, right, sort)
        case .relation(.equal, let left, let right, let sort?): return .relation(.atMost, left, right, sort)
        default:
            guard sequent.hypotheses.count > 1 else { return nil }
            return .disjunction(formula, generator.element(sequent.hypotheses))
        }
    }

    private static func strictConclusion(_ sequent: Sequent) -> Sequent? {
        guard case .relation(.atMost, let left, let right, let sort) = sequent.conclusion else { return nil }
        var result = sequent
        result.conclusion = .relation(.less, left, right, sort)
        return result
    }

    /// Exchanges the sides of one equation, conjunction or disjunction; these keep the meaning.
    private func swappedSides(_ sequent: Sequent, _ generator: inout some RandomNumberGenerator) -> Sequent? {
        var result = sequent
        let target = generator.integer(0...sequent.hypotheses.count)
        let formula = target == sequent.hypotheses.count ? sequent.conclusion : sequent.hypotheses[target]
        let swapped: Proposition
        switch formula {
        case .relation(let relation, let left, let right, let sort):
            guard let converse = relation.converse else { return nil }
            swapped = .relation(converse, right, left, sort)
        case .conjunction(let left, let right): swapped = .conjunction(right, left)
        case .disjunction(let left, let right): swapped = .disjunction(right, left)
        case .equivalence(let left, let right): swapped = .equivalence(right, left)
        default: return nil
        }
        if target == sequent.hypotheses.count {
            result.conclusion = swapped
        } else {
            result.hypotheses[target] = swapped
        }
        return result
    }

    private func changedConstant(_ sequent: Sequent, _ generator: inout some RandomNumberGenerator) -> Sequent? {
        let total = sequent.hypotheses.reduce(sequent.conclusion.numerals.count) { $0 + $1.numerals.count }
        guard total > 0 else { return nil }
        let chosen = generator.integer(0...(total - 1))
        let shift = generator.integer(1...2)
        var seen = 0
        func change(_ value: Int) -> Int {
            defer { seen += 1 }
            return seen == chosen ? value + shift : value
        }
        var result = sequent
        result.hypotheses = sequent.hypotheses.map { $0.mapNumerals(change) }
        result.conclusion = sequent.conclusion.mapNumerals(change)
        return result
    }
}
