import Foundation
import RunRecords
import Testing

@testable import Recipes

/// What every recipe must keep to.
@Suite struct CatalogueTests {
    static let names = Catalogue.all.map { $0.name }
    /// Recipes that can run here: those about proofs need Coq, the comparison of searches needs a model, and those that
    /// train policies need their tasks.
    static let runnable = Catalogue.all.filter { recipe in
        (recipe.field != .proving || hasCoq) && (recipe.name != SearchCurves.name || hasModel)
            && hasTask(recipe)
    }.map { $0.name }

    private static func hasTask(_ recipe: any Recipe.Type) -> Bool {
        guard let control = recipe as? any ControlRecipe.Type, !control.isAvailable else { return true }
        print("skipped: \(control.name), whose task \(control.task) isn't here")
        return false
    }

    private static let hasModel: Bool = {
        let isThere = FileManager.default.fileExists(atPath: SearchCurves.Configuration().model + "/config.json")
        if !isThere { print("skipped: search-curves, whose model isn't here; `ludus train prover` makes one") }
        return isThere
    }()

    private static let hasCoq: Bool = {
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        let isThere = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/coqidetop.opt") }
        if !isThere { print("skipped: recipes that need Coq; install it with Scripts/bootstrap") }
        return isThere
    }()

    private func withTemporaryFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test func namesAreUniqueAndPlain() {
        #expect(Set(Self.names).count == Self.names.count)
        #expect(Self.names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } })
    }

    @Test(arguments: runnable)
    func sameSeedGivesTheSameMetricsAndAllClaimedResults(name: String) async throws {
        let recipe = try Catalogue.recipe(named: name)
        try await withTemporaryFolder { folder in
            var metrics: [Data] = []
            for (label, seed) in [("a", UInt64(7)), ("b", 7), ("c", 8)] {
                let run = folder.appendingPathComponent(label)
                let results = try await recipe.perform(in: run, settings: [], isSmoke: true, seed: seed)
                for claim in recipe.claims { #expect(results[claim.metric] != nil) }
                metrics.append(try Data(contentsOf: run.appendingPathComponent("metrics.jsonl")))
            }
            #expect(metrics[0].isEmpty == false)
            #expect(metrics[0] == metrics[1])
            #expect(metrics[0] != metrics[2])
        }
    }

    /// Cuts a finished run back to what a kill at a random byte leaves, and resumes it.
    @Test(arguments: runnable)
    func resumedRunsEndWithTheSameMetrics(name: String) async throws {
        let recipe = try Catalogue.recipe(named: name)
        try await withTemporaryFolder { folder in
            let run = folder.appendingPathComponent("run")
            let results = try await recipe.perform(in: run, settings: [], isSmoke: true, seed: 7)
            let file = run.appendingPathComponent("metrics.jsonl")
            let whole = try Data(contentsOf: file)
            for share in [0.9, 0.5, 0.1] {
                try whole.prefix(Int(Double(whole.count) * share)).write(to: file)
                #expect(try await recipe.resume(Run.resume(at: run)) == results)
                #expect(try Data(contentsOf: file) == whole)
            }
        }
    }

    @Test func unknownNamesGetASuggestion() {
        let error = #expect(throws: RecipeError.self) { try Catalogue.recipe(named: "ubc1-regret") }
        #expect(error?.description.contains("did you mean \"ucb1-regret\"?") == true)
    }
}
