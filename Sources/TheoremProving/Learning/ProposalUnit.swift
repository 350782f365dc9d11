import ProofAssistants
import Randomness

/// What a unit of work found for one statement.
struct StatementResult: Sendable, Hashable, Codable {
    /// Different minimised proofs.
    var proofs: [SolvedScript] = []
    /// New proofs by source.
    var sources: [String: Int] = [:]
    /// Successful samples, in measurements.
    var successes = 0
}

/// Tries a few statements with the policies and with exploration.
///
/// A pure function of its inputs and seed.
struct ProposalUnit: Sendable {
    let options: ExpertIterationOptions
    let format: PromptFormat
    let assistant: any ProofAssistant
    let statements: [CurriculumStatement]
    let seed: UInt64

    private var limits: Limits { Limits(sentenceTime: .seconds(2), totalTime: .seconds(8)) }

    /// Samples from the policies, then explores what is still open.
    ///
    /// - Parameter policies: name, policy and samples for each statement.
    /// - Returns: proofs of each statement.
    /// - Throws: what a policy or the assistant throws.
    func propose(_ policies: [(name: String, model: any ScriptModel, samples: Int)]) async throws -> [StatementResult] {
        var results = statements.map { _ in StatementResult() }
        for (offset, policy) in policies.enumerated() {
            let scripts = try await sample(policy.model, policy.samples, stream: UInt64(offset))
            for (index, list) in scripts.enumerated() {
                for script in unique(list) {
                    guard let solved = try await solved(script, statements[index]) else { continue }
                    try await keep(solved, policy.name, index, &results)
                }
            }
        }
        var generator = SplittableGenerator(seed: seed).folding(in: "exploration")
        for (index, statement) in statements.enumerated() {
            let explorationSeed = generator.next()
            let isChosen = generator.bernoulli(options.explorationShare)
            guard options.explorationRollouts > 0, results[index].proofs.isEmpty || isChosen else { continue }
            let explorer = Explorer(
                assistant: assistant, grammar: TacticGrammar(track: options.track(of: statement)),
                options: options.exploration)
            let found = try await surviving {
                () async throws(ProofAssistantError) in
                try await explorer.explore(
                    statement.formal, rollouts: options.explorationRollouts, seed: explorationSeed)
            }
            for script in found?.scripts ?? [] {
                guard let solved = try await solved(script, statement) else { continue }
                try await keep(solved, "exploration", index, &results)
            }
        }
        return results
    }

    /// Samples whole proofs and counts those that are accepted.
    func evaluate(_ model: any ScriptModel) async throws -> [StatementResult] {
        let scripts = try await sample(model, options.evaluationSamples, stream: 0)
        var results = statements.map { _ in StatementResult() }
        for (index, list) in scripts.enumerated() {
            var known: [TacticScript: Bool] = [:]
            for script in list {
                let isProof: Bool
                if let before = known[script] {
                    isProof = before
                } else {
                    isProof = try await proves(script, statements[index])
                    known[script] = isProof
                }
                if isProof { results[index].successes += 1 }
            }
        }
        return results
    }

    private func sample(_ model: any ScriptModel, _ count: Int, stream: UInt64) async throws -> [[TacticScript]] {
        guard count > 0 else { return statements.map { _ in [] } }
        var generator = SplittableGenerator(seed: seed).folding(in: stream)
        let requests = statements.flatMap { statement in
            let prompt = format.prompt(for: statement.formal, track: options.track(of: statement))
            return (0..<count).map { _ in SampleRequest(prompt: prompt, seed: generator.next()) }
        }
        let outputs = try await model.sample(requests)
        precondition(
            outputs.count == requests.count, "a model gave \(outputs.count) texts for \(requests.count) prompts")
        return statements.indices.map { index in
            outputs[index * count..<(index + 1) * count].map(format.script(inOutput:))
        }
    }

    private func unique(_ scripts: [TacticScript]) -> [TacticScript] {
        var seen: Set<TacticScript> = []
        return scripts.filter { seen.insert($0).inserted }
    }

    private func proves(
        _ script: TacticScript, _ statement: CurriculumStatement
    ) async throws(ProofAssistantError) -> Bool {
        guard isAllowed(script, statement) else { return false }
        let check = try await surviving { () async throws(ProofAssistantError) in
            try await assistant.check(statement.formal, script: script.text, limits: limits)
        }
        return check?.isComplete ?? false
    }

    private func isAllowed(_ script: TacticScript, _ statement: CurriculumStatement) -> Bool {
        !script.sentences.isEmpty && script.sentences.allSatisfy(options.track(of: statement).allows)
    }

    private func solved(
        _ script: TacticScript, _ statement: CurriculumStatement
    ) async throws(ProofAssistantError) -> SolvedScript? {
        guard isAllowed(script, statement) else { return nil }
        let result = try await surviving { () async throws(ProofAssistantError) in
            try await ScriptMinimizer(assistant: assistant, limits: limits).solved(statement.formal, script)
        }
        return result ?? nil
    }

    /// The result of some work, or nil where it made the assistant's process die or the statement was refused: such a
    /// script is no proof, and one script must not end the learning.
    private func surviving<Result>(
        _ body: () async throws(ProofAssistantError) -> Result
    ) async throws(ProofAssistantError) -> Result? {
        do {
            return try await body()
        } catch {
            switch error {
            case .processDied, .unresponsive, .protocolViolation, .statementRejected: return nil
            default: throw error
            }
        }
    }

    private func keep(
        _ solved: SolvedScript, _ source: String, _ index: Int, _ results: inout [StatementResult]
    ) async throws(ProofAssistantError) {
        let minimizer = ScriptMinimizer(assistant: assistant, limits: limits)
        let shortest = try await minimizer.minimal(statements[index].formal, solved.script) ?? solved
        guard !results[index].proofs.contains(shortest) else { return }
        results[index].proofs.append(shortest)
        results[index].sources[source, default: 0] += 1
    }
}
