/// Statements that have been proved, each with its shortest different proofs.
public struct ReplayBuffer: Sendable, Hashable, Codable {
    /// A statement and its proofs.
    public struct Entry: Sendable, Hashable, Codable {
        /// What was proved.
        public var statement: CurriculumStatement
        /// Proofs, the shortest first.
        public var proofs: [SolvedScript]
    }

    /// Entries in the order in which statements were first proved.
    public private(set) var entries: [Entry] = []
    private var positions: [UInt64: Int] = [:]

    /// An empty buffer.
    public init() {}

    private enum CodingKeys: String, CodingKey { case entries }

    /// A buffer from its entries.
    public init(from decoder: any Decoder) throws {
        entries = try decoder.container(keyedBy: CodingKeys.self).decode([Entry].self, forKey: .entries)
        for (index, entry) in entries.enumerated() { positions[entry.statement.canonicalHash] = index }
    }

    /// Writes the entries.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(entries, forKey: .entries)
    }

    /// Number of proved statements of a level.
    public func count(level: Int) -> Int { entries.count { $0.statement.level == level } }

    /// Whether a statement has a proof.
    public func holds(_ statement: CurriculumStatement) -> Bool { positions[statement.canonicalHash] != nil }

    /// Adds proofs of a statement and keeps the `limit` shortest different ones.
    public mutating func add(_ proofs: [SolvedScript], of statement: CurriculumStatement, limit: Int) {
        guard !proofs.isEmpty else { return }
        let position = positions[statement.canonicalHash] ?? entries.count
        if position == entries.count {
            positions[statement.canonicalHash] = position
            entries.append(Entry(statement: statement, proofs: []))
        }
        var all = entries[position].proofs
        for proof in proofs where !all.contains(where: { $0.script == proof.script }) { all.append(proof) }
        all.sort { TacticScript.isShorter($0.script, $1.script) }
        entries[position].proofs = Array(all.prefix(limit))
    }

    /// Training examples in random order: of each proof the whole and some random cuts, small levels repeated.
    ///
    /// - Parameters:
    ///   - options: cuts, floor, epochs and track.
    ///   - format: form of the texts.
    ///   - generator: source of randomness.
    /// - Returns: all epochs, one after another.
    func examples(
        _ options: ExpertIterationOptions, format: PromptFormat, using generator: inout some RandomNumberGenerator
    ) -> [TrainingExample] {
        var examples: [TrainingExample] = []
        for _ in 0..<options.epochs {
            var epoch: [TrainingExample] = []
            for level in StatementGenerator.levels {
                let pairs = entries.filter { $0.statement.level == level }.flatMap { entry in
                    entry.proofs.map { (entry.statement, $0) }
                }
                guard !pairs.isEmpty else { continue }
                let repeats = (max(options.levelFloor, pairs.count) + pairs.count - 1) / pairs.count
                for _ in 0..<min(repeats, 4) {
                    for (statement, proof) in pairs {
                        epoch += Self.examples(statement, proof, options, format, &generator)
                    }
                }
            }
            examples += epoch.shuffled(using: &generator)
        }
        return examples
    }

    private static func examples(
        _ statement: CurriculumStatement, _ proof: SolvedScript, _ options: ExpertIterationOptions,
        _ format: PromptFormat, _ generator: inout some RandomNumberGenerator
    ) -> [TrainingExample] {
        let formal = statement.formal
        let track = options.track(of: statement)
        var result = [format.example(statement: formal, track: track, script: proof.script)]
        for _ in 0..<options.cutsPerProof where proof.script.sentences.count > 1 {
            let cut = generator.integer(1...(proof.script.sentences.count - 1))
            result.append(format.example(statement: formal, track: track, solved: proof, cut: cut))
        }
        return result
    }
}
