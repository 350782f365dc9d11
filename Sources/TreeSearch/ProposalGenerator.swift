/// One proposal that a search asks for.
public struct ProposalRequest<State: Hashable & Sendable, Prefix: Hashable & Sendable>: Hashable, Sendable {
    /// Where the proposal has to go on.
    public var point: SearchPoint<State, Prefix>
    /// Seed of all randomness of this proposal, so that it does not depend on what it is batched with.
    public var seed: UInt64

    /// Asks for a proposal.
    ///
    /// - Parameters:
    ///   - point: where the proposal has to go on.
    ///   - seed: any number.
    public init(point: SearchPoint<State, Prefix>, seed: UInt64) {
        self.point = point
        self.seed = seed
    }
}

/// Something that continues prefixes, such as a language model; works on a batch at a time.
public protocol ProposalGenerator<State, Prefix, Proposal>: Sendable {
    /// What is left to do.
    associatedtype State: Hashable & Sendable
    /// What was written so far.
    associatedtype Prefix: Hashable & Sendable
    /// What the generator makes.
    associatedtype Proposal: Sendable

    /// Makes one proposal for each request.
    ///
    /// A search calls it with at most ``SearchOptions/batch`` requests and one call at a time.
    ///
    /// - Parameter requests: at least one; equal points may occur with different seeds.
    /// - Returns: as many proposals, in the order of the requests.
    /// - Throws: any error of the machinery; the whole batch is then taken back and reported as failed.
    func propose(_ requests: [ProposalRequest<State, Prefix>]) async throws -> [Proposal]
}
