import ArgumentParser
import Foundation
import ProofAssistants
import RunRecords
import Tensors
import TheoremProving
import TreeSearch

/// `ludus prove FILE`, which looks for proofs and hands back those that a second process of Coq accepts.
struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove the statements of a file.",
        discussion: """
            FILE is a .v file of theorems without proofs, or a .jsonl file with the fields name, header and statement. \
            Every proof is checked by coqc in a process of its own, its assumptions are audited, and it is written to \
            OUT/proofs/NAME.v. A run that was killed goes on when started again with the same OUT. Exit code 1 when a \
            statement can't be read or checked at all.
            """)

    /// Where statements are checked.
    enum Assistant: String, ExpressibleByArgument, CaseIterable {
        case coq
    }

    /// How proposals are chosen; the names of the policies that `TreeSearch` compares.
    enum Search: String, ExpressibleByArgument, CaseIterable {
        case rmaxts
        case ucb1
        case uct
        case sample

        /// The policy of that name.
        var policy: SearchPolicy {
            switch self {
            case .rmaxts: .rmaxts
            case .ucb1: .ucb1
            case .uct: .uct
            case .sample: .sampling
            }
        }
    }

    @Argument(help: "The statements.", completion: .file(extensions: ["v", "jsonl"]))
    var file: String

    @Option(help: "The proof assistant.")
    var assistant = Assistant.coq

    @Option(help: "Proposals of the model for each statement; 0 leaves the model out.")
    var budget = 128

    @Option(help: "How the budget is spent.")
    var search = Search.rmaxts

    @Option(help: "Independent search trees that share the budget.")
    var trees = 1

    @Option(help: "Rollouts of random exploration where all else failed.")
    var explore = 20

    @Option(help: "The model's folder (default: Models/prover-mini of the checkout).", completion: .directory)
    var model: String?

    @Flag(inversion: .prefixedNo, help: "Try a list of Coq's decision procedures where the model fails.")
    var automation = true

    @Flag(help: "Allow no automation at all: the model's proofs must be built from basic tactics.")
    var structural = false

    @Option(help: "The seed from which all random numbers come.")
    var seed: UInt64 = 1

    @Option(
        help: "The run folder, resumed if it is there (default: runs/prove/TIME-sSEED).", completion: .directory)
    var out: String?

    @Flag(help: "Print one JSON document as the last line.")
    var json = false

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func run() async throws {
        setIntraOpThreads(1)
        let statements = try StatementFile.read(path: file)
        for problem in statements.problems { Output.note("\(problem)") }
        guard !statements.records.isEmpty else {
            Output.note("\(file) holds no statement that can be read; nothing was tried")
            throw ExitCode.failure
        }
        let options = proverOptions()
        let policy = try loadedPolicy()
        let coq = Coq()
        try await coq.selfTest()
        let folder = out.map { URL(fileURLWithPath: $0) } ?? RunNames.fresh("prove", seed: seed, isSmoke: false)
        let run = try await begin(folder, options)
        let proofs = folder.appendingPathComponent("proofs", isDirectory: true)
        try FileManager.default.createDirectory(at: proofs, withIntermediateDirectories: true)
        let batch = ProofBatch(
            prover: Prover(assistant: coq, model: policy, options: options), folder: proofs.path)
        let log = try OutcomeLog(folder)
        let report = await attempt(batch, statements.records.map(\.statement), log)
        await coq.shutDown()
        let summary = ProofSummary(outcomes: report.outcomes, unread: statements.problems.count)
        // Shown first: a full disk takes away the record, but not the result.
        show(report, summary)
        try log.finish(report.outcomes)
        try record(report, summary, in: run)
        let page = folder.appendingPathComponent("report.html")
        try ProofReport.make(title: "Proofs of \(file)", report.outcomes).write(to: page)
        Output.result("Proofs: \(proofs.path)")
        Output.result("Report: \(page.path)")
        if json { try Output.json(summary) }
        if summary.failed > 0 || summary.rejected > 0 || summary.unread > 0 || !report.problems.isEmpty {
            throw ExitCode.failure
        }
    }

    func validate() throws {
        guard budget >= 0, trees >= 1, explore >= 0 else {
            throw ValidationError("--budget and --explore must be at least 0, --trees at least 1")
        }
    }

    private func proverOptions() -> ProverOptions {
        var options = ProverOptions()
        options.track = structural ? .structural : .automated
        options.usesAutomation = automation && !structural
        options.policy = search.policy
        options.budget = budget
        options.trees = trees
        options.explorationRollouts = explore
        options.seed = seed
        return options
    }

    private func loadedPolicy() throws -> DecoderPolicy? {
        guard budget > 0 else { return nil }
        if let model { return try DecoderPolicy(folder: model) }
        guard let folder = ModelFolder.find("prover-mini") else {
            Output.note(
                "no model: Models/prover-mini is neither here nor beside the program, so only automation and "
                    + "exploration are tried; name one with --model, or train one with `ludus train prover`")
            return nil
        }
        return try DecoderPolicy(folder: folder.path)
    }

    /// What has to be the same for a run to go on.
    private struct Settings: Codable {
        var file: String
        var model: String?
        var options: ProverOptions
    }

    /// Starts a run, or takes up again the one that the folder holds.
    private func begin(_ folder: URL, _ options: ProverOptions) async throws -> Run {
        let versions = await Versions.found()
        Output.note("prove \(file): \(versions.summary(seed: seed))", isQuiet: quiet)
        let description = try RunDescription(
            name: "prove", configuration: Settings(file: file, model: model, options: options), seed: seed,
            versions: versions.versions, commit: versions.commit)
        guard RunNames.holdsRun(folder) else {
            return try Run.create(at: folder, description: description)
        }
        let earlier = try RunDescription.read(from: folder)
        guard earlier.name == description.name, earlier.configuration == description.configuration else {
            throw ValidationError("\(folder.path) holds a run with other settings; choose another folder with --out")
        }
        return try Run.resume(at: folder)
    }

    private func attempt(_ batch: ProofBatch, _ statements: [FormalStatement], _ log: OutcomeLog) async
        -> ProofBatch.Report
    {
        let progress = ProgressLine("proving", total: statements.count, isQuiet: quiet)
        let counter = ProofCounter()
        let report = await batch.run(statements, known: log.known) { done, outcome in
            log.append(outcome)
            let proved = counter.add(outcome)
            progress.update(done, note: "\(proved) proved, last \(outcome.name): \(outcome.kind.rawValue)")
        }
        progress.finish()
        return report
    }

    private func record(_ report: ProofBatch.Report, _ summary: ProofSummary, in run: Run) throws {
        for (step, outcome) in report.outcomes.enumerated() {
            try run.log(
                ["proved": outcome.kind == .proved ? 1 : 0, "samples": Double(outcome.samples)], step: step)
            try run.logTiming("seconds", outcome.seconds, step: step)
        }
        try run.finish([
            "proved": Double(summary.proved), "undecided": Double(summary.undecided),
            "rejected": Double(summary.rejected), "failed": Double(summary.failed),
        ])
    }

    private func show(_ report: ProofBatch.Report, _ summary: ProofSummary) {
        var table = TextTable("theorem", "verdict", "found by, or why not", "samples", "seconds")
        for outcome in report.outcomes {
            let isSilent = outcome.kind == .proved || outcome.kind == .undecided
            table.rows.append([
                outcome.name, outcome.kind.rawValue, isSilent ? outcome.foundBy : String(outcome.detail.prefix(100)),
                "\(outcome.samples)", String(format: "%.1f", outcome.seconds),
            ])
        }
        for line in table.lines { Output.result(line) }
        for problem in report.problems { Output.note("\(problem)") }
        if !report.problems.isEmpty {
            // What no file holds must not be lost.
            for outcome in report.outcomes where report.files[outcome.name] == nil {
                if let proof = outcome.file { Output.result("\n" + proof) }
            }
        }
        Output.result(summary.sentence)
    }
}
