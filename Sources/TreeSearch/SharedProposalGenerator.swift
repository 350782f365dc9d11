/// Lets many searches share one generator: their requests are joined into larger batches.
///
/// While the generator works, new requests wait; when it is free again, all that wait (up to the batch limit) go
/// together. There is no timer, so a single search is not slowed down. Since each request carries its own seed, what a
/// search gets does not depend on what it was joined with, if that holds for the generator.
public actor SharedProposalGenerator<Base: ProposalGenerator>: ProposalGenerator {
    /// What is left to do.
    public typealias State = Base.State
    /// What was written so far.
    public typealias Prefix = Base.Prefix
    /// What the generator makes.
    public typealias Proposal = Base.Proposal

    private struct Waiting {
        let requests: [ProposalRequest<State, Prefix>]
        let continuation: CheckedContinuation<[Proposal], any Error>
    }

    private let base: Base
    private let maximumBatch: Int
    private var waiting: [Waiting] = []
    private var isWorking = false

    /// Wraps a generator.
    ///
    /// - Parameters:
    ///   - base: does the work, one call at a time.
    ///   - maximumBatch: largest number of requests in a call, at least 1; a single caller's larger batch goes alone.
    public init(_ base: Base, maximumBatch: Int) {
        precondition(maximumBatch >= 1, "SharedProposalGenerator: the batch limit is \(maximumBatch); use at least 1")
        self.base = base
        self.maximumBatch = maximumBatch
    }

    /// Makes one proposal for each request, together with requests of other callers.
    ///
    /// A caller that is cancelled still waits for its batch, since that is shared.
    ///
    /// - Parameter requests: at least one.
    /// - Returns: as many proposals, in the order of the requests.
    /// - Throws: what the generator throws, to all callers of that batch.
    public func propose(_ requests: [ProposalRequest<State, Prefix>]) async throws -> [Proposal] {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(Waiting(requests: requests, continuation: continuation))
            if !isWorking {
                isWorking = true
                Task { await work() }
            }
        }
    }

    /// Serves all that waits, a batch at a time.
    private func work() async {
        while !waiting.isEmpty {
            let callers = nextCallers()
            let requests = callers.flatMap(\.requests)
            do {
                let proposals = try await base.propose(requests)
                guard proposals.count == requests.count else {
                    throw SearchError.wrongProposalCount(requested: requests.count, received: proposals.count)
                }
                var rest = proposals[...]
                for caller in callers {
                    caller.continuation.resume(returning: Array(rest.prefix(caller.requests.count)))
                    rest = rest.dropFirst(caller.requests.count)
                }
            } catch {
                for caller in callers { caller.continuation.resume(throwing: error) }
            }
        }
        isWorking = false
    }

    /// Takes the callers of the next batch out of the queue, in order of arrival.
    private func nextCallers() -> [Waiting] {
        var size = 0
        var count = 0
        while count < waiting.count, count == 0 || size + waiting[count].requests.count <= maximumBatch {
            size += waiting[count].requests.count
            count += 1
        }
        let callers = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        return callers
    }
}
