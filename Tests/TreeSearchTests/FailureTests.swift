import Randomness
import Testing

@testable import TreeSearch

@Suite struct FailureTests {
    private func options(_ change: (inout SearchOptions) -> Void = { _ in }) -> SearchOptions {
        var options = SearchOptions(generationsPerTree: 120, solutionLimit: .max, failureLimit: .max, seed: 1)
        change(&options)
        return options
    }

    @Test(arguments: [true, false])
    func failedEvaluationsAreReportedAndNotCounted(isReproducible: Bool) async throws {
        let problem = RestlessProblem(patience: 5, breakdownEvery: 4)
        let witness = Witness()
        let options = options {
            $0.batch = 3
            $0.jobsInFlight = 9
            $0.isReproducible = isReproducible
        }
        let result = try await search(problem, proposing: SpellingGenerator(), options: options) { event in
            witness.change { $0.events.append(event) }
        }
        #expect(result.counts.begun == 120 && result.counts.abandoned == 0)
        #expect(result.counts.failed > 10 && result.counts.evaluated == 120 - result.counts.failed)
        #expect(Int(result.trees[0].statistics.nodes[0].subtreeVisits) == result.counts.evaluated)
        #expect(result.trees[0].runningJobs == 0)
        #expect(result.failures.count == min(result.counts.failed, 20))
        #expect(result.failures.allSatisfy { $0.stage == .evaluation && $0.message == "the machinery broke down" })
        let failedEvents = witness.seen.events.filter { $0.failure != nil }
        #expect(failedEvents.count == result.counts.failed)
        #expect(failedEvents.allSatisfy { $0.update == nil && !$0.isSolution })
    }

    /// A breakdown costs budget but leaves the tree as the jobs that went well made it.
    @Test func failedJobsLeaveNoTraceInTheTree() async throws {
        let problem = RestlessProblem(breakdownEvery: 3)
        let result = try await search(problem, proposing: SpellingGenerator(), options: options())
        var tree = SearchTree(
            root: problem.root, policy: .rmaxts, generator: SplittableGenerator(seed: 1).folding(in: 0))
        for _ in 0..<120 {
            let job = tree.begin()
            let proposal = SpellingGenerator().proposal(for: job.request)
            if let evaluation = try? await problem.evaluate(proposal, from: job.request.point) {
                _ = tree.finish(
                    job, reaching: evaluation.segments, isSolved: evaluation.solution != nil)
            } else {
                tree.abandon(job)
            }
        }
        #expect(tree.statistics.nodes == result.trees[0].statistics.nodes)
        #expect(result.counts.failed > 10)
    }

    @Test(arguments: [true, false])
    func failedGenerationsFailTheWholeBatch(isReproducible: Bool) async throws {
        let generator = RestlessGenerator(patience: 3, breakdownEvery: 3)
        let options = options {
            $0.batch = 4
            $0.jobsInFlight = 8
            $0.isReproducible = isReproducible
        }
        let result = try await search(SpellingProblem(), proposing: generator, options: options)
        #expect(result.counts.begun == 120 && result.counts.failed > 8)
        #expect(result.counts.evaluated + result.counts.failed == 120)
        #expect(result.failures.allSatisfy { $0.stage == .generation })
        #expect(Int(result.trees[0].statistics.nodes[0].subtreeVisits) == result.counts.evaluated)
    }

    @Test(arguments: [true, false])
    func aBrokenVerifierEndsTheSearchAndSaysSo(isReproducible: Bool) async throws {
        let problem = RestlessProblem(breakdownEvery: 1)
        let options = options {
            $0.failureLimit = 7
            $0.batch = 4
            $0.jobsInFlight = 4
            $0.isReproducible = isReproducible
        }
        let result = try await search(problem, proposing: SpellingGenerator(), options: options)
        #expect(result.ending == .failed)
        #expect(result.counts.failed == 7 && result.counts.evaluated == 0)
        #expect(result.counts.begun == 7 + result.counts.abandoned)
        #expect(result.trees[0].nodeCount == 1 && result.trees[0].runningJobs == 0)
    }

    @Test func aWrongNumberOfProposalsIsAFailure() async throws {
        struct Short: ProposalGenerator {
            func propose(_ requests: [ProposalRequest<String, String>]) async throws -> [String] { [] }
        }
        let result = try await search(
            SpellingProblem(), proposing: Short(), options: options { $0.failureLimit = 2 })
        #expect(result.ending == .failed)
        #expect(
            result.failures.first?.message
                == SearchError.wrongProposalCount(requested: 1, received: 0).description)
    }
}
