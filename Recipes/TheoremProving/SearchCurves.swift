import Foundation
import ProofAssistants
import Randomness
import RunRecords
import Tensors
public import TheoremProving
import TreeSearch

/// RMaxTS, plain sampling and search without intrinsic reward, at equal budgets.
///
/// Same model, same held-out statements, same number of proposals. Xin et al. 2024, arXiv:2408.08152, table 3 and the
/// ablations of section 4.3. The statements are chosen by a pilot with other seeds, so that sampling solves some of them
/// and not others: those that it solves at once tell nothing.
///
/// Results: `SearchCurves.md`.
public struct SearchCurves: Recipe {
    /// The settings.
    public struct Configuration: RecipeConfiguration {
        /// Folder of the model.
        public var model = "Models/prover-mini"
        /// Statements in the comparison.
        public var statements = 40
        /// Share of them that the pilot solved.
        public var solvedShare = 0.4
        /// Proposals of the pilot's sampling for each candidate.
        public var pilotBudget = 64
        /// A candidate that the pilot solves with fewer proposals is left out.
        public var leastCost = 5
        /// Candidates that the pilot looks at, at most.
        public var candidates = 400
        /// Proposals for each attempt; the curves answer for every smaller budget.
        public var budget = 1024
        /// Budgets that are reported.
        public var marks = [64, 256, 1024]
        /// Attempts at each statement.
        public var attempts = 2
        /// Coq processes and attempts under way.
        public var processes = 2
        /// Where candidates come from.
        public var curriculum = CurriculumOptions()

        /// The standard settings.
        public init() {}
    }

    /// Its name.
    public static let name = "search-curves"
    /// Its field.
    public static let field = RecipeField.proving
    /// The paper.
    public static let paper = "Xin et al. 2024, DeepSeek-Prover-V1.5, arXiv:2408.08152, table 3"
    /// What it does.
    public static let summary = "RMaxTS, sampling and UCT at equal budgets on held-out statements"
    /// How long the default settings take.
    public static let expectedTime = "45 min on 2 cores"

    /// Two statements and a handful of proposals.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.statements = 2
        configuration.candidates = 3
        configuration.pilotBudget = 2
        configuration.leastCost = 1
        configuration.budget = 3
        configuration.marks = [1, 3]
        configuration.attempts = 1
        return configuration
    }

    /// Whether sampling's share is where a comparison can show anything; which policy wins is a finding, no claim.
    public static let claims = [Claim("sampling in range", .atLeast(1))]

    /// Nothing to set up.
    public init() {}

    /// Chooses statements, attempts each with every policy, and reports shares and their 95 % intervals.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run; metrics hold each curve, the budget as the step.
    /// - Returns: for each policy and budget the share solved and its interval.
    /// - Throws: `ProofAssistantError` where Coq is missing, `LanguageModelError` where the model is.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        setIntraOpThreads(1)
        let policy = try DecoderPolicy(folder: configuration.model)
        var coqOptions = CoqOptions()
        coqOptions.processes = configuration.processes
        let coq = Coq(coqOptions)
        try await coq.selfTest()
        let comparison = SearchComparison(assistant: coq, model: policy)
        let chosen = try await choose(configuration, comparison, context)
        let policies: [(name: String, policy: SearchPolicy)] = [
            ("sampling", .sampling), ("rmaxts", .rmaxts), ("ucb1", .ucb1), ("uct", .uct),
        ]
        var generator = SplittableGenerator(seed: context.seed).folding(in: "attempts")
        let seeds = (0..<configuration.attempts).map { _ in generator.next() }
        let progress = context.progress("attempts", total: chosen.count * seeds.count * policies.count)
        let counter = AttemptCounter()
        let curves = await comparison.run(
            chosen, policies: policies, budget: configuration.budget, seeds: seeds, inFlight: configuration.processes
        ) { name, _ in progress.update(counter.next(), note: name) }
        progress.finish()
        await coq.shutDown()
        return try report(curves, configuration, context)
    }

    private func choose(
        _ configuration: Configuration, _ comparison: SearchComparison, _ context: RecipeContext
    ) async throws -> [(statement: FormalStatement, track: TacticTrack)] {
        let root = SplittableGenerator(seed: context.seed)
        var source = StatementGenerator(options: configuration.curriculum)
        let levels = Array(StatementGenerator.levels.suffix(3))
        var candidates: [CurriculumStatement] = []
        for level in levels {
            var generator = root.folding(in: "candidates \(level)")
            candidates += source.statements(
                max(1, configuration.candidates / levels.count), level: level, split: .heldOut, using: &generator)
        }
        var order = root.folding(in: "order")
        candidates = order.shuffled(candidates)
        let tracks = ExpertIterationOptions()
        let pairs = candidates.map { (statement: $0.formal, track: tracks.track(of: $0)) }
        var pilot = root.folding(in: "pilot")
        let costs = await comparison.run(
            pairs, policies: [("sampling", .sampling)], budget: configuration.pilotBudget, seeds: [pilot.next()],
            inFlight: configuration.processes)[0].costs
        let solved = pairs.indices.filter { costs[$0].map { $0 >= configuration.leastCost } ?? false }
        let open = pairs.indices.filter { costs[$0] == nil && candidates[$0].expectation == .valid }
        let wanted = Int((Double(configuration.statements) * configuration.solvedShare).rounded())
        let places = solved.prefix(wanted) + open.prefix(configuration.statements - wanted)
        let chosen = places.map { pairs[$0] }
        // Which statements were chosen can be told from their number and size.
        let characters = chosen.reduce(0) { $0 + $1.statement.text.count }
        try context.run.log(
            [
                "pilot/solved": Double(solved.count) / Double(max(1, pairs.count)),
                "statements/count": Double(chosen.count), "statements/characters": Double(characters),
            ], step: 0)
        return chosen
    }

    private func report(
        _ curves: [SearchCurve], _ configuration: Configuration, _ context: RecipeContext
    ) throws -> [String: Double] {
        var results: [String: Double] = [:]
        let steps = Set((0...20).map { Int(pow(2, Double($0) / 2).rounded()) } + configuration.marks)
            .filter { $0 <= configuration.budget }.sorted()
        for step in steps {
            try context.run.log(
                Dictionary(uniqueKeysWithValues: curves.map { ("solved/\($0.name)", $0.share(within: step).share) }),
                step: step)
        }
        for curve in curves {
            for mark in configuration.marks {
                let (share, low, high) = curve.share(within: mark)
                results["\(curve.name) @\(mark)"] = share
                results["\(curve.name) @\(mark) low"] = low
                results["\(curve.name) @\(mark) high"] = high
            }
        }
        let sampling = curves.first?.share(within: configuration.budget).share ?? 0
        results["sampling in range"] = (0.2...0.6).contains(sampling) ? 1 : 0
        return results
    }
}
