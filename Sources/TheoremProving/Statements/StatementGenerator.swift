/// What the curriculum draws, and in which proportions.
public struct CurriculumOptions: Hashable, Sendable, Codable {
    /// Weight of each family; families that are absent are not drawn.
    public var familyWeights: [StatementFamily: Double] = [
        .propositional: 0.24, .quantifiers: 0.14, .relations: 0.08, .linear: 0.1, .order: 0.07, .divisibility: 0.09,
        .existentials: 0.08, .polynomials: 0.06, .inequalities: 0.04, .functions: 0.07, .computation: 0.03,
    ]
    /// Share of statements that are mutants, in `[0, 1)`.
    public var mutationShare = 0.2
    /// Share of statements held out, in `(0, 1)`; decided by the canonical hash alone.
    public var heldOutShare = 0.15

    /// The standard mixture.
    public init() {}
}

/// Draws statements of a level from the grammar, without repeats.
///
/// Two statements that differ in the names of variables only count as one. A statement is held out or not by a
/// hash of its canonical form, so that the two sides never share one, however it came about; a mutant is kept
/// only where the statement that it came from lies on the same side.
public struct StatementGenerator: Sendable {
    /// Highest level.
    public static let levels = 1...5

    /// Mixture in use.
    public let options: CurriculumOptions
    private var seen: Set<UInt64> = []

    /// A generator that has drawn nothing yet.
    public init(options: CurriculumOptions = CurriculumOptions()) {
        precondition(options.familyWeights.values.contains { $0 > 0 }, "all family weights are 0")
        precondition((0..<1).contains(options.mutationShare), "mutationShare \(options.mutationShare) outside [0, 1)")
        precondition(
            options.heldOutShare > 0 && options.heldOutShare < 1, "heldOutShare \(options.heldOutShare) outside (0, 1)")
        self.options = options
    }

    /// The side of a statement with this canonical hash.
    public func split(ofHash hash: UInt64) -> StatementSplit {
        // The upper bits of FNV-1a mix better than the lower ones.
        Double((hash >> 32) % 10_000) < options.heldOutShare * 10_000 ? .heldOut : .training
    }

    /// Counts statements as returned before.
    ///
    /// - Parameter hashes: their canonical hashes.
    public mutating func exclude(_ hashes: some Sequence<UInt64>) { seen.formUnion(hashes) }

    /// `count` new statements of one level and side.
    ///
    /// - Parameters:
    ///   - count: how many; fewer come back only if the grammar runs dry (tens of thousands of draws without a new one).
    ///   - level: 1...5.
    ///   - split: side of the division.
    ///   - generator: source of randomness; the same seed gives the same statements.
    /// - Returns: statements not returned before by this generator.
    public mutating func statements(
        _ count: Int, level: Int, split: StatementSplit, using generator: inout some RandomNumberGenerator
    ) -> [CurriculumStatement] {
        precondition(Self.levels.contains(level), "level \(level) outside \(Self.levels)")
        var result: [CurriculumStatement] = []
        var failures = 0
        while result.count < count && failures < 20_000 {
            if let statement = draw(level: level, split: split, using: &generator),
                seen.insert(statement.canonicalHash).inserted
            {
                result.append(statement)
                failures = 0
            } else {
                failures += 1
            }
        }
        return result
    }

    private func draw(
        level: Int, split: StatementSplit, using generator: inout some RandomNumberGenerator
    ) -> CurriculumStatement? {
        let weights = StatementFamily.allCases.compactMap { family in
            options.familyWeights[family].map { (family, $0) }
        }
        let family = generator.weighted(weights)
        let (sequent, domain) = Self.sequent(family, level: level, using: &generator)
        guard let sequent else { return nil }
        let base = CurriculumStatement(
            sequent, level: level, family: family, domain: domain, origin: "grammar", expectation: .valid)
        guard self.split(ofHash: base.canonicalHash) == split else { return nil }
        guard generator.chance(options.mutationShare) else { return base }
        return mutant(of: sequent, base, using: &generator)
    }

    private func mutant(
        of sequent: Sequent, _ base: CurriculumStatement, using generator: inout some RandomNumberGenerator
    ) -> CurriculumStatement? {
        let mutation = generator.weighted(StatementMutation.weights)
        guard let changed = mutation.apply(to: sequent, using: &generator) else { return nil }
        var expectation: Expectation = mutation.keepsTruth ? .valid : .unknown
        if expectation == .unknown, base.family == .propositional {
            var prover = IntuitionisticProver()
            if prover.proofLength(changed.hypotheses, changed.conclusion) != nil { expectation = .valid }
        }
        let result = CurriculumStatement(
            changed, level: base.level, family: base.family, domain: base.domain, origin: mutation.rawValue,
            expectation: expectation)
        return split(ofHash: result.canonicalHash) == split(ofHash: base.canonicalHash) ? result : nil
    }

    private static func sequent(
        _ family: StatementFamily, level: Int, using generator: inout some RandomNumberGenerator
    ) -> (Sequent?, domain: String) {
        let sort = generator.element(NumberSort.types)
        let discrete: NumberSort = sort == .real ? .integer : sort
        switch family {
        case .propositional: return (PropositionalFamily().sequent(level: level, using: &generator), "logic")
        case .quantifiers: return (QuantifierFamily().sequent(level: level, using: &generator), "logic")
        case .relations: return (RelationFamily().sequent(level: level, using: &generator), "logic")
        case .linear: return (LinearFamily(sort: sort).sequent(level: level, using: &generator), sort.name)
        case .order: return (OrderFamily(sort: sort).sequent(level: level, using: &generator), sort.name)
        case .divisibility:
            return (DivisibilityFamily(sort: discrete).sequent(level: level, using: &generator), discrete.name)
        case .existentials:
            return (ExistentialFamily(sort: sort).sequent(level: level, using: &generator), sort.name)
        case .polynomials:
            return (PolynomialFamily(sort: sort).identity(level: level, using: &generator), sort.name)
        case .inequalities:
            return (PolynomialFamily(sort: sort).inequality(level: level, using: &generator), sort.name)
        case .functions: return (FunctionFamily(sort: sort).sequent(level: level, using: &generator), sort.name)
        case .computation:
            return (ComputationFamily(sort: sort).sequent(level: level, using: &generator), sort.name)
        }
    }
}
