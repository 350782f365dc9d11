public import ProofAssistants
import Randomness
public import TreeSearch

/// How many statements a policy of search solves within a budget, for every budget up to the largest.
public struct SearchCurve: Sendable, Hashable, Codable {
    /// Name of the policy.
    public var name: String
    /// For each statement and seed, the number of proposals up to the first proof; nil where there was none.
    public var costs: [Int?]

    /// A curve from its parts.
    public init(name: String, costs: [Int?]) {
        self.name = name
        self.costs = costs
    }

    /// Number of attempts that were solved with at most `budget` proposals.
    public func solved(within budget: Int) -> Int { costs.count { $0.map { $0 <= budget } ?? false } }

    /// Share that was solved with at most `budget` proposals, and its 95 % interval.
    ///
    /// Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22.
    ///
    /// - Parameter budget: proposals.
    /// - Returns: share, lower and upper end, all in `[0, 1]`; 0, 0, 1 without attempts.
    public func share(within budget: Int) -> (share: Double, low: Double, high: Double) {
        guard !costs.isEmpty else { return (0, 0, 1) }
        let count = Double(costs.count)
        let share = Double(solved(within: budget)) / count
        let z = 1.96
        let middle = (share + z * z / (2 * count)) / (1 + z * z / count)
        let spread = share * (1 - share) / count + z * z / (4 * count * count)
        let half = z / (1 + z * z / count) * spread.squareRoot()
        return (share, max(0, middle - half), min(1, middle + half))
    }
}

/// Compares policies of search at equal budgets: same model, same statements, same number of proposals.
public struct SearchComparison: Sendable {
    /// Where scripts run.
    public let assistant: any ProofAssistant
    /// Settings of the prover; policy, budget, automation and exploration are set by the comparison.
    public let options: ProverOptions
    private let model: any ScriptModel

    /// A comparison.
    public init(assistant: any ProofAssistant, model: any ScriptModel, options: ProverOptions = ProverOptions()) {
        self.assistant = assistant
        self.model = model
        self.options = options
    }

    /// One curve a policy.
    ///
    /// - Parameters:
    ///   - statements: what is to be proved, each with its track.
    ///   - policies: by name.
    ///   - budget: proposals for each attempt; curves answer for every smaller budget too.
    ///   - seeds: attempts of each statement.
    ///   - inFlight: attempts under way at a time.
    ///   - observe: called when an attempt is done, with the name of its policy.
    /// - Returns: curves in the order of the policies; their attempts are in the order of statements and seeds.
    public func run(
        _ statements: [(statement: FormalStatement, track: TacticTrack)],
        policies: [(name: String, policy: SearchPolicy)], budget: Int, seeds: [UInt64], inFlight: Int = 2,
        observe: @Sendable (String, ProofOutcome) -> Void = { _, _ in }
    ) async -> [SearchCurve] {
        var curves: [SearchCurve] = []
        for (name, policy) in policies {
            let attempts = statements.flatMap { item in seeds.map { (item.statement, item.track, $0) } }
            var costs = [Int?](repeating: nil, count: attempts.count)
            await withTaskGroup(of: (Int, ProofOutcome).self) { group in
                for (index, (statement, track, seed)) in attempts.enumerated() {
                    if index >= inFlight, let (done, outcome) = await group.next() {
                        costs[done] = outcome.kind == .proved ? outcome.samples : nil
                        observe(name, outcome)
                    }
                    let prover = prover(policy, budget, track, seed)
                    group.addTask { (index, await prover.prove(statement)) }
                }
                for await (done, outcome) in group {
                    costs[done] = outcome.kind == .proved ? outcome.samples : nil
                    observe(name, outcome)
                }
            }
            curves.append(SearchCurve(name: name, costs: costs))
        }
        return curves
    }

    private func prover(_ policy: SearchPolicy, _ budget: Int, _ track: TacticTrack, _ seed: UInt64) -> Prover {
        var chosen = options
        chosen.policy = policy
        chosen.budget = budget
        chosen.track = track
        chosen.usesAutomation = false
        chosen.explorationRollouts = 0
        chosen.seed = seed
        return Prover(assistant: assistant, model: model, options: chosen)
    }
}
