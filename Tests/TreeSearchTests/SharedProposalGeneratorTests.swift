import Randomness
import Testing

@testable import TreeSearch

@Suite struct SharedProposalGeneratorTests {
    /// Ten searches over one generator: larger batches, the same trees as alone.
    @Test func joiningDoesNotChangeTheSearches() async throws {
        let base = RestlessGenerator(patience: 3)
        let shared = SharedProposalGenerator(base, maximumBatch: 16)
        let outlines = try await withThrowingTaskGroup(of: (UInt64, String).self) { group in
            for seed in UInt64(0)..<10 {
                group.addTask {
                    let options = SearchOptions(generationsPerTree: 60, batch: 2, solutionLimit: .max, seed: seed)
                    let result = try await search(SpellingProblem(), proposing: shared, options: options)
                    return (seed, result.trees[0].record().outline())
                }
            }
            var outlines: [UInt64: String] = [:]
            for try await (seed, outline) in group { outlines[seed] = outline }
            return outlines
        }
        let seen = base.witness.seen
        #expect(seen.batches.reduce(0, +) == 600)
        #expect(seen.mostGenerating == 1)
        #expect(seen.batches.allSatisfy { $0 <= 16 })
        #expect(seen.batches.max() ?? 0 > 2)
        for seed in UInt64(0)..<10 {
            let options = SearchOptions(generationsPerTree: 60, batch: 2, solutionLimit: .max, seed: seed)
            let alone = try await search(SpellingProblem(), proposing: SpellingGenerator(), options: options)
            #expect(outlines[seed] == alone.trees[0].record().outline())
        }
    }

    @Test func aLargeBatchGoesAlone() async throws {
        let base = RestlessGenerator()
        let shared = SharedProposalGenerator(base, maximumBatch: 2)
        let requests = (UInt64(0)..<5).map {
            ProposalRequest(point: SearchPoint(state: "", prefix: ""), seed: $0)
        }
        #expect(try await shared.propose(requests) == requests.map(SpellingGenerator().proposal))
        #expect(base.witness.seen.batches == [5])
    }

    @Test func errorsReachTheCallers() async {
        let shared = SharedProposalGenerator(RestlessGenerator(breakdownEvery: 1), maximumBatch: 2)
        let request = ProposalRequest(point: SearchPoint(state: "", prefix: ""), seed: 0)
        for _ in 0..<3 {
            await #expect(throws: Breakdown.self) { try await shared.propose([request]) }
        }
    }
}
