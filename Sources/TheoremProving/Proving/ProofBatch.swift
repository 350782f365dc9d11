public import ProofAssistants

/// Many statements, a few at a time: what `ludus prove FILE` does.
public struct ProofBatch: Sendable {
    /// Attempts single statements.
    public let prover: Prover
    /// Statements under way at a time, at least 1.
    public let inFlight: Int
    /// Folder for the proofs, one `.v` file each; nil keeps them in memory.
    public let folder: String?

    /// What became of a batch.
    public struct Report: Sendable {
        /// One outcome a statement, in the order given.
        public var outcomes: [ProofOutcome]
        /// Path of the proof file of each outcome that has one, by theorem name.
        public var files: [String: String]
        /// Proofs that couldn't be written, one line each; their outcomes stand.
        public var problems: [TheoremProvingError]

        /// Number of outcomes of a kind.
        public func count(_ kind: ProofOutcome.Kind) -> Int { outcomes.count { $0.kind == kind } }
    }

    /// A batch.
    ///
    /// - Precondition: at least one statement in flight; violations trap.
    public init(prover: Prover, inFlight: Int = 2, folder: String? = nil) {
        precondition(inFlight >= 1, "ProofBatch: inFlight is \(inFlight), must be at least 1")
        self.prover = prover
        self.inFlight = inFlight
        self.folder = folder
    }

    /// Attempts all statements; one that fails in any way doesn't stop the others.
    ///
    /// Statements with the same header come one after another, so that they share warm processes.
    ///
    /// - Parameters:
    ///   - statements: with different names.
    ///   - known: outcomes of an earlier, interrupted run by name; they stand where the statement is still the same.
    ///   - observe: called with each new outcome as it comes, and how many are done.
    /// - Returns: outcomes in the order of the statements, files and problems.
    public func run(
        _ statements: [FormalStatement], known: [String: ProofOutcome] = [:],
        observe: @Sendable (_ done: Int, ProofOutcome) -> Void = { _, _ in }
    ) async -> Report {
        var positions: [String: Int] = [:]
        for (index, statement) in statements.enumerated() where positions[statement.header] == nil {
            positions[statement.header] = index
        }
        let order = statements.indices.sorted {
            (positions[statements[$0].header] ?? 0, $0) < (positions[statements[$1].header] ?? 0, $1)
        }
        var found: [Int: ProofOutcome] = [:]
        var report = Report(outcomes: [], files: [:], problems: [])
        for (index, statement) in statements.enumerated() {
            guard let outcome = known[statement.name], isAbout(outcome, statement) else { continue }
            found[index] = outcome
            store(outcome, &report)
        }
        await withTaskGroup(of: (Int, ProofOutcome).self) { group in
            var waiting = order.filter { found[$0] == nil }[...]
            func begin() {
                guard let index = waiting.popFirst() else { return }
                group.addTask { (index, await prover.prove(statements[index])) }
            }
            for _ in 0..<inFlight { begin() }
            while let (index, outcome) = await group.next() {
                found[index] = outcome
                store(outcome, &report)
                observe(found.count, outcome)
                begin()
            }
        }
        report.outcomes = statements.indices.compactMap { found[$0] }
        return report
    }

    /// Whether an outcome is about a statement; its header may have got more imports in front.
    private func isAbout(_ outcome: ProofOutcome, _ statement: FormalStatement) -> Bool {
        outcome.statement.text == statement.text && outcome.statement.header.hasSuffix(statement.header)
    }

    private func store(_ outcome: ProofOutcome, _ report: inout Report) {
        guard let folder else { return }
        do {
            report.files[outcome.name] = try outcome.write(to: folder)
        } catch {
            report.problems.append(error)
        }
    }
}
