import Foundation
import Randomness
import Testing

@testable import TreeSearch

@Suite struct SearchTreeTests {
    typealias Tree = SearchTree<String, String>
    typealias Point = SearchPoint<String, String>

    private func plant(_ policy: SearchPolicy = .rmaxts, seed: UInt64 = 0) -> Tree {
        Tree(root: Point(state: "root", prefix: ""), policy: policy, generator: SplittableGenerator(seed: seed))
    }

    private func points(_ pairs: [(String, String)]) -> [Point] { pairs.map { Point(state: $0.0, prefix: $0.1) } }

    @Test func newStatesBecomeAPathAndAreRewarded() {
        var tree = plant()
        let update = tree.finish(tree.begin(), reaching: points([("A", "a"), ("B", "ab")]), isSolved: false)
        #expect(update == SearchUpdate(reward: 1, addedNodes: 2, lastNode: 2))
        #expect(tree.path(to: 2) == [0, 1, 2])
        #expect(tree.state(of: 2) == "B" && tree.prefixes(of: 2) == ["ab"])
    }

    @Test func knownStatesAreNotRewardedButKeepNewPrefixes() {
        var tree = plant(SearchPolicy(selection: .root))
        _ = tree.finish(tree.begin(), reaching: points([("A", "a")]), isSolved: false)
        let again = tree.finish(tree.begin(), reaching: points([("A", "a2")]), isSolved: false)
        #expect(again == SearchUpdate(reward: 0, addedNodes: 0, lastNode: 1))
        _ = tree.finish(tree.begin(), reaching: points([("A", "a2")]), isSolved: false)
        #expect(tree.prefixes(of: 1) == ["a", "a2"])
    }

    @Test func equalStatesMergeOnlyUnderOneParent() {
        var tree = plant(SearchPolicy(selection: .root))
        _ = tree.finish(tree.begin(), reaching: points([("A", "a"), ("C", "ac")]), isSolved: false)
        _ = tree.finish(tree.begin(), reaching: points([("B", "b"), ("C", "bc")]), isSolved: false)
        _ = tree.finish(tree.begin(), reaching: points([("A", "x"), ("C", "xc")]), isSolved: false)
        #expect(tree.nodeCount == 5)
        #expect(tree.prefixes(of: 2) == ["ac", "xc"])
        #expect(tree.prefixes(of: 4) == ["bc"])
    }

    /// A step that leaves the goals as they are opens no node, and its prefix is not kept.
    @Test func unchangedStatesOpenNothing() {
        var tree = plant()
        let update = tree.finish(
            tree.begin(), reaching: points([("root", "idle"), ("A", "a"), ("A", "a idle"), ("root", "back")]),
            isSolved: false)
        #expect(update.addedNodes == 2)
        #expect(tree.prefixes(of: 0) == [""])
        #expect(tree.prefixes(of: 1) == ["a"])
        #expect(tree.state(of: 2) == "root")
    }

    @Test func nothingReachedCountsWithoutReward() {
        var tree = plant()
        let update = tree.finish(tree.begin(), reaching: [], isSolved: false)
        #expect(update == SearchUpdate(reward: 0, addedNodes: 0, lastNode: 0))
        #expect(tree.record().nodes[0].visits == 1)
    }

    @Test func rewardForSolutionsIgnoresNovelty() {
        var tree = plant(.uct)
        #expect(tree.finish(tree.begin(), reaching: points([("A", "a")]), isSolved: false).reward == 0)
        var other = plant(.uct)
        #expect(other.finish(other.begin(), reaching: points([("A", "a")]), isSolved: true).reward == 1)
    }

    @Test func solvedNodesAreNeverChosen() {
        var tree = plant()
        _ = tree.finish(tree.begin(), reaching: points([("done", "d")]), isSolved: true)
        for _ in 0..<20 {
            let job = tree.begin()
            #expect(job.node == 0)
            _ = tree.finish(job, reaching: [], isSolved: false)
        }
        #expect(tree.record().nodes[1].isSolved)
    }

    /// By hand, γ = 0.99: after one rewarded visit the root's virtual child has N = 1, the child N = 0 and wins; a second
    /// equal child loses against the first.
    @Test func unvisitedChildrenComeFirstInOrderOfCreation() {
        var tree = plant()
        _ = tree.finish(tree.begin(), reaching: points([("A", "a")]), isSolved: false)
        let first = tree.begin()
        #expect(first.node == 1)
        #expect(first.request.point == Point(state: "A", prefix: "a"))
        tree.abandon(first)

        var wide = plant(SearchPolicy(selection: .root))
        _ = wide.finish(wide.begin(), reaching: points([("A", "a")]), isSolved: false)
        _ = wide.finish(wide.begin(), reaching: points([("B", "b")]), isSolved: false)
        wide = wide.replacingPolicy(.rmaxts)
        let jobs = (0..<2).map { _ in wide.begin() }
        #expect(jobs.map(\.node) == [1, 2])
    }

    /// Prefixes of a node are drawn uniformly: n = 30000, χ² with 2 degrees of freedom, bound 37.9 ≥ its 1 - 1e-6 quantile.
    @Test func prefixesAreDrawnUniformly() {
        var tree = plant(SearchPolicy(selection: .root))
        for prefix in ["x", "y", "z"] {
            _ = tree.finish(tree.begin(), reaching: points([("A", prefix)]), isSolved: false)
        }
        tree = tree.replacingPolicy(.rmaxts)
        var counts: [String: Int] = [:]
        for _ in 0..<30000 {
            let job = tree.begin()
            #expect(job.node == 1)
            counts[job.request.point.prefix, default: 0] += 1
            tree.abandon(job)
        }
        let statistic = ["x", "y", "z"].map { pow(Double(counts[$0] ?? 0) - 10000, 2) / 10000 }.reduce(0, +)
        #expect(statistic < 37.9)
    }

    @Test func seedsDifferAndDependOnTheJobAlone() {
        var tree = plant(seed: 4)
        var other = plant(seed: 4)
        let jobs = (0..<50).map { _ in tree.begin() }
        #expect(Set(jobs.map(\.request.seed)).count == 50)
        for job in jobs {
            let same = other.begin()
            #expect(same.request.seed == job.request.seed)
            _ = other.finish(same, reaching: points([("\(job.number)", "p")]), isSolved: false)
        }
    }

    @Test func misuseTraps() async {
        await #expect(processExitsWith: .failure) {
            var tree = SearchTree<String, String>(
                root: SearchPoint(state: "", prefix: ""), generator: SplittableGenerator(seed: 0))
            let job = tree.begin()
            tree.abandon(job)
            tree.abandon(job)
        }
        await #expect(processExitsWith: .failure) {
            _ = SearchTree<String, String>(
                root: SearchPoint(state: "", prefix: ""), policy: SearchPolicy(discount: 0),
                generator: SplittableGenerator(seed: 0))
        }
    }
}

extension SearchTree {
    /// The same tree, grown on with another policy.
    func replacingPolicy(_ policy: SearchPolicy) -> SearchTree {
        var tree = SearchTree(
            root: SearchPoint(state: states[0], prefix: prefixes[0][0]), policy: policy, generator: generator)
        tree.statistics.nodes = statistics.nodes.map { node in
            var node = node
            if node.depth > 0 { node.subtree = DiscountedStatistics() }
            return node
        }
        tree.states = states
        tree.prefixes = prefixes
        tree.childIndex = childIndex
        tree.knownPrefixes = knownPrefixes
        return tree
    }
}
