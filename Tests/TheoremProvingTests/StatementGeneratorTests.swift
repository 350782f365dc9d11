import Foundation
import Randomness
import Testing

@testable import TheoremProving

@Suite struct StatementGeneratorTests {
    private func draw(_ count: Int, level: Int, split: StatementSplit = .training, seed: UInt64)
        -> [CurriculumStatement]
    {
        var source = StatementGenerator()
        var generator = SplittableGenerator(seed: seed)
        return source.statements(count, level: level, split: split, using: &generator)
    }

    @Test func equalSeedsGiveEqualStatements() {
        #expect(draw(60, level: 3, seed: 5) == draw(60, level: 3, seed: 5))
        #expect(draw(60, level: 3, seed: 5) != draw(60, level: 3, seed: 6))
    }

    @Test(arguments: StatementGenerator.levels)
    func statementsOfALevelAreDistinctUpToNames(level: Int) {
        let statements = draw(200, level: level, seed: 1)
        #expect(statements.count == 200)
        #expect(Set(statements.map(\.canonicalHash)).count == 200)
        #expect(Set(statements.map(\.name)).count == 200)
        #expect(statements.allSatisfy { $0.level == level && !$0.informal.isEmpty })
    }

    @Test func bothSidesOfTheDivisionNeverMeet() {
        let training = Set((1...5).flatMap { draw(250, level: $0, seed: 2) }.map(\.canonicalHash))
        let heldOut = Set((1...5).flatMap { draw(80, level: $0, split: .heldOut, seed: 3) }.map(\.canonicalHash))
        #expect(training.isDisjoint(with: heldOut))
        #expect(heldOut.count > 350)
    }

    @Test func excludedStatementsDoNotComeBack() {
        let first = draw(100, level: 2, seed: 9)
        var source = StatementGenerator()
        source.exclude(first.map(\.canonicalHash))
        var generator = SplittableGenerator(seed: 9)
        let second = source.statements(100, level: 2, split: .training, using: &generator)
        #expect(Set(first.map(\.canonicalHash)).isDisjoint(with: second.map(\.canonicalHash)))
    }

    @Test func everyFamilyAndMostlyTrueStatementsAppear() {
        let statements = (1...5).flatMap { draw(300, level: $0, seed: 4) }
        #expect(Set(statements.map(\.family)) == Set(StatementFamily.allCases))
        let valid = statements.count { $0.expectation == .valid }
        #expect(Double(valid) > 0.9 * Double(statements.count))
        #expect(valid < statements.count)
        let mutants = statements.count { $0.origin != "grammar" }
        #expect((0.05...0.3).contains(Double(mutants) / Double(statements.count)))
    }

    @Test func canonicalFormIgnoresNamesAndKeepsMeaning() {
        func sequent(_ a: String, _ b: String, flipped: Bool = false) -> Sequent {
            Sequent(
                binders: [Binder(name: a, sort: .number(.integer)), Binder(name: b, sort: .number(.integer))],
                hypotheses: [.relation(.less, .variable(a), .variable(b), .integer)],
                conclusion: .relation(.atMost, .variable(flipped ? b : a), .variable(flipped ? a : b), .integer))
        }
        #expect(sequent("x", "y").canonicalText == sequent("u", "v").canonicalText)
        #expect(sequent("x", "y").canonicalText != sequent("x", "y", flipped: true).canonicalText)
        var reordered = sequent("x", "y")
        reordered.binders.reverse()
        #expect(reordered.canonicalText == sequent("x", "y").canonicalText)
    }
}

@Suite struct StatementTextTests {
    @Test func precedenceAndScopesAreCoqs() {
        let (a, b) = (Proposition.atom("A"), Proposition.atom("B"))
        #expect(Proposition.implication(.implication(a, b), a).text() == "(A -> B) -> A")
        #expect(Proposition.negation(.conjunction(a, b)).text() == "~ (A /\\ B)")
        #expect(Proposition.conjunction(.conjunction(a, b), a).text() == "(A /\\ B) /\\ A")
        #expect(Proposition.equivalence(a, .implication(a, b)).text() == "A <-> (A -> B)")
        let (x, two) = (Term.variable("x"), Term.numeral(2))
        #expect(
            Proposition.relation(.equal, x * (x + two), .numeral(-3), .integer).text() == "(x * (x + 2))%Z = (-3)%Z")
        #expect(Proposition.relation(.less, x, two, .natural).text() == "x < 2")
        #expect(Proposition.relation(.divides, two, x, .natural).text() == "Nat.divide 2 x")
        #expect((x - (x - two)).text() == "x - (x - 2)")
        let binders = [Binder(name: "x", sort: .individual)]
        let quantified = Proposition.existential(binders, a)
        #expect(Proposition.disjunction(quantified, b).text() == "(exists x : T, A) \\/ B")
        #expect(Proposition.implication(a, quantified).text() == "A -> exists x : T, A")
    }

    @Test func intuitionisticProverKnowsClassicalExamples() {
        let (a, b) = (Proposition.atom("A"), Proposition.atom("B"))
        func length(_ hypotheses: [Proposition], _ goal: Proposition) -> Int? {
            var prover = IntuitionisticProver()
            return prover.proofLength(hypotheses, goal)
        }
        #expect(length([], .implication(a, a)) == 1)
        #expect(length([.disjunction(a, b)], .disjunction(b, a)) != nil)
        #expect(length([], .negation(.negation(.disjunction(a, .negation(a))))) != nil)
        #expect(length([], .disjunction(a, .negation(a))) == nil)
        #expect(length([], .implication(.implication(.implication(a, b), a), a)) == nil)
        #expect(length([.negation(.negation(a))], a) == nil)
        #expect(length([.equivalence(a, b), b], a) != nil)
    }

    @Test func provableSequentsAreClassicalTautologies() throws {
        var generator = SplittableGenerator(seed: 12)
        for round in 0..<60 {
            let sequent = try #require(PropositionalFamily().sequent(level: 1 + round % 5, using: &generator))
            let atoms = sequent.binders.map(\.name)
            for mask in 0..<(1 << atoms.count) {
                let truths = Set(atoms.indices.filter { mask >> $0 & 1 == 1 }.map { atoms[$0] })
                let isMet = sequent.hypotheses.allSatisfy { value($0, truths) }
                #expect(!isMet || value(sequent.conclusion, truths))
            }
        }
    }

    private func value(_ formula: Proposition, _ truths: Set<String>) -> Bool {
        switch formula {
        case .truth: true
        case .falsity: false
        case .atom(let name): truths.contains(name)
        case .negation(let body): !value(body, truths)
        case .conjunction(let left, let right): value(left, truths) && value(right, truths)
        case .disjunction(let left, let right): value(left, truths) || value(right, truths)
        case .implication(let left, let right): !value(left, truths) || value(right, truths)
        case .equivalence(let left, let right): value(left, truths) == value(right, truths)
        default: false
        }
    }

    @Test func polynomialsMultiply() {
        let x = Polynomial(variable: 0, variableCount: 2)
        let y = Polynomial(variable: 1, variableCount: 2)
        let square = (x + y) * (x + y)
        #expect(square.coefficients == [[2, 0]: 1, [1, 1]: 2, [0, 2]: 1])
        let minus = Polynomial(constant: -1, variableCount: 2)
        #expect((square + minus * square).coefficients.isEmpty)
    }
}

@Suite struct SequentTests {
    @Test func theTypeStaysWhereOnlyAQuantifierNeedsIt() {
        let bound = [Binder(name: "x", sort: .individual)]
        let sequent = Sequent(
            binders: [Binder(name: "T", sort: .type), Binder(name: "P", sort: .function([.individual], .proposition))],
            conclusion: .universal(bound, .relation(.equal, .variable("x"), .variable("x"), nil)))
        #expect(sequent.withoutUnusedBinders.proposition.text() == "forall T : Type, forall x : T, x = x")
    }

    @Test func openScopesDropTheKeysAndNothingElse() {
        let x = Term.variable("x")
        let sequent = Sequent(
            binders: [Binder(name: "x", sort: .number(.integer))],
            hypotheses: [.relation(.equal, x, .numeral(-3), .integer)],
            conclusion: .relation(.divides, .numeral(3), x * x, .integer))
        #expect(sequent.onlyNumberSort == .integer)
        #expect(sequent.inOpenScope.proposition.text() == "forall x : Z, x = -3 -> (3 | x * x)")
        #expect(sequent.proposition.text() == "forall x : Z, x = (-3)%Z -> (3 | x * x)%Z")
        let mixed = Sequent(
            binders: [Binder(name: "u", sort: .function([.number(.natural)], .number(.integer)))], conclusion: .truth)
        #expect(mixed.onlyNumberSort == nil)
    }
}
