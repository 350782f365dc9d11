import Randomness
import Testing

@testable import TreeSearch

@Suite struct SearchTests {
    @Test(arguments: SearchPolicy.Preset.allCases)
    func budgetIsTreesTimesGenerations(preset: SearchPolicy.Preset) async throws {
        let generator = RestlessGenerator()
        let options = SearchOptions(
            policy: SearchPolicy(preset), trees: 3, generationsPerTree: 17, batch: 5, solutionLimit: .max)
        let result = try await search(SpellingProblem(), proposing: generator, options: options)
        #expect(result.ending == .budgetSpent)
        #expect(result.counts == SearchCounts(begun: 51, evaluated: 51, failed: 0, abandoned: 0))
        #expect(result.trees.map { $0.record().evaluations } == [17, 17, 17])
        #expect(generator.witness.seen.batches.reduce(0, +) == 51)
        #expect(generator.witness.seen.batches == Array(repeating: 5, count: 10) + [1])
    }

    @Test func samplingAlwaysBeginsAtTheRoot() async throws {
        let generator = RestlessGenerator()
        let options = SearchOptions(policy: .sampling, generationsPerTree: 40, solutionLimit: .max)
        let result = try await search(SpellingProblem(), proposing: generator, options: options)
        #expect(generator.witness.seen.requests.allSatisfy { $0.point.prefix.isEmpty })
        #expect(result.trees[0].record().nodes.dropFirst().allSatisfy { $0.subtreeVisits == 0 })
    }

    @Test func stopsAtTheFirstSolution() async throws {
        let problem = SpellingProblem(target: "bad")
        let generator = RestlessGenerator()
        let options = SearchOptions(generationsPerTree: 5000, seed: 3)
        let result = try await search(problem, proposing: generator, options: options)
        #expect(result.ending == .solved)
        let found = try #require(result.solutions.first)
        #expect(result.solutions.count == 1)
        #expect(found.solution.lowercased().filter { $0 != "_" } == "bad")
        #expect(result.counts.begun == found.generation + 1)
        #expect(result.trees[0].state(of: found.node) == "bad")
        #expect(result.trees[0].record().nodes[found.node].isSolved)
    }

    @Test func goesOnForMoreSolutions() async throws {
        let problem = SpellingProblem(target: "bad")
        let options = SearchOptions(generationsPerTree: 20000, batch: 4, solutionLimit: 3, seed: 3)
        let result = try await search(problem, proposing: SpellingGenerator(), options: options)
        #expect(result.ending == .solved)
        #expect(result.solutions.count == 3)
        #expect(result.solutions.map(\.generation).sorted() == result.solutions.map(\.generation))
    }

    @Test func treesDiffer() async throws {
        let options = SearchOptions(trees: 4, generationsPerTree: 20, solutionLimit: .max)
        let result = try await search(SpellingProblem(), proposing: SpellingGenerator(), options: options)
        #expect(Set(result.trees.map { $0.record().outline() }).count == 4)
    }

    @Test func theFirstTreeDoesNotDependOnTheNumberOfTrees() async throws {
        var options = SearchOptions(generationsPerTree: 20, solutionLimit: .max)
        let alone = try await search(SpellingProblem(), proposing: SpellingGenerator(), options: options)
        options.trees = 3
        let together = try await search(SpellingProblem(), proposing: SpellingGenerator(), options: options)
        #expect(alone.trees[0].record() == together.trees[0].record())
    }

    @Test func everyResultIsObserved() async throws {
        let witness = Witness()
        let options = SearchOptions(trees: 2, generationsPerTree: 15, batch: 4, solutionLimit: .max)
        let result = try await search(SpellingProblem(), proposing: SpellingGenerator(), options: options) { event in
            witness.change { $0.events.append(event) }
        }
        let events = witness.seen.events
        #expect(events.map(\.generation) == Array(0..<30))
        #expect(events.map(\.tree) == (0..<30).map { $0 % 2 })
        let added = events.compactMap { $0.update?.addedNodes }.reduce(0, +)
        #expect(added == result.trees.map(\.nodeCount).reduce(0, +) - 2)
        #expect(events.allSatisfy { $0.failure == nil && $0.update != nil && !$0.isSolution })
    }

    @Test func brokenOptionsAreRefused() async {
        await #expect(throws: SearchError.self) {
            try await search(
                SpellingProblem(), proposing: SpellingGenerator(), options: SearchOptions(batch: 4, jobsInFlight: 2))
        }
    }

    @Test func cancellingEndsTheSearch() async throws {
        let problem = RestlessProblem(patience: 3)
        let task = Task {
            try await search(
                problem, proposing: SpellingGenerator(),
                options: SearchOptions(generationsPerTree: 50_000_000, batch: 4, solutionLimit: .max)
            )
        }
        while problem.witness.seen.mostEvaluating == 0 { await Task.yield() }
        task.cancel()
        let result = try await task.value
        #expect(result.ending == .cancelled)
        #expect(result.counts.begun == result.counts.evaluated + result.counts.failed + result.counts.abandoned)
        #expect(result.trees[0].runningJobs == 0)
    }

    /// Equal budgets on 10 instances of the made-up problem, 2000 proposals each.
    ///
    /// Guessing hits one of 4⁸ = 65536 sequences, so sampling is expected to solve 0.3 instances; a tree finds the same
    /// sequence step by step.
    @Test func treeSearchBeatsSamplingWhereStatesCount() async throws {
        var solved: [SearchPolicy.Preset: Int] = [:]
        for preset in [SearchPolicy.Preset.rmaxts, .ucb1, .sample] {
            for seed in UInt64(0)..<10 {
                let problem = HiddenPathProblem(length: 8, branching: 4, errorRate: 0.7, seed: seed)
                let options = SearchOptions(policy: SearchPolicy(preset), generationsPerTree: 2000, seed: seed)
                let result = try await search(problem, proposing: HiddenPathGenerator(for: problem), options: options)
                if result.ending == .solved { solved[preset, default: 0] += 1 }
            }
        }
        #expect(solved[.rmaxts, default: 0] >= 5 && solved[.ucb1, default: 0] >= 5)
        #expect(solved[.sample, default: 0] <= 1)
    }
}
