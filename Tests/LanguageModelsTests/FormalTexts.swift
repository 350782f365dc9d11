import Randomness

@testable import LanguageModels

/// Texts of the kind that the tokenizer is for.
enum FormalTexts {
    static let theorems = [
        "Theorem add_0_r : forall n : nat, n + 0 = n.\nProof.\n  intros n. induction n as [| n' IHn'].\n  - reflexivity.\n",
        "Theorem and_comm : forall A B : Prop, A /\\ B -> B /\\ A.\nProof.\n  intros A B [H1 H2]. split; assumption.\nQed.\n",
        "Theorem or_comm : forall A B : Prop, A \\/ B -> B \\/ A.\nProof.\n  intros A B [H | H]; [right | left]; exact H.\nQed.\n",
        "Theorem lt_two : forall x : Z, (x < 12)%Z -> (x <= 345)%Z.\nProof.\n  intros x H. lia.\nQed.\n",
        "Theorem square : forall a b : R, (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2.\nProof.\n  intros. ring.\nQed.\n",
        "(* state: H1 : A, H2 : ~ A |- False *)\n  apply H2 in H1. contradiction.\n",
    ]

    /// Alphabet for random texts: what formal text has, what it doesn't, and what is awkward.
    static let awkward: [String] = [
        "a", "b", "x'", "forall", " ", "  ", "\n", "\t", "\r\n", "0", "7", "123", "->", "<->", "/\\", "(*", ").", "é",
        "∀", "→", "ℕ", "👩‍🔬", "\u{0}", "\u{301}", "<end>", "<pad>", "_", "\u{7F}",
    ]

    static func random(_ generator: inout SplittableGenerator, parts: Int) -> String {
        (0..<parts).map { _ in awkward[generator.integer(below: awkward.count)] }.joined()
    }

    static func randomBytes(_ generator: inout SplittableGenerator, count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    static func tokenizer(vocabularySize: Int = 320) -> Tokenizer {
        let options = TokenizerTrainer.Options(
            vocabularySize: vocabularySize, specialTokens: ["<pad>", "<end>", "<prompt>"])
        return TokenizerTrainer(options).train(on: theorems)
    }
}
