/// All settings of a search.
///
/// The budget is K = ``trees`` × ``generationsPerTree`` proposals, whatever the policy, so that policies compare at
/// equal cost. Proposals whose evaluation failed count as spent.
public struct SearchOptions: Hashable, Codable, Sendable {
    /// How to choose where to go on.
    public var policy: SearchPolicy
    /// Number N of independent trees, at least 1; they take turns and share the batches.
    public var trees: Int
    /// Number T of proposals for each tree, at least 1.
    public var generationsPerTree: Int
    /// Largest number of proposals asked of the generator at once, at least 1.
    public var batch: Int
    /// Largest number of proposals that are being generated or evaluated at a time, at least ``batch``.
    ///
    /// With twice the batch, one batch is evaluated while the next is generated.
    public var jobsInFlight: Int
    /// Whether results are taken in the order in which jobs were begun, in whole batches.
    ///
    /// Then the outcome depends on the seed and these options alone, not on timing, for every batch size, as long as
    /// generator and problem are functions of their arguments. Otherwise results are taken as they come in, and one
    /// slow evaluation holds nothing up.
    public var isReproducible: Bool
    /// Number of solutions after which the search stops, at least 1.
    public var solutionLimit: Int
    /// Number of failed jobs in a row after which the search stops, at least 1.
    public var failureLimit: Int
    /// Seed of all choices and of the seeds of the proposals.
    public var seed: UInt64

    /// Creates options; the defaults are RMaxTS on one tree, one job at a time, until the first solution.
    ///
    /// - Parameters:
    ///   - policy: how to choose where to go on.
    ///   - trees: N, at least 1.
    ///   - generationsPerTree: T, at least 1.
    ///   - batch: largest number of proposals asked for at once, at least 1.
    ///   - jobsInFlight: at least `batch`; nil for `batch`.
    ///   - isReproducible: whether results are taken in the order of the jobs.
    ///   - solutionLimit: number of solutions after which the search stops, at least 1.
    ///   - failureLimit: number of failed jobs in a row after which the search stops, at least 1.
    ///   - seed: any number.
    public init(
        policy: SearchPolicy = .rmaxts, trees: Int = 1, generationsPerTree: Int = 64, batch: Int = 1,
        jobsInFlight: Int? = nil, isReproducible: Bool = true, solutionLimit: Int = 1, failureLimit: Int = 16,
        seed: UInt64 = 0
    ) {
        self.policy = policy
        self.trees = trees
        self.generationsPerTree = generationsPerTree
        self.batch = batch
        self.jobsInFlight = jobsInFlight ?? batch
        self.isReproducible = isReproducible
        self.solutionLimit = solutionLimit
        self.failureLimit = failureLimit
        self.seed = seed
    }

    /// The whole budget K = N × T.
    public var generations: Int { trees * generationsPerTree }

    /// Number of batches that may wait for their evaluation while the next one is generated.
    var overlap: Int { jobsInFlight / batch - 1 }

    /// Checks all settings.
    ///
    /// - Throws: ``SearchError/invalidOption(name:value:requirement:)`` for the first one that is out of range.
    public func check() throws(SearchError) {
        func require(_ isMet: Bool, _ name: String, _ value: some CustomStringConvertible, _ text: String)
            throws(SearchError)
        {
            if !isMet { throw .invalidOption(name: name, value: value.description, requirement: text) }
        }
        try require(trees >= 1, "trees", trees, "at least 1")
        try require(generationsPerTree >= 1, "generationsPerTree", generationsPerTree, "at least 1")
        try require(
            !trees.multipliedReportingOverflow(by: generationsPerTree).overflow && generations <= Int(Int32.max),
            "generationsPerTree", generationsPerTree, "such that the budget is below 2^31")
        try require(batch >= 1, "batch", batch, "at least 1")
        try require(jobsInFlight >= batch, "jobsInFlight", jobsInFlight, "at least the batch, \(batch)")
        try require(solutionLimit >= 1, "solutionLimit", solutionLimit, "at least 1")
        try require(failureLimit >= 1, "failureLimit", failureLimit, "at least 1")
        try require(policy.discount > 0 && policy.discount <= 1, "policy.discount", policy.discount, "in (0, 1]")
        try require(
            policy.exploration >= 0 && policy.exploration.isFinite, "policy.exploration", policy.exploration,
            "finite and not negative")
    }
}

/// What can be wrong with the use of a search.
public enum SearchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A setting is out of its range.
    case invalidOption(name: String, value: String, requirement: String)
    /// A generator gave another number of proposals than it was asked for.
    case wrongProposalCount(requested: Int, received: Int)

    /// A sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .invalidOption(let name, let value, let requirement):
            "Search option \(name) is \(value); it must be \(requirement)."
        case .wrongProposalCount(let requested, let received):
            "The proposal generator was asked for \(requested) proposals and gave \(received); "
                + "it must give one for each request, in order."
        }
    }
}
