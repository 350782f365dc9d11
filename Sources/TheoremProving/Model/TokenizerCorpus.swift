import Foundation
import ProofAssistants
import Randomness

/// Texts that look like prompts and proofs, for training a tokenizer before there is any proof.
enum TokenizerCorpus {
    /// Statements of all levels, each with its hypotheses as a state and a few random tactics.
    ///
    /// - Parameters:
    ///   - count: statements of each level.
    ///   - track: tactics in the texts.
    ///   - seed: decides everything.
    /// - Returns: one text a statement.
    static func texts(count: Int = 300, track: TacticTrack, seed: UInt64) -> [String] {
        var source = StatementGenerator()
        let grammar = TacticGrammar(track: track)
        let format = PromptFormat()
        var texts: [String] = []
        for level in StatementGenerator.levels {
            var generator = SplittableGenerator(seed: seed).folding(in: UInt64(level))
            let statements = source.statements(count, level: level, split: .training, using: &generator)
            for statement in statements {
                let state = state(of: statement)
                let tactics = (0..<4).map { _ in grammar.tactic(in: state, using: &generator) }
                texts.append(
                    format.prompt(for: statement.formal, track: track, after: TacticScript(tactics), state: state)
                        + "Qed.")
            }
        }
        return texts
    }

    /// A state with the statement's implications as hypotheses; it need not be one that a proof meets.
    private static func state(of statement: CurriculumStatement) -> ProofState {
        let parts = statement.proposition.split(separator: ", ", maxSplits: 1).map(String.init)
        let claims = (parts.last ?? "").components(separatedBy: " -> ")
        var hypotheses = [Hypothesis(names: ["x", "y"], type: "Z"), Hypothesis(names: ["A"], type: "Prop")]
        for (index, claim) in claims.dropLast().enumerated() {
            hypotheses.append(Hypothesis(names: [index == 0 ? "H" : "H\(index - 1)"], type: claim))
        }
        return ProofState(goals: [Goal(hypotheses: hypotheses, conclusion: claims.last ?? "")])
    }
}
