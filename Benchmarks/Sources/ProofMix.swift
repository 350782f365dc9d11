public import ProofAssistants
import Randomness

/// A proof to check, and what must come out.
public struct ProofCheck: Sendable, Hashable {
    /// The kinds of checks, about a third of a mix each.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A right proof in propositional logic: five tactics and `Qed`.
        case logic
        /// A wrong proof: a tactic that fails, goals left at `Qed`, or a false statement.
        case wrong
        /// A right proof about real numbers by `nra`.
        case nra
    }

    /// Which kind it is.
    public let kind: Kind
    /// What is to be proved.
    public let statement: FormalStatement
    /// The proof, right or wrong.
    public let script: String

    /// Whether the script proves the statement.
    public var isRight: Bool { kind != .wrong }
}

/// Makes mixes of right and wrong proofs, all under one header and each of another statement.
public enum ProofMix {
    /// The header of all checks.
    public static let header = "From Coq Require Import Reals Lra Lia Psatz."

    /// A mix.
    ///
    /// - Parameters:
    ///   - count: number of checks; each kind is a third of them, give or take one.
    ///   - seed: decides statements, proofs and order.
    /// - Returns: the checks, shuffled.
    public static func checks(_ count: Int, seed: UInt64) -> [ProofCheck] {
        var generator = SplittableGenerator(seed: seed)
        let checks = (0..<count).map { index in
            let kind = ProofCheck.Kind.allCases[index % ProofCheck.Kind.allCases.count]
            let name = "check_\(index)"
            let (proposition, script) =
                switch kind {
                case .logic: logic(&generator)
                case .wrong: wrong(&generator)
                case .nra: real(&generator)
                }
            let statement = FormalStatement(name: name, header: header, text: "Theorem \(name) : \(proposition).")
            return ProofCheck(kind: kind, statement: statement, script: script)
        }
        return generator.shuffled(checks)
    }

    private typealias Pair = (proposition: String, script: String)

    private static let variables = ["P", "Q", "R", "S"]

    /// A formula in up to four variables, in brackets where it needs them.
    private static func formula(depth: Int, _ generator: inout SplittableGenerator) -> String {
        if depth == 0 { return variables[generator.integer(below: variables.count)] }
        let left = formula(depth: depth - 1, &generator)
        let right = formula(depth: generator.integer(below: depth), &generator)
        return "(\(left) \(["/\\", "\\/", "->"][generator.integer(below: 3)]) \(right))"
    }

    private static func quantified(_ body: String) -> String { "forall P Q R S : Prop, \(body)" }

    /// Five tactics and `Qed` about two random formulas.
    private static func logic(_ generator: inout SplittableGenerator) -> Pair {
        let a = formula(depth: 2, &generator)
        let b = formula(depth: 1, &generator)
        switch generator.integer(below: 4) {
        case 0:
            return (
                quantified("\(a) /\\ \(b) -> \(b) /\\ \(a)"),
                "intros P Q R S H. destruct H as [HA HB]. split. exact HB. exact HA. Qed."
            )
        case 1:
            return (
                quantified("\(a) -> (\(a) -> \(b)) -> \(b) /\\ \(a)"),
                "intros P Q R S HA HB. split. apply HB. exact HA. exact HA. Qed."
            )
        case 2:
            return (
                quantified("(\(a) -> \(b)) -> ~ \(b) -> ~ \(a)"),
                "intros P Q R S H N. intro HA. apply N. apply H. exact HA. Qed."
            )
        default:
            return (
                quantified("\(a) /\\ (\(a) -> \(b)) -> \(b) \\/ P"),
                "intros P Q R S H. destruct H as [HA HB]. left. apply HB. exact HA. Qed."
            )
        }
    }

    /// One of four ways to be wrong.
    private static func wrong(_ generator: inout SplittableGenerator) -> Pair {
        let a = formula(depth: 2, &generator)
        let swap = quantified("P /\\ \(a) -> \(a) /\\ P")
        switch generator.integer(below: 4) {
        case 0:
            // A tactic fails in the middle.
            return (swap, "intros P Q R S H. destruct H as [HA HB]. split. exact HA. exact HB. Qed.")
        case 1:
            // `Qed` comes while a goal is left.
            return (swap, "intros P Q R S H. destruct H as [HA HB]. split. exact HB. Qed.")
        case 2:
            // The statement is false.
            return (
                quantified("(P \\/ \(a)) -> (P /\\ (\(a) /\\ Q))"),
                "intros P Q R S H. destruct H as [HA | HA]. split. exact HA. tauto. Qed."
            )
        default:
            // A name that is not there.
            return (swap, "intros P Q R S H. destruct H as [HA HB]. split. apply missing_lemma. exact HA. Qed.")
        }
    }

    /// An inequality between products of real numbers, with random coefficients.
    private static func real(_ generator: inout SplittableGenerator) -> Pair {
        let a = generator.integer(in: 2..<50)
        let b = generator.integer(in: 2..<50)
        switch generator.integer(below: 4) {
        case 0:
            return (
                "forall x y : R, (0 < x -> x < y -> \(a) * x * x < \(a) * y * y)%R",
                "intros x y H K. nra. Qed."
            )
        case 1:
            return ("forall x y : R, (\(a) < x -> \(b) < y -> \(a * b) < x * y)%R", "intros x y H K. nra. Qed.")
        case 2:
            return (
                "forall x y : R, (0 <= x -> 0 <= y -> 0 <= x * y + \(a) * x + \(b) * y)%R",
                "intros x y H K. nra. Qed."
            )
        default:
            return ("forall x z : R, (\(a) < x -> \(a - 1) * x < x * x + z * z)%R", "intros x z H. nra. Qed.")
        }
    }
}
