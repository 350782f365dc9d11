import ArgumentParser
import Foundation
import Recipes
import RunRecords
import TheoremProving

/// `ludus train`, with a subcommand for each kind of model.
struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model.", subcommands: [TrainProver.self])
}

/// `ludus train prover`, which trains a prover on Coq's verdicts, or goes on where a killed training stopped.
struct TrainProver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prover", abstract: "Train a prover by expert iteration on Coq.",
        discussion: """
            The recipe prover-mini in a folder of your choice. Started again with the same folder it goes on with the \
            next piece of work, and ends with the same metrics.jsonl and model as an undisturbed run.
            """)

    @Option(help: "The run folder: made if it isn't there, resumed if it is.", completion: .directory)
    var out = "runs/prover-mini/model"

    @Option(help: "Also write the finished model here, in bfloat16: half the size.", completion: .directory)
    var save: String?

    @Option(help: "The seed from which all random numbers come; a resumed run keeps its own.")
    var seed: UInt64 = 1

    @Option(name: .customLong("set"), help: "Change a setting: name=value. May be given several times.")
    var settings: [String] = []

    @Flag(help: "Start from settings with which training ends within seconds.")
    var smoke = false

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func run() async throws {
        let folder = URL(fileURLWithPath: out)
        if RunNames.holdsRun(folder) {
            var resume = ResumeRun()
            resume.folder = out
            resume.quiet = quiet
            try await resume.run()
            return try saveModel(of: folder)
        }
        let settings = try usage { try self.settings.map { try Setting($0) } }
        _ = try usage { try ProverMini.configuration(changing: settings, isSmoke: smoke) }
        let versions = await Versions.found()
        Output.note("\(ProverMini.name): \(versions.summary(seed: seed))", isQuiet: quiet)
        let results = try await ProverMini.perform(
            in: folder, settings: settings, isSmoke: smoke, seed: seed, versions: versions.versions,
            commit: versions.commit, isQuiet: quiet)
        RunNames.show(results, in: folder)
        try saveModel(of: folder)
    }

    private func saveModel(of folder: URL) throws {
        guard let save else { return }
        try DecoderPolicy(folder: folder.appendingPathComponent("model").path).saveRounded(to: save)
        Output.result("Model: \(save)")
    }
}
