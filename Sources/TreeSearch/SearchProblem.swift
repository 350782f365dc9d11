/// A place from which a search can go on: a state and one way to it.
public struct SearchPoint<State: Hashable & Sendable, Prefix: Hashable & Sendable>: Hashable, Sendable {
    /// What is left to do, such as the open goals of a proof.
    ///
    /// Equal states under one parent are one node.
    public var state: State
    /// What was written so far, such as the beginning of a proof script.
    public var prefix: Prefix

    /// Joins a state and a way to it.
    ///
    /// - Parameters:
    ///   - state: what is left to do after the prefix.
    ///   - prefix: what was written so far.
    public init(state: State, prefix: Prefix) {
        self.state = state
        self.prefix = prefix
    }
}

extension SearchPoint: Codable where State: Codable, Prefix: Codable {}

/// What became of one proposal: how far it got and whether it solved the problem.
public struct ProposalEvaluation<State: Hashable & Sendable, Prefix: Hashable & Sendable, Solution: Sendable>:
    Sendable
{
    /// The successive points that the proposal reached after the resumed one, cut at its first error.
    ///
    /// Empty when the first step already failed. Points too long to be resumed are left out by the problem. A proposal
    /// that solves the problem lists the final state too; its node is shown as solved and is never resumed.
    public var segments: [SearchPoint<State, Prefix>]
    /// The solution, when the whole proposal is one.
    public var solution: Solution?

    /// States how far a proposal got.
    ///
    /// - Parameters:
    ///   - segments: the successive points after the resumed one, cut at the first error.
    ///   - solution: present when the whole proposal solves the problem.
    public init(segments: [SearchPoint<State, Prefix>], solution: Solution? = nil) {
        self.segments = segments
        self.solution = solution
    }
}

/// Something to be solved by proposals that are run, cut at their first error and resumed.
///
/// A proposal continues a prefix to the end (truncate and resume of DeepSeek-Prover-V1.5, arXiv:2408.08152,
/// section 3.1): the problem runs it, keeps the part before the first error and says which states that part reached.
public protocol SearchProblem: Sendable {
    /// What is left to do; nodes of the tree.
    associatedtype State: Hashable & Sendable
    /// What was written so far.
    associatedtype Prefix: Hashable & Sendable
    /// What a generator makes: a continuation of a prefix.
    associatedtype Proposal: Sendable
    /// What proves that the problem is solved.
    associatedtype Solution: Sendable

    /// Where every tree begins; known to be sound before the search starts.
    var root: SearchPoint<State, Prefix> { get }

    /// Runs a proposal after a prefix.
    ///
    /// Called from many tasks at once when several jobs are in flight. A wrong proposal is a result (few or no
    /// segments); only a failure of the machinery, such as a dead process, is thrown. The search then takes the job
    /// back as if it had never begun and reports it.
    ///
    /// - Parameters:
    ///   - proposal: what the generator made for this point.
    ///   - point: where it goes on.
    /// - Returns: how far the proposal got.
    /// - Throws: any error of the machinery, never one of the proposal.
    func evaluate(
        _ proposal: Proposal, from point: SearchPoint<State, Prefix>
    ) async throws -> ProposalEvaluation<State, Prefix, Solution>
}
