public import ProofAssistants

/// A fixed list of short scripts of decision procedures: what automation alone can prove.
public struct AutomationPortfolio: Hashable, Sendable, Codable {
    /// One script with its limit.
    public struct Entry: Hashable, Sendable, Codable {
        /// Name for tables.
        public var name: String
        /// Tactics.
        public var script: TacticScript
        /// Processor seconds for each tactic.
        public var seconds: Double

        /// An entry from its parts.
        public init(_ name: String, _ sentences: [String], seconds: Double) {
            self.name = name
            script = TacticScript(sentences)
            self.seconds = seconds
        }
    }

    /// Scripts in the order tried.
    public var entries: [Entry]

    /// The standard list: cheap deciders first, then the non-linear ones with more time.
    public init() {
        let quick = ["reflexivity", "lia", "lra", "vm_compute; reflexivity", "ring", "field", "congruence", "tauto"]
        entries = quick.map { Entry($0, ["intros.", "\($0)."], seconds: 1) }
        entries += [
            Entry("subst, lra", ["intros.", "subst.", "lra."], seconds: 1),
            Entry("subst, lia", ["intros.", "subst.", "lia."], seconds: 1),
            Entry("split, lra", ["intros.", "repeat split; lra."], seconds: 1),
            Entry("split, lia", ["intros.", "repeat split; lia."], seconds: 1),
            Entry("subst, simpl, lra", ["intros.", "subst.", "simpl in *.", "lra."], seconds: 1),
            Entry("subst, simpl, lia", ["intros.", "subst.", "simpl in *.", "lia."], seconds: 1),
            Entry("firstorder", ["intros.", "firstorder."], seconds: 1),
            Entry("nia", ["intros.", "nia."], seconds: 4),
            Entry("nra", ["intros.", "nra."], seconds: 4),
            Entry("subst, nia", ["intros.", "subst.", "repeat split; nia."], seconds: 4),
            Entry("subst, nra", ["intros.", "subst.", "repeat split; nra."], seconds: 4),
            Entry("bounded natural", ["intros.", Self.boundedNatural], seconds: 4),
        ]
    }

    /// Bounds a natural number of the context and goes through all its values.
    private static let boundedNatural = """
        match goal with x : nat |- _ => assert (x < 20) by (simpl in *; nia); \
        do 20 (destruct x as [|x]; [ simpl in *; lia | ]); lia end.
        """

    /// What the portfolio did on one statement.
    public struct Result: Hashable, Sendable, Codable {
        /// The entry that proved the statement, or nil.
        public var entry: Entry?
        /// Entries that were tried.
        public var tried: Int
        /// Entries that hit a limit or killed the process; these say nothing about the statement.
        public var undecided: Int
    }

    /// Tries the entries in order until one proves the statement.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved; see ``extended(_:)``.
    ///   - assistant: where scripts run.
    /// - Returns: the first entry that worked, and counts.
    /// - Throws: what the assistant throws where nothing can be said about the statement.
    public func run(
        on statement: FormalStatement, assistant: any ProofAssistant
    ) async throws(ProofAssistantError) -> Result {
        var result = Result(entry: nil, tried: 0, undecided: 0)
        for entry in entries {
            let limit = Duration.milliseconds(Int(entry.seconds * 1000))
            let limits = Limits(sentenceTime: limit, totalTime: limit * 3)
            result.tried += 1
            let check: ScriptCheck
            do {
                check = try await assistant.check(statement, script: entry.script.text, limits: limits)
            } catch .processDied {
                // Some computations overflow the process's stack and kill it; the next entry may still work.
                result.undecided += 1
                continue
            }
            if check.isComplete {
                result.entry = entry
                return result
            }
            if let kind = check.failure?.kind, kind == .timeLimit || kind == .memoryLimit { result.undecided += 1 }
        }
        return result
    }

    /// The statement with the libraries of the decision procedures imported in front of its own header.
    ///
    /// In front, so that the statement's own imports and scopes have the last word on what its symbols mean.
    public static func extended(_ statement: FormalStatement) -> FormalStatement {
        let line = "Require Import Lia Lra Psatz."
        let words = Set(statement.header.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
        if ["Lia", "Lra", "Psatz"].allSatisfy({ words.contains($0) }) { return statement }
        var result = statement
        result.header = statement.header.isEmpty ? line : line + "\n" + statement.header
        return result
    }
}
