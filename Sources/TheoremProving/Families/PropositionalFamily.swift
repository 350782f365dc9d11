/// Random propositional sequents that are provable without classical axioms.
struct PropositionalFamily {
    private static let pools = [["A", "B", "C", "D", "E"], ["P", "Q", "V", "W", "U"], ["p", "q", "r", "s", "t"]]

    /// Tactics that a proof of the level should need, `intros` not counted.
    static func proofLengths(_ level: Int) -> ClosedRange<Int> {
        switch level {
        case 1: 1...2
        case 2: 3...3
        case 3: 4...5
        case 4: 6...7
        default: 8...10
        }
    }

    /// A provable sequent whose hypotheses are all needed, or nil when the tries ran out.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        let atoms = Array(generator.element(Self.pools).prefix(level <= 1 ? 2 : level <= 3 ? 3 : 4))
        for _ in 0..<300 {
            let count = generator.integer(level <= 2 ? 0...2 : 1...(1 + (level + 1) / 2))
            var hypotheses = (0..<count).map { _ in
                formula(depth: level <= 1 ? 1 : 2, atoms, positive: false, using: &generator)
            }
            hypotheses.removeAll { $0 == .truth || $0 == .falsity }
            let depth = hypotheses.isEmpty ? 3 : level >= 3 ? 2 : generator.integer(0...2)
            let conclusion = formula(depth: depth, atoms, positive: true, using: &generator)
            guard let pruned = pruned(hypotheses, conclusion) else { continue }
            var prover = IntuitionisticProver()
            guard let length = prover.proofLength(pruned, conclusion),
                Self.proofLengths(level).contains(length)
            else { continue }
            let binders = atoms.map { Binder(name: $0, sort: .proposition) }
            return Sequent(binders: binders, hypotheses: pruned, conclusion: conclusion).withoutUnusedBinders
        }
        return nil
    }

    /// The hypotheses without those that the conclusion does not need; nil where it is not provable.
    private func pruned(_ hypotheses: [Proposition], _ conclusion: Proposition) -> [Proposition]? {
        var prover = IntuitionisticProver()
        guard prover.proofLength(hypotheses, conclusion) != nil else { return nil }
        var needed = hypotheses
        for index in hypotheses.indices.reversed() {
            var fewer = needed
            fewer.remove(at: index)
            var other = IntuitionisticProver()
            if other.proofLength(fewer, conclusion) != nil { needed = fewer }
        }
        return needed
    }

    /// A random formula; conclusions (`positive`) avoid being an implication too often.
    func formula(
        depth: Int, _ atoms: [String], positive: Bool, using generator: inout some RandomNumberGenerator
    ) -> Proposition {
        if depth == 0 || generator.chance(0.12) { return .atom(generator.element(atoms)) }
        let left = formula(depth: depth - 1, atoms, positive: positive, using: &generator)
        var right = formula(depth: depth - 1, atoms, positive: positive, using: &generator)
        for _ in 0..<4 where right == left {
            right = formula(depth: depth - 1, atoms, positive: positive, using: &generator)
        }
        let kind = generator.integer(0...99)
        switch kind {
        case 0..<34: return .implication(left, right)
        case 34..<54: return .conjunction(left, right)
        case 54..<74: return .disjunction(left, right)
        case 74..<93: return .negation(left)
        case 93..<97: return .equivalence(left, right)
        case 97..<98: return .falsity
        default: return .atom(generator.element(atoms))
        }
    }
}
