/// One line of a goal's context: variables or assumptions that share a type, or one local definition.
public struct Hypothesis: Hashable, Sendable, Codable {
    /// Names in the order printed; more than one only for `a, b : nat`.
    public var names: [String]
    /// The type, with runs of blanks and line ends folded to one blank.
    public var type: String
    /// The value of a local definition (`x := body : type`), else nil.
    public var body: String?

    /// A hypothesis from its parts.
    public init(names: [String], type: String, body: String? = nil) {
        self.names = names
        self.type = type
        self.body = body
    }

    /// The canonical one-line form: `a, b : nat` or `x := 3 : nat`.
    public var text: String {
        let head = names.joined(separator: ", ")
        return body.map { "\(head) := \($0) : \(type)" } ?? "\(head) : \(type)"
    }
}

/// One open goal: what is known and what is to be shown.
public struct Goal: Hashable, Sendable, Codable {
    /// The context, oldest first.
    public var hypotheses: [Hypothesis]
    /// The proposition to prove, with runs of blanks and line ends folded to one blank.
    public var conclusion: String

    /// A goal from its parts.
    public init(hypotheses: [Hypothesis] = [], conclusion: String) {
        self.hypotheses = hypotheses
        self.conclusion = conclusion
    }

    /// The canonical form: a line per hypothesis, a line `⊢ conclusion`.
    public var text: String {
        (hypotheses.map(\.text) + ["⊢ " + conclusion]).joined(separator: "\n")
    }
}

/// All goals that are open at one point of a proof.
///
/// Equal states print equally, so that a search may merge them. Names of existential variables (`?x`) are kept.
public struct ProofState: Hashable, Sendable, Codable {
    /// Goals in focus, the one that the next tactic works on first.
    public var goals: [Goal]
    /// Goals outside the focus of bullets and braces, in the order in which they come up.
    public var background: [Goal]
    /// Number of goals put aside with `shelve` or left to unification.
    public var shelved: Int
    /// Number of goals given up with `admit` or `give_up`; such a proof can't be closed.
    public var givenUp: Int

    /// A state from its goals.
    public init(goals: [Goal] = [], background: [Goal] = [], shelved: Int = 0, givenUp: Int = 0) {
        self.goals = goals
        self.background = background
        self.shelved = shelved
        self.givenUp = givenUp
    }

    /// Whether nothing is left to prove, so that `Qed` is worth a try.
    public var isFinished: Bool { goals.isEmpty && background.isEmpty && shelved == 0 && givenUp == 0 }

    /// The canonical printed form: goals in full, separated by blank lines; further goals and counts in one line each.
    ///
    /// `no goals` is printed for a finished state; it ends in `no goals in focus` where only background goals are left.
    public var text: String {
        if isFinished { return "no goals" }
        var parts = goals.map(\.text)
        if goals.isEmpty { parts.append("no goals in focus") }
        parts += background.map { "later: " + $0.conclusion }
        if shelved > 0 { parts.append("shelved: \(shelved)") }
        if givenUp > 0 { parts.append("given up: \(givenUp)") }
        return parts.joined(separator: "\n\n")
    }
}
