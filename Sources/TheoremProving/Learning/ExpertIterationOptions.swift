/// Settings of expert iteration.
public struct ExpertIterationOptions: Sendable, Hashable, Codable {
    /// Decides everything that is drawn.
    public var seed: UInt64 = 0
    /// Tactics in use; `automated` leaves a share of the statements to structural proofs, see ``structuralShares``.
    public var track = TacticTrack.automated
    /// Share of a family's statements that are to be proved without automation on the automated track.
    ///
    /// So that one policy learns both tracks, told apart by the letter in its prompts. Absent families: 0.
    public var structuralShares: [StatementFamily: Double] = [
        .propositional: 0.6, .quantifiers: 0.5, .relations: 0.5, .order: 0.2, .functions: 0.3, .computation: 0.3,
        .existentials: 0.1, .divisibility: 0.1,
    ]
    /// Rounds of proposing and training.
    public var rounds = 5
    /// New statements of each unlocked level in a round.
    public var statementsPerLevel = 100
    /// Unsolved statements of earlier rounds that are tried again in a round.
    public var retries = 100
    /// Levels that are unlocked at the start, the easiest first.
    public var startLevels = 2
    /// Share of a level's statements that must be solved before the next level opens.
    public var unlockShare = 0.4
    /// Rollouts of exploration for a statement that the policies didn't prove.
    public var explorationRollouts = 10
    /// Share of statements that are explored even though a policy proved them (ε).
    public var explorationShare = 0.1
    /// Proofs sampled from the current policy for a statement, from the second round on.
    public var samples = 8
    /// Proofs sampled from the policy before it, from the third round on.
    public var olderSamples = 4
    /// Different proofs kept of a statement, the shortest first.
    public var proofsPerStatement = 2
    /// Training examples that begin at a random cut, for each proof; one whole proof comes on top.
    public var cutsPerProof = 2
    /// Proofs that each unlocked level contributes at least to a training set; a level with fewer repeats its own.
    public var levelFloor = 100
    /// Times that the training set is used in a round.
    public var epochs = 4
    /// Whether a round trains from the initial policy rather than from the one before.
    public var trainsAfresh = false
    /// Held-out statements of each level.
    public var heldOutPerLevel = 40
    /// Proofs sampled for each held-out statement.
    public var evaluationSamples = 16
    /// Statements that are sampled together; part of the result, since batches change rounding.
    public var unitSize = 8
    /// Units at work at a time; changes the speed only.
    public var unitsInFlight = 2
    /// What the statements are.
    public var curriculum = CurriculumOptions()
    /// Budgets of exploration.
    public var exploration = ExplorationOptions()

    /// The standard settings.
    public init() {}

    /// The track on which a statement is to be proved; decided by its canonical hash.
    ///
    /// - Parameter statement: any statement.
    /// - Returns: ``track``, or `structural` for a share of the statements.
    public func track(of statement: CurriculumStatement) -> TacticTrack {
        let share = structuralShares[statement.family] ?? 0
        let draw = Double((statement.canonicalHash >> 16) % 1000) / 1000
        return track == .structural || draw < share ? .structural : .automated
    }

    /// Traps on settings that make no sense.
    func check() {
        precondition(
            rounds >= 0 && statementsPerLevel >= 1 && retries >= 0 && heldOutPerLevel >= 1 && evaluationSamples >= 1
                && unitSize >= 1 && unitsInFlight >= 1 && epochs >= 1 && proofsPerStatement >= 1,
            "ExpertIterationOptions: counts must be positive")
        precondition(
            StatementGenerator.levels.contains(startLevels),
            "ExpertIterationOptions: startLevels \(startLevels) outside \(StatementGenerator.levels)")
    }

    /// What must agree for a checkpoint to be resumed: everything but the speed.
    var fingerprint: ExpertIterationOptions {
        var copy = self
        copy.unitsInFlight = 1
        return copy
    }
}
