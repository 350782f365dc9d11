import Foundation
import Randomness
import Testing

@testable import TreeSearch

@Suite struct ReferenceTests {
    /// Two ways to sum at most 150 terms; also covers the closed form of virtual loss.
    private static let tolerance = 1e-10

    private let problem = SpellingProblem()
    private let generator = SpellingGenerator()

    private func compare(_ tree: SearchTree<String, String>, _ reference: ReferenceSearch) {
        #expect(tree.nodeCount == reference.nodes.count)
        for (index, node) in reference.nodes.enumerated() where index < tree.nodeCount {
            let own = reference.sums(node.ownRewards, 0)
            let subtree = reference.sums(node.subtreeRewards, 0)
            let mine = tree.statistics.nodes[index]
            #expect(tree.states[index] == node.state)
            #expect(tree.prefixes[index] == node.prefixes)
            #expect(Int(mine.parent) == node.parent?.creation ?? -1)
            #expect(Int(mine.depth) == node.ancestry.count - 1)
            #expect(mine.isSolved == node.isSolved)
            #expect(Int(mine.ownVisits) == node.ownRewards.count)
            #expect(Int(mine.subtreeVisits) == node.subtreeRewards.count)
            #expect(abs(mine.own.reward - own.reward) < Self.tolerance)
            #expect(abs(mine.own.visits - own.visits) < Self.tolerance)
            #expect(abs(mine.subtree.reward - subtree.reward) < Self.tolerance)
            #expect(abs(mine.subtree.visits - subtree.visits) < Self.tolerance)
        }
    }

    /// One job at a time: the very same choices, for 40 seeds of each policy.
    @Test(arguments: SearchPolicy.Preset.allCases)
    func sequentialSearchEqualsTheReference(preset: SearchPolicy.Preset) async throws {
        let policy = SearchPolicy(preset)
        for seed in UInt64(0)..<40 {
            let stream = SplittableGenerator(seed: seed).folding(in: 0)
            var reference = ReferenceSearch(policy: policy)
            for number in 0..<60 {
                let node = reference.select()
                var random = stream.folding(in: UInt64(number))
                let prefix = node.prefixes[random.integer(below: node.prefixes.count)]
                let request = ProposalRequest(
                    point: SearchPoint(state: node.state, prefix: prefix), seed: random.next())
                reference.finish(node, problem.outcome(of: generator.proposal(for: request), from: request.point))
            }
            let options = SearchOptions(policy: policy, generationsPerTree: 60, solutionLimit: .max, seed: seed)
            let result = try await search(problem, proposing: generator, options: options)
            #expect(result.counts.evaluated == 60)
            compare(result.trees[0], reference)
        }
    }

    /// Many jobs at a time in random order: every choice has the greatest of the scores summed up directly.
    @Test(arguments: [SearchPolicy.rmaxts, .ucb1, .uct, SearchPolicy(discount: 0.8)])
    func interleavedChoicesAreTheGreatest(policy: SearchPolicy) {
        for seed in UInt64(0)..<20 {
            var random = SplittableGenerator(seed: seed)
            var tree = SearchTree(root: problem.root, policy: policy, generator: random.split())
            var reference = ReferenceSearch(policy: policy)
            var running: [SearchJob<String, String>] = []
            for _ in 0..<150 {
                if running.isEmpty || (running.count < 12 && random.bernoulli(0.55)) {
                    let job = tree.begin()
                    expectGreatest(job.node, in: reference)
                    reference.changeRunning(reference.nodes[job.node], 1)
                    running.append(job)
                } else {
                    let job = running.remove(at: random.integer(below: running.count))
                    let node = reference.nodes[job.node]
                    reference.changeRunning(node, -1)
                    if random.bernoulli(0.2) {
                        tree.abandon(job)
                    } else {
                        let result = problem.outcome(
                            of: generator.proposal(for: job.request), from: job.request.point)
                        _ = tree.finish(job, reaching: result.segments, isSolved: result.solution != nil)
                        reference.finish(node, result)
                    }
                }
            }
            for job in running { tree.abandon(job) }
            compare(tree, reference)
        }
    }

    private func expectGreatest(_ chosen: Int, in reference: ReferenceSearch) {
        let path = Array(reference.nodes[chosen].ancestry.reversed())
        for (index, node) in path.enumerated() {
            let next = index + 1 < path.count ? path[index + 1] : nil
            let scores = reference.scores(at: node)
            let greatest = scores.map(\.score).max() ?? 0
            let score = scores.first { $0.action === next }?.score ?? -.infinity
            #expect(score >= greatest - Self.tolerance)
        }
    }
}
