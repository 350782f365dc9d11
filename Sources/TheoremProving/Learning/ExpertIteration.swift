import Foundation
public import ProofAssistants
import Randomness

/// Expert iteration: propose proofs, keep those that Coq accepts, fit the policy to them, measure, repeat.
///
/// Levels open one after another as the ones before are solved; the policy before the current one and random
/// exploration propose too, and every open level keeps a floor of training examples, so that one poor round can't
/// make the policy collapse. Every piece of work is a function of the options, its number and the policies, and is
/// stored when it is done: a killed process goes on with the next piece and ends with the same records.
public struct ExpertIteration<Model: TrainableScriptModel>: Sendable {
    /// Settings.
    public let options: ExpertIterationOptions
    /// Form of prompts and examples.
    public let format: PromptFormat
    private let assistant: any ProofAssistant
    private let folder: IterationFolder

    /// What is known between rounds.
    private struct Progress: Sendable, Codable {
        var record: RoundRecord
        var levels: Int
        var buffer = ReplayBuffer()
        var open: [CurriculumStatement] = []
        var seen: [UInt64] = []
    }

    /// An iteration in a folder; nothing is touched before ``run(from:observe:)``.
    ///
    /// - Parameters:
    ///   - options: settings.
    ///   - assistant: where scripts run.
    ///   - folder: where all files go; an iteration that was begun there with the same options is resumed.
    ///   - format: form of the texts.
    public init(
        options: ExpertIterationOptions, assistant: any ProofAssistant, folder: String,
        format: PromptFormat = PromptFormat()
    ) {
        options.check()
        self.options = options
        self.assistant = assistant
        self.folder = IterationFolder(folder)
        self.format = format
    }

    /// Runs all rounds that aren't done yet.
    ///
    /// - Parameters:
    ///   - initial: the untrained policy; the same in a resumed run.
    ///   - observe: called for each round in order, also for those that were done before a resume, so that whatever
    ///     it writes from the start is the same as in an undisturbed run.
    /// - Returns: the last policy, and the records of all rounds.
    /// - Throws: `TheoremProvingError`, `ProofAssistantError`, or what the policy throws.
    public func run(
        from initial: Model, observe: @Sendable (RoundRecord) throws -> Void = { _ in }
    ) async throws -> (model: Model, records: [RoundRecord]) {
        try folder.make(folder.root)
        try checkOptions()
        let heldOut = try heldOutStatements()
        var models = [initial]
        var progress: Progress?
        var records: [RoundRecord] = []
        for round in 0...options.rounds {
            let done = folder.round(round).appendingPathComponent("done.json")
            if let stored = try folder.read(Progress.self, done) {
                if round > 0 { models.append(try models[models.count - 1].loaded(from: modelFolder(round).path)) }
                progress = stored
            } else {
                try folder.make(folder.round(round).appendingPathComponent("units", isDirectory: true))
                progress = try await work(round, progress, initial, &models, heldOut)
                try folder.write(progress, done)
            }
            models = Array(models.suffix(2))
            if let record = progress?.record {
                try observe(record)
                records.append(record)
            }
        }
        return (models[models.count - 1], records)
    }

    private func modelFolder(_ round: Int) -> URL {
        folder.round(round).appendingPathComponent("model", isDirectory: true)
    }

    private func checkOptions() throws(TheoremProvingError) {
        let url = folder.root.appendingPathComponent("options.json")
        if let stored = try folder.read(ExpertIterationOptions.self, url) {
            guard stored == options.fingerprint else {
                throw .badCheckpoint(path: url.path, reason: "it was begun with other options")
            }
        } else {
            try folder.write(options.fingerprint, url)
        }
    }

    private func generator(_ round: Int, _ name: String) -> SplittableGenerator {
        SplittableGenerator(seed: options.seed).folding(in: UInt64(round)).folding(in: name)
    }

    /// The held-out statements: the first of each level, the same for equal seeds.
    private func heldOutStatements() throws(TheoremProvingError) -> [CurriculumStatement] {
        let url = folder.root.appendingPathComponent("heldout.json")
        if let stored = try folder.read([CurriculumStatement].self, url) { return stored }
        var source = StatementGenerator(options: options.curriculum)
        var statements: [CurriculumStatement] = []
        for level in StatementGenerator.levels {
            var generator = generator(0, "held out \(level)")
            statements += source.statements(
                options.heldOutPerLevel, level: level, split: .heldOut, using: &generator)
        }
        try folder.write(statements, url)
        return statements
    }

    // MARK: One round

    private func work(
        _ round: Int, _ before: Progress?, _ initial: Model, _ models: inout [Model], _ heldOut: [CurriculumStatement]
    ) async throws -> Progress {
        var progress =
            before ?? Progress(record: RoundRecord(round), levels: options.startLevels)
        progress.record = RoundRecord(round)
        progress.record.levels = progress.levels
        if round > 0 {
            try await propose(round, models, &progress)
            models.append(try await train(round, initial, models, &progress))
            unlock(&progress)
        }
        progress.record.bufferByLevel = StatementGenerator.levels.map { progress.buffer.count(level: $0) }
        progress.record.scores = try await evaluate(round, models[models.count - 1], heldOut)
        return progress
    }

    private func propose(_ round: Int, _ models: [Model], _ progress: inout Progress) async throws {
        let statements = try roundStatements(round, &progress)
        var policies: [(name: String, model: any ScriptModel, samples: Int)] = []
        if round > 1 { policies.append(("policy", models[models.count - 1], options.samples)) }
        if round > 2, models.count > 1 { policies.append(("older policy", models[0], options.olderSamples)) }
        let chosen = policies
        let results = try await units(round, "propose", statements) { unit in try await unit.propose(chosen) }
        for (statement, result) in zip(statements, results) {
            progress.buffer.add(result.proofs, of: statement, limit: options.proofsPerStatement)
            progress.record.sources.merge(result.sources) { $0 + $1 }
        }
        progress.record.tried = statements.count
        progress.record.solved = results.count { !$0.proofs.isEmpty }
        let tried = Set(statements.map(\.canonicalHash))
        let untouched = progress.open.filter { !tried.contains($0.canonicalHash) }
        progress.open = untouched + statements.filter { !progress.buffer.holds($0) }
    }

    /// New statements of the open levels and some that are still open.
    private func roundStatements(
        _ round: Int, _ progress: inout Progress
    ) throws(TheoremProvingError) -> [CurriculumStatement] {
        let url = folder.round(round).appendingPathComponent("statements.json")
        var source = StatementGenerator(options: options.curriculum)
        source.exclude(progress.seen)
        var statements: [CurriculumStatement] = []
        for level in 1...progress.levels {
            var generator = generator(round, "level \(level)")
            statements += source.statements(
                options.statementsPerLevel, level: level, split: .training, using: &generator)
        }
        progress.seen += statements.map(\.canonicalHash)
        var generator = generator(round, "retries")
        statements += generator.shuffled(progress.open).prefix(options.retries)
        try folder.write(statements, url)
        return statements
    }

    private func train(
        _ round: Int, _ initial: Model, _ models: [Model], _ progress: inout Progress
    ) async throws -> Model {
        var generator = generator(round, "examples")
        let examples = progress.buffer.examples(options, format: format, using: &generator)
        progress.record.examples = examples.count
        let scratch = folder.round(round).appendingPathComponent("training", isDirectory: true)
        try folder.make(scratch)
        let start = options.trainsAfresh ? initial : models[models.count - 1]
        var model = start
        if !examples.isEmpty {
            (model, progress.record.loss) = try await start.trained(
                on: examples, seed: generator.next(), folder: scratch.path)
        }
        try model.save(to: modelFolder(round).path)
        // The stored policy, so that a resumed run goes on with exactly the same numbers.
        return try start.loaded(from: modelFolder(round).path)
    }

    private func unlock(_ progress: inout Progress) {
        let level = progress.levels
        guard level < StatementGenerator.levels.upperBound else { return }
        let solved = progress.buffer.count(level: level)
        let open = progress.open.count { $0.level == level }
        if Double(solved) >= options.unlockShare * Double(solved + open), solved > 0 { progress.levels += 1 }
    }

    private func evaluate(
        _ round: Int, _ model: Model, _ heldOut: [CurriculumStatement]
    ) async throws -> [LevelScore] {
        let results = try await units(round, "evaluate", heldOut) { unit in try await unit.evaluate(model) }
        return StatementGenerator.levels.map { level in
            let own = zip(heldOut, results).filter { $0.0.level == level }
            return LevelScore(level: level, samples: options.evaluationSamples, successes: own.map(\.1.successes))
        }
    }

    // MARK: Units of work

    /// Splits statements into units, does those that aren't stored yet, a few at a time, and joins the results.
    private func units(
        _ round: Int, _ name: String, _ statements: [CurriculumStatement],
        _ body: @escaping @Sendable (ProposalUnit) async throws -> [StatementResult]
    ) async throws -> [StatementResult] {
        let starts = Array(stride(from: 0, to: statements.count, by: options.unitSize))
        var generator = generator(round, name)
        let jobs = starts.enumerated().map { index, start in
            let part = Array(statements[start..<min(start + options.unitSize, statements.count)])
            let seed = generator.next()
            return (url: self.folder.unit(round, name, index), unit: unit(part, seed))
        }
        let folder = self.folder
        return try await withThrowingTaskGroup(of: (Int, [StatementResult]).self) { group in
            var results: [Int: [StatementResult]] = [:]
            for (index, job) in jobs.enumerated() {
                if index >= options.unitsInFlight, let (done, result) = try await group.next() {
                    results[done] = result
                }
                group.addTask {
                    if let stored = try folder.read([StatementResult].self, job.url) { return (index, stored) }
                    let result = try await body(job.unit)
                    try folder.write(result, job.url)
                    return (index, result)
                }
            }
            for try await (done, result) in group { results[done] = result }
            return jobs.indices.flatMap { results[$0] ?? [] }
        }
    }

    private func unit(_ statements: [CurriculumStatement], _ seed: UInt64) -> ProposalUnit {
        ProposalUnit(options: options, format: format, assistant: assistant, statements: statements, seed: seed)
    }
}

extension RoundRecord {
    /// A record that is still to be filled in.
    init(_ round: Int) {
        self.init(
            round: round, levels: 0, tried: 0, solved: 0, bufferByLevel: [], sources: [:], examples: 0, loss: 0,
            scores: [])
    }
}
