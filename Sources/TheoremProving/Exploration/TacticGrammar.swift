public import ProofAssistants
import Randomness

/// A seeded sampler of single tactics for exploration from nothing.
///
/// It knows the words of the tactic language and points at names and numerals that the goal shows; it does not look at
/// the goal's shape, so that what to do in which state is left to be learned. Wrong tactics are cheap: Coq refuses them at once.
public struct TacticGrammar: Hashable, Sendable, Codable {
    /// Which tactics are drawn.
    public var track: TacticTrack
    /// Lemma names that `apply` and `rewrite` may use, where arithmetic is in scope.
    public var lemmas: [String] = [
        "Nat.le_trans", "Nat.lt_le_incl", "Nat.add_comm", "Nat.mul_comm", "Z.le_trans", "Z.lt_le_incl", "Z.add_comm",
        "Z.mul_comm", "Rle_trans", "Rlt_le", "Rplus_comm", "Rmult_comm", "Rle_0_sqr",
    ]

    /// A grammar for a track.
    public init(track: TacticTrack) { self.track = track }

    /// Names in scope, by what they can be used for.
    private struct Scope {
        var facts: [String] = []
        var variables: [(name: String, sort: String)] = []
        var numerals: [String] = []
        /// Scope key of the numbers at hand: empty for nat.
        var key = ""

        init(_ state: ProofState) {
            guard let goal = state.goals.first else { return }
            let types = Set(goal.hypotheses.filter { $0.type == "Type" || $0.type == "Set" }.flatMap(\.names))
            for hypothesis in goal.hypotheses {
                if Self.isData(hypothesis.type, types) {
                    variables += hypothesis.names.map { ($0, hypothesis.type) }
                } else {
                    facts += hypothesis.names
                }
            }
            let texts = goal.hypotheses.map(\.type) + [goal.conclusion]
            if texts.contains(where: { $0.contains("%Z") }) { key = "%Z" }
            if texts.contains(where: { $0.contains("%R") }) { key = "%R" }
            let numbers = texts.flatMap { $0.split { !($0.isNumber || $0.isLetter || $0 == "_" || $0 == "'") } }
            numerals = Set(numbers.filter { $0.allSatisfy(\.isNumber) }.map(String.init)).sorted()
        }

        /// Whether a type is one of objects rather than a claim.
        private static func isData(_ type: String, _ types: Set<String>) -> Bool {
            let known: Set<String> = ["Prop", "Type", "Set", "nat", "Z", "R", "bool", "Q", "positive"]
            let parts = type.replacing("->", with: " ").split(separator: " ").map(String.init)
            return parts.allSatisfy { known.contains($0) || types.contains($0) || $0 == "list" || $0 == "option" }
        }
    }

    private enum Kind: CaseIterable {
        case intros, intro, apply, eapply, exact, assumption, destruct, split, left, right, exists, eexists, rewrite
        case rewriteBack, rewriteIn, specialize, applyIn, induction, simpl, unfoldNot, exfalso, reflexivity, symmetry
        case auto, contradiction, discriminate, equalParts, substitute, destructVariable, lemma, symmetryIn
        case squareHint, rewriteAll, lia, lra, nia, nra, ring, field, tauto, firstorder, congruence, compute, easy,
            eauto
    }

    private static let structural: [(Kind, Double)] = [
        (.intros, 10), (.intro, 3), (.apply, 12), (.eapply, 3), (.exact, 3), (.assumption, 6), (.destruct, 10),
        (.split, 7), (.left, 4), (.right, 4), (.exists, 12), (.eexists, 2), (.rewrite, 6), (.rewriteBack, 2),
        (.rewriteIn, 3), (.specialize, 5), (.applyIn, 4), (.induction, 1), (.simpl, 1.5), (.unfoldNot, 1),
        (.exfalso, 1.5), (.reflexivity, 4), (.symmetry, 1.5), (.auto, 1), (.contradiction, 3), (.discriminate, 1),
        (.equalParts, 1.5), (.substitute, 1.5), (.destructVariable, 0.5), (.lemma, 1), (.symmetryIn, 1),
    ]
    private static let automated: [(Kind, Double)] = [
        (.lia, 12), (.lra, 8), (.nia, 6), (.nra, 4), (.ring, 6), (.field, 1), (.tauto, 3), (.firstorder, 1.5),
        (.congruence, 2), (.compute, 1), (.easy, 1), (.eauto, 1.5), (.squareHint, 2), (.rewriteAll, 3),
    ]

    /// Tactics that are worth trying together with one that closes what they leave.
    private static let joinable: [Kind: Double] = [
        .exists: 0.5, .squareHint: 0.7, .rewriteAll: 0.5, .induction: 0.4, .split: 0.2, .rewrite: 0.15,
        .substitute: 0.3,
        .apply: 0.1, .destruct: 0.1, .specialize: 0.1, .simpl: 0.3, .destructVariable: 0.3,
    ]

    private var closers: [(String, Double)] {
        let plain = [("reflexivity", 2.0), ("assumption", 2), ("auto", 1)]
        guard track == .automated else { return plain }
        return plain + [("lia", 6), ("lra", 4), ("nia", 4), ("nra", 2), ("ring", 3), ("congruence", 1)]
    }

    /// One tactic sentence for the first goal of a state; it may well be wrong.
    ///
    /// - Parameters:
    ///   - state: state that the tactic is for; only its names and numerals are used.
    ///   - generator: source of randomness.
    /// - Returns: a sentence with its full stop.
    public func tactic(in state: ProofState, using generator: inout some RandomNumberGenerator) -> String {
        let scope = Scope(state)
        let kinds = track == .structural ? Self.structural : Self.structural + Self.automated
        while true {
            let kind = generator.weighted(kinds)
            guard let text = text(kind, scope, &generator) else { continue }
            return generator.chance(Self.joinable[kind] ?? 0)
                ? "\(text); \(generator.weighted(closers))." : text + "."
        }
    }

    private func text(_ kind: Kind, _ scope: Scope, _ generator: inout some RandomNumberGenerator) -> String? {
        switch kind {
        case .intros: "intros"
        case .intro: "intro"
        case .assumption: "assumption"
        case .split: "split"
        case .left: "left"
        case .right: "right"
        case .eexists: "eexists"
        case .simpl: "simpl"
        case .unfoldNot: "unfold not"
        case .exfalso: "exfalso"
        case .reflexivity: "reflexivity"
        case .symmetry: "symmetry"
        case .auto: "auto"
        case .contradiction: "contradiction"
        case .discriminate: "discriminate"
        case .equalParts: "f_equal"
        case .substitute: "subst"
        case .lia: "lia"
        case .lra: "lra"
        case .nia: "nia"
        case .nra: "nra"
        case .ring: "ring"
        case .field: "field"
        case .tauto: "tauto"
        case .firstorder: "firstorder"
        case .congruence: "congruence"
        case .compute: "vm_compute"
        case .easy: "easy"
        case .eauto: "eauto"
        default: pointed(kind, scope, &generator)
        }
    }

    /// Tactics with a name or a term in them; nil where nothing fits in scope.
    private func pointed(_ kind: Kind, _ scope: Scope, _ generator: inout some RandomNumberGenerator) -> String? {
        if kind == .exists { return "exists \(term(scope, &generator))" }
        if kind == .squareHint { return squareHint(scope, &generator) }
        if kind == .rewriteAll {
            guard !scope.facts.isEmpty else { return nil }
            return "rewrite ?\(generator.element(scope.facts)) in *"
        }
        if kind == .lemma {
            let verb = generator.chance(0.5) ? "eapply" : "rewrite"
            return "\(verb) \(generator.element(lemmas))"
        }
        if kind == .induction || kind == .destructVariable {
            let inductive = scope.variables.filter { !["Z", "R", "Q", "Prop", "Type", "Set"].contains($0.sort) }
            guard !inductive.isEmpty else { return nil }
            let name = generator.element(inductive).name
            let simplified = generator.chance(0.5) ? "; simpl in *" : ""
            return "\(kind == .induction ? "induction" : "destruct") \(name)\(simplified)"
        }
        guard !scope.facts.isEmpty else { return nil }
        let fact = generator.element(scope.facts)
        switch kind {
        case .apply: return "apply \(fact)"
        case .eapply: return "eapply \(fact)"
        case .exact: return "exact \(fact)"
        case .destruct: return "destruct \(fact)"
        case .rewrite: return "rewrite \(fact)"
        case .rewriteBack: return "rewrite <- \(fact)"
        case .symmetryIn: return "symmetry in \(fact)"
        case .rewriteIn: return "rewrite \(fact) in \(generator.element(scope.facts))"
        case .applyIn: return "apply \(fact) in \(generator.element(scope.facts))"
        case .specialize:
            let isFact = scope.variables.isEmpty || generator.chance(0.4)
            let argument = isFact ? generator.element(scope.facts) : simpleTerm(scope, &generator)
            return "specialize (\(fact) \(argument))"
        default: return nil
        }
    }

    /// A witness: a variable, a small number, or a sum or product of two of them, with its scope.
    private func term(_ scope: Scope, _ generator: inout some RandomNumberGenerator) -> String {
        let numeric = scope.variables.filter { ["nat", "Z", "R"].contains($0.sort) }
        guard !numeric.isEmpty, generator.chance(0.7) else { return simpleTerm(scope, &generator) }
        let first = recent(numeric, &generator)
        if generator.chance(0.35) { return first.name }
        let peers = numeric.filter { $0.sort == first.sort }
        func operand() -> String {
            if generator.chance(0.5) { return recent(peers, &generator).name }
            return numeral(scope, &generator)
        }
        if peers.count > 1, generator.chance(0.06) {
            let maximum = first.sort == "R" ? "Rmax" : first.sort == "Z" ? "Z.max" : "Nat.max"
            let body = "\(maximum) \(first.name) \(recent(peers, &generator).name)"
            return first.sort == "nat" ? "(\(body) + 1)" : "(\(body) + 1)%\(first.sort)"
        }
        let factor = generator.chance(0.25) ? "\(generator.integer(2...4)) * " : ""
        var body = factor + first.name
        if first.sort != "nat", generator.chance(0.1) { body = "- \(body)" }
        if generator.chance(0.7) {
            let sign = generator.weighted([("+", 0.55), ("-", 0.3), ("*", 0.15)])
            body += " \(sign) \(operand())"
        }
        if generator.chance(0.25) { body += " \(generator.chance(0.7) ? "+" : "-") \(operand())" }
        if first.sort == "R", generator.chance(0.15) { body = "(\(body)) / 2" }
        return first.sort == "nat" ? "(\(body))" : "(\(body))%\(first.sort)"
    }

    /// A variable, one of the last three half the time: witnesses are often made of what was just unpacked.
    private func recent(
        _ variables: [(name: String, sort: String)], _ generator: inout some RandomNumberGenerator
    ) -> (name: String, sort: String) {
        generator.element(generator.chance(0.5) ? Array(variables.suffix(3)) : variables)
    }

    /// The fact that the square of a difference or sum is not negative.
    private func squareHint(_ scope: Scope, _ generator: inout some RandomNumberGenerator) -> String? {
        let numeric = scope.variables.filter { $0.sort == "Z" || $0.sort == "R" }
        guard !numeric.isEmpty else { return nil }
        let first = generator.element(numeric)
        let peers = numeric.filter { $0.sort == first.sort && $0.name != first.name }
        let isNumber = peers.isEmpty || generator.chance(0.3)
        let second = isNumber ? numeral(scope, &generator) : generator.element(peers).name
        let lemma = first.sort == "Z" ? "Z.square_nonneg" : "pow2_ge_0"
        return "pose proof (\(lemma) (\(first.name) \(generator.chance(0.75) ? "-" : "+") \(second)))"
    }

    private func numeral(_ scope: Scope, _ generator: inout some RandomNumberGenerator) -> String {
        if !scope.numerals.isEmpty, generator.chance(0.6) { return generator.element(scope.numerals) }
        return "\(generator.integer(0...9))"
    }

    private func simpleTerm(_ scope: Scope, _ generator: inout some RandomNumberGenerator) -> String {
        if !scope.variables.isEmpty, generator.chance(0.75) { return generator.element(scope.variables).name }
        let key = generator.chance(0.85) ? scope.key : generator.element(["", "%Z", "%R"])
        return numeral(scope, &generator) + key
    }
}
