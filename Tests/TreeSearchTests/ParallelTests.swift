import Randomness
import Testing

@testable import TreeSearch

@Suite struct ParallelTests {
    private static let shapes: [(batch: Int, inFlight: Int)] = [(1, 1), (1, 4), (4, 4), (4, 8), (5, 17), (16, 32)]

    private func options(_ shape: (batch: Int, inFlight: Int), isReproducible: Bool, seed: UInt64) -> SearchOptions {
        SearchOptions(
            trees: 2, generationsPerTree: 150, batch: shape.batch, jobsInFlight: shape.inFlight,
            isReproducible: isReproducible, solutionLimit: .max, failureLimit: .max, seed: seed)
    }

    /// Whatever the delays, a reproducible search gives the same trees, at every batch size.
    @Test(arguments: 0..<6)
    func reproducibleSearchesDoNotDependOnTiming(shape: Int) async throws {
        for seed in UInt64(0)..<4 {
            let options = options(Self.shapes[shape], isReproducible: true, seed: seed)
            var records: [[SearchTreeRecord]] = []
            for delay in UInt64(0)..<3 {
                let problem = RestlessProblem(
                    patience: delay == 0 ? 0 : 30, breakdownEvery: 9, delays: .init(seed: delay))
                let generator = RestlessGenerator(patience: 10 * Int(delay), breakdownEvery: 15)
                let result = try await search(problem, proposing: generator, options: options)
                records.append(result.trees.map { $0.record() })
            }
            #expect(records[0] == records[1] && records[0] == records[2])
        }
    }

    /// A reproducible search with solutions stops at the same one.
    @Test func reproducibleSearchesStopAlike() async throws {
        for seed in UInt64(0)..<10 {
            let options = SearchOptions(
                trees: 2, generationsPerTree: 2000, batch: 4, jobsInFlight: 12, seed: seed)
            var endings: [String] = []
            for delay in UInt64(0)..<3 {
                let problem = RestlessProblem(
                    patience: 30, delays: .init(seed: delay), base: SpellingProblem(target: "cab"))
                let result = try await search(
                    problem, proposing: RestlessGenerator(patience: 5), options: options)
                let found = result.solutions.map { "\($0.generation) \($0.tree) \($0.node) \($0.solution)" }
                endings.append("\(result.ending) \(found) \(result.trees.map { $0.record().outline() })")
            }
            #expect(Set(endings).count == 1)
        }
    }

    /// Results taken in any order: no update is lost, none is counted twice, no virtual loss stays.
    @Test(arguments: 0..<6)
    func statisticsAreThoseOfTheObservedResults(shape: Int) async throws {
        for seed in UInt64(0)..<4 {
            let options = options(Self.shapes[shape], isReproducible: false, seed: seed)
            let witness = Witness()
            let problem = RestlessProblem(patience: 30, breakdownEvery: 9)
            let generator = RestlessGenerator(patience: 5, breakdownEvery: 15)
            let result = try await search(problem, proposing: generator, options: options) { event in
                witness.change { $0.events.append(event) }
            }
            #expect(result.counts.begun == 300 && result.counts.abandoned == 0)
            #expect(result.counts.evaluated + result.counts.failed == 300)
            #expect(witness.seen.events.count == 300)
            #expect(generator.witness.seen.mostGenerating == 1)
            #expect(generator.witness.seen.batches.allSatisfy { $0 <= options.batch })
            #expect(problem.witness.seen.mostEvaluating <= options.jobsInFlight)
            for (index, tree) in result.trees.enumerated() {
                let events = witness.seen.events.filter { $0.tree == index }
                expectStatistics(of: tree, toBeThoseOf: events)
            }
        }
    }

    private func expectStatistics(of tree: SearchTree<String, String>, toBeThoseOf events: [SearchEvent]) {
        #expect(tree.runningJobs == 0)
        #expect(tree.statistics.nodes.allSatisfy { $0.ownRunning == 0 && $0.subtreeRunning == 0 })
        var replay = tree
        for index in replay.statistics.nodes.indices {
            replay.statistics.nodes[index].own = DiscountedStatistics()
            replay.statistics.nodes[index].subtree = DiscountedStatistics()
            replay.statistics.nodes[index].ownVisits = 0
            replay.statistics.nodes[index].subtreeVisits = 0
        }
        for event in events {
            if let update = event.update { replay.statistics.record(update.reward, from: event.node) }
        }
        #expect(tree.statistics.nodes == replay.statistics.nodes)
        let record = tree.record()
        for (node, children) in zip(record.nodes, record.children) {
            let below = children.map { record.nodes[$0].subtreeVisits }.reduce(0, +)
            #expect(node.subtreeVisits == node.visits + below)
        }
    }

    /// With jobs that wait for each other the full number is really in flight.
    @Test func evaluationsOverlap() async throws {
        let problem = RestlessProblem(patience: 200)
        let options = SearchOptions(
            generationsPerTree: 400, batch: 8, jobsInFlight: 16, isReproducible: false, solutionLimit: .max)
        _ = try await search(problem, proposing: SpellingGenerator(), options: options)
        #expect(problem.witness.seen.mostEvaluating > 1)
    }

    /// Searches that run at the same time do not disturb each other.
    @Test func searchesRunSideBySide() async throws {
        let problem = SpellingProblem()
        let outlines = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let options = SearchOptions(generationsPerTree: 100, batch: 4, solutionLimit: .max, seed: 5)
                    let result = try await search(problem, proposing: SpellingGenerator(), options: options)
                    return result.trees[0].record().outline()
                }
            }
            var outlines: Set<String> = []
            for try await outline in group { outlines.insert(outline) }
            return outlines
        }
        #expect(outlines.count == 1)
    }
}
