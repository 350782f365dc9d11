import Randomness

@testable import TreeSearch

/// A breakdown made on purpose.
struct Breakdown: Error, CustomStringConvertible {
    var description: String { "the machinery broke down" }
}

/// What was seen by a problem and a generator while a search ran.
final class Witness: Sendable {
    struct Seen: Sendable {
        var batches: [Int] = []
        var requests: [ProposalRequest<String, String>] = []
        var generating = 0
        var evaluating = 0
        var mostGenerating = 0
        var mostEvaluating = 0
        var events: [SearchEvent] = []
    }

    private let state = Guarded(Seen())

    var seen: Seen { state.withLock { $0 } }

    func change(_ body: (inout Seen) -> Void) { state.withLock { body(&$0) } }
}

/// The spelling generator with delays and breakdowns that depend on the seeds of the requests only.
struct RestlessGenerator: ProposalGenerator {
    var witness = Witness()
    /// Most times that a call lets other tasks go first.
    var patience = 0
    /// One in so many calls breaks down; 0 for none.
    var breakdownEvery = 0
    var base = SpellingGenerator()

    func propose(_ requests: [ProposalRequest<String, String>]) async throws -> [String] {
        witness.change {
            $0.batches.append(requests.count)
            $0.requests += requests
            $0.generating += 1
            $0.mostGenerating = max($0.mostGenerating, $0.generating)
        }
        defer { witness.change { $0.generating -= 1 } }
        var random = SplittableGenerator(seed: requests[0].seed).folding(in: "restless")
        for _ in 0..<random.integer(below: patience + 1) { await Task.yield() }
        if breakdownEvery > 0 && random.integer(below: breakdownEvery) == 0 { throw Breakdown() }
        return try await base.propose(requests)
    }
}

/// The spelling problem with delays and breakdowns.
///
/// Breakdowns depend on proposal and prefix only. Delays come from a stream that is shared by all calls, so that they fall
/// differently on every run of the same search.
struct RestlessProblem: SearchProblem {
    var witness = Witness()
    var patience = 0
    var breakdownEvery = 0
    var delays = Delays(seed: 0)
    var base = SpellingProblem()

    final class Delays: Sendable {
        private let generator: Guarded<SplittableGenerator>
        init(seed: UInt64) { generator = Guarded(SplittableGenerator(seed: seed)) }
        func next(below bound: Int) -> Int { generator.withLock { $0.integer(below: bound) } }
    }

    var root: SearchPoint<String, String> { base.root }

    func evaluate(
        _ proposal: String, from point: SearchPoint<String, String>
    ) async throws -> ProposalEvaluation<String, String, String> {
        witness.change {
            $0.evaluating += 1
            $0.mostEvaluating = max($0.mostEvaluating, $0.evaluating)
        }
        defer { witness.change { $0.evaluating -= 1 } }
        for _ in 0..<delays.next(below: patience + 1) { await Task.yield() }
        try Task.checkCancellation()
        var random = SplittableGenerator(seed: 0).folding(in: point.prefix + "/" + proposal)
        if breakdownEvery > 0 && random.integer(below: breakdownEvery) == 0 { throw Breakdown() }
        return base.outcome(of: proposal, from: point)
    }
}
