/// Decides intuitionistic propositional sequents and estimates the length of a tactic proof.
///
/// Contraction-free sequent calculus LJT (Dyckhoff 1992, "Contraction-free sequent calculi for intuitionistic
/// logic"): every rule makes the sequent smaller in a well-founded order, so that the search always ends.
struct IntuitionisticProver {
    /// Calls left before the search gives up.
    private var remaining: Int
    private(set) var isExhausted = false

    init(budget: Int = 3_000) { remaining = budget }

    /// Number of tactics of the shortest proof found, or nil when there is none or the budget ran out.
    ///
    /// - Parameters:
    ///   - hypotheses: formulas without predicates, relations or quantifiers.
    ///   - goal: same.
    /// - Returns: at least 1.
    mutating func proofLength(_ hypotheses: [Proposition], _ goal: Proposition) -> Int? {
        search(hypotheses.map(Self.reduced), Self.reduced(goal), afterIntroduction: true)
    }

    /// Negation and equivalence in terms of implication, falsity and conjunction.
    static func reduced(_ formula: Proposition) -> Proposition {
        switch formula {
        case .negation(let body): .implication(reduced(body), .falsity)
        case .equivalence(let left, let right):
            .conjunction(
                .implication(reduced(left), reduced(right)), .implication(reduced(right), reduced(left)))
        case .conjunction(let left, let right): .conjunction(reduced(left), reduced(right))
        case .disjunction(let left, let right): .disjunction(reduced(left), reduced(right))
        case .implication(let left, let right): .implication(reduced(left), reduced(right))
        default: formula
        }
    }

    private mutating func search(_ context: [Proposition], _ goal: Proposition, afterIntroduction: Bool) -> Int? {
        remaining -= 1
        guard remaining > 0 else {
            isExhausted = true
            return nil
        }
        if goal == .truth || context.contains(goal) || context.contains(.falsity) { return 1 }
        if let step = simplified(context) {
            return search(step.context, goal, afterIntroduction: false).map { $0 + step.cost }
        }
        switch goal {
        case .conjunction(let left, let right):
            guard let first = search(context, left, afterIntroduction: false),
                let second = search(context, right, afterIntroduction: false)
            else { return nil }
            return first + second + 1
        case .implication(let left, let right):
            return search(context + [left], right, afterIntroduction: true).map { $0 + (afterIntroduction ? 0 : 1) }
        default: break
        }
        if let index = context.firstIndex(where: { if case .disjunction = $0 { true } else { false } }),
            case .disjunction(let left, let right) = context[index]
        {
            var rest = context
            rest.remove(at: index)
            guard let first = search(rest + [left], goal, afterIntroduction: false),
                let second = search(rest + [right], goal, afterIntroduction: false)
            else { return nil }
            return first + second + 1
        }
        return choices(context, goal)
    }

    /// One invertible step on the left, if any.
    private func simplified(_ context: [Proposition]) -> (context: [Proposition], cost: Int)? {
        for (index, formula) in context.enumerated() {
            var rest = context
            rest.remove(at: index)
            switch formula {
            case .truth: return (rest, 0)
            case .conjunction(let left, let right): return (rest + [left, right], 1)
            case .implication(let left, let right):
                if left == .truth { return (rest + [right], 0) }
                if rest.contains(left) { return (rest + [right], 1) }
                switch left {
                case .falsity: return (rest, 0)
                case .conjunction(let first, let second):
                    return (rest + [.implication(first, .implication(second, right))], 0)
                case .disjunction(let first, let second):
                    return (rest + [.implication(first, right), .implication(second, right)], 0)
                default: break
                }
            default: break
            }
        }
        return nil
    }

    /// The rules that need a decision: a side of a disjunction, or which nested implication to use.
    private mutating func choices(_ context: [Proposition], _ goal: Proposition) -> Int? {
        var best: Int?
        func take(_ length: Int?) {
            if let length, best.map({ length < $0 }) ?? true { best = length }
        }
        if case .disjunction(let left, let right) = goal {
            take(search(context, left, afterIntroduction: false).map { $0 + 1 })
            take(search(context, right, afterIntroduction: false).map { $0 + 1 })
        }
        for (index, formula) in context.enumerated() {
            guard case .implication(.implication(let first, let second), let right) = formula else { continue }
            var rest = context
            rest.remove(at: index)
            let premise = search(
                rest + [.implication(second, right)], .implication(first, second), afterIntroduction: false)
            guard let premise, let main = search(rest + [right], goal, afterIntroduction: false) else { continue }
            take(premise + main + 1)
        }
        return best
    }
}
