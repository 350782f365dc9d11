import ArgumentParser
import Foundation
import Recipes
import RunRecords

/// `ludus verify RECIPE`, which tells whether a recipe's claims hold over several seeds.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a recipe over several seeds and check its claims.",
        discussion: "The last line on stdout is one JSON document. Exit code 1 when a claim doesn't hold.")

    @Argument(help: "The recipe's name, as `ludus list` shows it.")
    var recipe: String

    @Option(help: "How many seeds: 1, 2, ... up to this.")
    var seeds = 5

    @Option(name: .customLong("set"), help: "Change a setting: name=value. May be given several times.")
    var settings: [String] = []

    @Option(help: "Where the run folders go; those that are there already are resumed (default: runs/RECIPE/TIME-...).")
    var out: String?

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func validate() throws {
        guard seeds >= 1 else { throw ValidationError("--seeds must be at least 1.") }
    }

    func run() async throws {
        let recipe = try usage { try Catalogue.recipe(named: self.recipe) }
        let versions = await Versions.found()
        let settings = try usage { try self.settings.map { try Setting($0) } }
        try usage { try RunRecipe.check(settings, of: recipe, isSmoke: false) }
        var results: [[String: Double]] = []
        for seed in 1...UInt64(seeds) {
            Output.note("\(recipe.name): \(versions.summary(seed: seed))", isQuiet: quiet)
            let folder =
                out.map { URL(fileURLWithPath: $0).appendingPathComponent("s\(seed)") }
                ?? RunNames.fresh(recipe.name, seed: seed, isSmoke: false)
            results.append(try await result(of: recipe, settings, seed, in: folder, versions))
        }
        let verdict = Verdict(
            recipe: recipe.name, outcomes: recipe.claims.map { $0.outcome(of: results) }, results: results)
        for line in verdict.resultTable.lines + [""] + verdict.table.lines { Output.result(line) }
        try Output.json(verdict)
        if !verdict.holds { throw ExitCode(1) }
    }

    /// The results of one seed: those of the run folder where it is finished, else what running or resuming it gives.
    private func result(
        of recipe: any Recipe.Type, _ settings: [Setting], _ seed: UInt64, in folder: URL, _ versions: Versions
    ) async throws -> [String: Double] {
        guard RunNames.holdsRun(folder) else {
            return try await recipe.perform(
                in: folder, settings: settings, isSmoke: false, seed: seed, versions: versions.versions,
                commit: versions.commit, isQuiet: quiet)
        }
        if let summary = try RunSummary.read(from: folder), summary.status == .finished { return summary.results }
        return try await recipe.resume(Run.resume(at: folder), isQuiet: quiet)
    }
}

/// What `ludus verify` found, as its last line says it.
private struct Verdict: Encodable {
    struct Row: Encodable {
        let metric: String
        let ours: Double?
        let halfWidth: Double?
        let paper: Double?
        let peer: Double?
        let bound: String
        let scope: String
        let holds: Bool
    }

    struct Result: Encodable {
        let name: String
        let mean: Double
        let halfWidth: Double
    }

    let recipe: String
    let seeds: Int
    let holds: Bool
    let claims: [Row]
    /// Every result that all seeds have, with the half width of its 95 % interval over seeds.
    let results: [Result]

    init(recipe: String, outcomes: [ClaimOutcome], results: [[String: Double]]) {
        self.recipe = recipe
        seeds = results.count
        let names = results.reduce(into: Set(results.first?.keys.map { $0 } ?? [])) { $0.formIntersection($1.keys) }
        self.results = names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.map { name in
            let interval = ConfidenceInterval(of: results.compactMap { $0[name] })
            return Result(name: name, mean: interval.mean, halfWidth: interval.halfWidth)
        }
        holds = outcomes.allSatisfy(\.holds)
        claims = outcomes.map { outcome in
            Row(
                metric: outcome.claim.metric, ours: outcome.ours?.mean, halfWidth: outcome.ours?.halfWidth,
                paper: outcome.claim.paper, peer: outcome.claim.peer, bound: outcome.claim.bound.description,
                scope: outcome.claim.scope.rawValue, holds: outcome.holds)
        }
    }

    var resultTable: TextTable {
        var table = TextTable("result", "mean ± 95 % over \(seeds) seeds")
        table.rows = results.map { [$0.name, Self.number($0.mean) + " ± " + Self.number($0.halfWidth)] }
        return table
    }

    var table: TextTable {
        var table = TextTable("claim", "ours", "paper", "peer", "bound", "over", "holds")
        for row in claims {
            let ours = row.ours.map { Self.number($0) + " ± " + Self.number(row.halfWidth ?? 0) } ?? "absent"
            table.rows.append([
                row.metric, ours, row.paper.map(Self.number) ?? "-", row.peer.map(Self.number) ?? "-", row.bound,
                row.scope == "every" ? "each of \(seeds) seeds" : "mean of \(seeds) seeds", row.holds ? "yes" : "NO",
            ])
        }
        return table
    }

    private static func number(_ value: Double) -> String {
        String(format: "%.4g", value)
    }
}
