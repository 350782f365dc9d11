import Randomness
import Testing

@testable import TreeSearch

@Suite struct VirtualLossTests {
    private let problem = SpellingProblem()
    private let generator = SpellingGenerator()

    private func grown(_ policy: SearchPolicy, seed: UInt64) -> SearchTree<String, String> {
        var tree = SearchTree(root: problem.root, policy: policy, generator: SplittableGenerator(seed: seed))
        for _ in 0..<40 {
            let job = tree.begin()
            let result = problem.outcome(of: generator.proposal(for: job.request), from: job.request.point)
            _ = tree.finish(job, reaching: result.segments, isSolved: result.solution != nil)
        }
        return tree
    }

    /// Jobs begun and taken back in random order leave every node as it was, bit for bit.
    @Test(arguments: [SearchPolicy.rmaxts, .ucb1, .uct, .sampling])
    func abandonedJobsLeaveNoTrace(policy: SearchPolicy) {
        for seed in UInt64(0)..<30 {
            var random = SplittableGenerator(seed: seed)
            var tree = grown(policy, seed: seed)
            let before = tree.statistics.nodes
            var running: [SearchJob<String, String>] = []
            for _ in 0..<100 {
                if running.isEmpty || random.bernoulli(0.6) {
                    running.append(tree.begin())
                } else {
                    tree.abandon(running.remove(at: random.integer(below: running.count)))
                }
            }
            #expect(tree.runningJobs == running.count)
            for job in random.shuffled(running) { tree.abandon(job) }
            #expect(tree.statistics.nodes == before)
            #expect(tree.runningJobs == 0)
        }
    }

    /// After any interleaving the statistics are those of the finished jobs alone, in the order in which they ended.
    @Test(arguments: [SearchPolicy.rmaxts, .ucb1, .uct])
    func finishedJobsCountAsIfAlone(policy: SearchPolicy) {
        for seed in UInt64(0)..<30 {
            var random = SplittableGenerator(seed: 100 + seed)
            var tree = SearchTree(root: problem.root, policy: policy, generator: random.split())
            var replay = tree
            var running: [SearchJob<String, String>] = []
            for _ in 0..<200 {
                if running.isEmpty || (running.count < 20 && random.bernoulli(0.5)) {
                    running.append(tree.begin())
                    continue
                }
                let job = running.remove(at: random.integer(below: running.count))
                if random.bernoulli(0.3) {
                    tree.abandon(job)
                    continue
                }
                let result = problem.outcome(of: generator.proposal(for: job.request), from: job.request.point)
                let update = tree.finish(job, reaching: result.segments, isSolved: result.solution != nil)
                let last = replay.insert(result.segments, below: job.node, origin: job.number)
                if result.solution != nil && last != job.node { replay.statistics.nodes[last].isSolved = true }
                replay.statistics.record(update.reward, from: job.node)
            }
            for job in running { tree.abandon(job) }
            #expect(tree.statistics.nodes == replay.statistics.nodes)
            #expect(tree.states == replay.states && tree.prefixes == replay.prefixes)
        }
    }

    /// The point of virtual loss: jobs that run at the same time spread over the tree.
    @Test func runningJobsSpread() {
        var tree = grown(.rmaxts, seed: 5)
        let together = Set((0..<16).map { _ in tree.begin().node })
        #expect(together.count > 4)
    }
}
