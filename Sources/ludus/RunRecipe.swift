import ArgumentParser
import Collectives
import Foundation
import Recipes

/// `ludus run RECIPE`: one run of a recipe.
struct RunRecipe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a recipe into a run folder.",
        discussion: "A run that was killed goes on with `ludus resume FOLDER`.")

    @Argument(help: "The recipe's name, as `ludus list` shows it.")
    var recipe: String

    @Option(help: "The seed from which all random numbers come.")
    var seed: UInt64 = 1

    @Option(name: .customLong("set"), help: "Change a setting: name=value. May be given several times.")
    var settings: [String] = []

    @Option(help: "The run folder (default: runs/RECIPE/TIME-sSEED).")
    var out: String?

    @Flag(help: "Start from settings with which the recipe ends within seconds.")
    var smoke = false

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func run() async throws {
        let recipe = try usage { try Catalogue.recipe(named: self.recipe) }
        let settings = try usage { try self.settings.map { try Setting($0) } }
        try usage { try Self.check(settings, of: recipe, isSmoke: smoke) }
        // Of processes that were started together the first writes the run; the others work beside it in silence.
        let isFirst = ProcessLaunch.current.rank == 0
        let folder =
            !isFirst
            ? RunNames.aside()
            : out.map { URL(fileURLWithPath: $0) } ?? RunNames.fresh(recipe.name, seed: seed, isSmoke: smoke)
        defer { if !isFirst { try? FileManager.default.removeItem(at: folder) } }
        let isQuiet = quiet || !isFirst
        let versions = await Versions.found()
        Output.note("\(recipe.name): \(versions.summary(seed: seed))", isQuiet: isQuiet)
        let results = try await recipe.perform(
            in: folder, settings: settings, isSmoke: smoke, seed: seed, versions: versions.versions,
            commit: versions.commit, isQuiet: isQuiet)
        if isFirst { RunNames.show(results, in: folder) }
    }

    /// Complains about settings that the recipe doesn't have, before anything is written.
    static func check(_ settings: [Setting], of recipe: any Recipe.Type, isSmoke: Bool) throws {
        func check(_ recipe: (some Recipe).Type) throws {
            _ = try recipe.configuration(changing: settings, isSmoke: isSmoke)
        }
        try check(recipe)
    }
}

/// Turns a recipe's complaints about names and settings into usage errors (exit code 64).
func usage<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as RecipeError {
        throw ValidationError(error.description)
    }
}

/// Run folders' names and results.
enum RunNames {
    /// Whether a folder holds a run, finished or not.
    static func holdsRun(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("config.json").path)
    }

    /// A folder for a process whose run nobody looks at.
    static func aside() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString)")
    }

    /// A folder below `runs` that doesn't exist yet.
    static func fresh(_ recipe: String, seed: UInt64, isSmoke: Bool) -> URL {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        let name = formatter.string(from: Date()) + "-s\(seed)" + (isSmoke ? "-smoke" : "")
        let parent = URL(fileURLWithPath: "runs").appendingPathComponent(recipe)
        var folder = parent.appendingPathComponent(name)
        var count = 2
        while FileManager.default.fileExists(atPath: folder.path) {
            folder = parent.appendingPathComponent("\(name)-\(count)")
            count += 1
        }
        return folder
    }

    /// Prints a run's results and where they lie.
    static func show(_ results: [String: Double], in folder: URL) {
        var table = TextTable("result", "value")
        table.rows = results.sorted { $0.key < $1.key }.map { [$0.key, "\($0.value)"] }
        for line in table.lines { Output.result(line) }
        Output.result("Run folder: \(folder.path)")
    }
}
