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

    @Option(help: "Where the run folders go (default: runs/RECIPE/TIME-...).")
    var out: String?

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func validate() throws {
        guard seeds >= 1 else { throw ValidationError("--seeds must be at least 1.") }
    }

    func run() async throws {
        let recipe = try usage { try Catalogue.recipe(named: self.recipe) }
        let versions = await Versions.found()
        var results: [[String: Double]] = []
        for seed in 1...UInt64(seeds) {
            Output.note("\(recipe.name): \(versions.summary(seed: seed))", isQuiet: quiet)
            let folder =
                out.map { URL(fileURLWithPath: $0).appendingPathComponent("s\(seed)") }
                ?? RunNames.fresh(recipe.name, seed: seed, isSmoke: false)
            results.append(
                try await recipe.perform(
                    in: folder, settings: [], isSmoke: false, seed: seed, versions: versions.versions,
                    commit: versions.commit, isQuiet: quiet))
        }
        let verdict = Verdict(
            recipe: recipe.name, outcomes: recipe.claims.map { $0.outcome(of: results) }, seeds: seeds)
        for line in verdict.table.lines { Output.result(line) }
        try Output.json(verdict)
        if !verdict.holds { throw ExitCode(1) }
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

    let recipe: String
    let seeds: Int
    let holds: Bool
    let claims: [Row]

    init(recipe: String, outcomes: [ClaimOutcome], seeds: Int) {
        self.recipe = recipe
        self.seeds = seeds
        holds = outcomes.allSatisfy(\.holds)
        claims = outcomes.map { outcome in
            Row(
                metric: outcome.claim.metric, ours: outcome.ours?.mean, halfWidth: outcome.ours?.halfWidth,
                paper: outcome.claim.paper, peer: outcome.claim.peer, bound: outcome.claim.bound.description,
                scope: outcome.claim.scope.rawValue, holds: outcome.holds)
        }
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
