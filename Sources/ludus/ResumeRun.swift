import ArgumentParser
import Collectives
import Foundation
import Recipes
import RunRecords

/// `ludus resume FOLDER`: a killed run goes on.
struct ResumeRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Take a killed or failed run up again at its last checkpoint.",
        discussion: "It ends with the same metrics.jsonl as a run that was never disturbed.")

    @Argument(help: "The run folder.", completion: .directory)
    var folder: String

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func run() async throws {
        let url = URL(fileURLWithPath: folder)
        let description = try RunDescription.read(from: url)
        let name = description.name
        guard name != "prove" else {
            throw ValidationError(
                "a proving run goes on when it is started again with --out \(folder): "
                    + description.commandLine.joined(separator: " "))
        }
        let recipe = try Catalogue.recipe(named: name)
        if let summary = try RunSummary.read(from: url), summary.status == .finished {
            Output.note("The run is finished already.", isQuiet: quiet)
            return RunNames.show(summary.results, in: url)
        }
        guard ProcessLaunch.current.rank == 0 else { return try await resumeAside(recipe, url) }
        let run = try Run.resume(at: url)
        for reason in run.skippedCheckpoints { Output.note("Passed over a checkpoint: \(reason)", isQuiet: quiet) }
        let place = run.resumedFrom.map { "after step \($0.record.step)" } ?? "from the beginning"
        Output.note("\(name): seed \(run.description.seed), going on \(place)", isQuiet: quiet)
        RunNames.show(try await recipe.resume(run, isQuiet: quiet), in: url)
    }

    /// Goes on from a copy of the run: of processes that were started together only the first writes to it.
    ///
    /// The first can't save another checkpoint before all work together, so the copy's newest is the one it goes on from.
    private func resumeAside(_ recipe: any Recipe.Type, _ folder: URL) async throws {
        let copy = RunNames.aside()
        defer { try? FileManager.default.removeItem(at: copy) }
        try await Self.copy(folder, to: copy)
        _ = try await recipe.resume(Run.resume(at: copy), isQuiet: true)
    }

    /// Copies a run that the first process may be tidying up: a file that is gone meanwhile is no failure at once.
    private static func copy(_ folder: URL, to copy: URL) async throws {
        for _ in 0..<20 {
            do {
                return try FileManager.default.copyItem(at: folder, to: copy)
            } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
                try? FileManager.default.removeItem(at: copy)
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        try FileManager.default.copyItem(at: folder, to: copy)
    }
}
