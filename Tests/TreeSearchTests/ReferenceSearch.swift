import Foundation
import Randomness

@testable import TreeSearch

/// A slow and plain RMaxTS to compare with: nodes hold the whole list of their rewards and sum it up each time.
///
/// Written from the equations alone: references in place of indices, dictionaries in place of sibling lists, virtual loss
/// as so many visits without reward in place of the closed form.
final class ReferenceNode {
    let state: String
    private(set) weak var parent: ReferenceNode?
    let creation: Int
    var prefixes: [String]
    var children: [ReferenceNode] = []
    var isSolved = false
    var ownRewards: [Double] = []
    var subtreeRewards: [Double] = []
    var ownRunning = 0
    var subtreeRunning = 0

    init(state: String, parent: ReferenceNode?, creation: Int, prefixes: [String]) {
        self.state = state
        self.parent = parent
        self.creation = creation
        self.prefixes = prefixes
    }

    var ancestry: [ReferenceNode] { [self] + (parent?.ancestry ?? []) }
}

struct ReferenceSearch {
    let policy: SearchPolicy
    var nodes = [ReferenceNode(state: "", parent: nil, creation: 0, prefixes: [""])]

    var root: ReferenceNode { nodes[0] }

    /// W and N of a list of rewards followed by visits of running jobs, equations 8 and 9.
    func sums(_ rewards: [Double], _ running: Int) -> (reward: Double, visits: Double) {
        let all = rewards + Array(repeating: 0, count: running)
        var reward = 0.0
        var visits = 0.0
        for (index, value) in all.enumerated() {
            let weight = pow(policy.discount, Double(all.count - 1 - index))
            reward += weight * value
            visits += weight
        }
        return (reward, visits)
    }

    /// Scores of all actions at a node; nil is the virtual child.
    func scores(at node: ReferenceNode) -> [(action: ReferenceNode?, score: Double)] {
        let open = node.children.filter { !$0.isSolved }
        let actions: [(ReferenceNode?, (reward: Double, visits: Double))] =
            [(nil, sums(node.ownRewards, node.ownRunning))]
            + open.map { ($0, sums($0.subtreeRewards, $0.subtreeRunning)) }
        let total = actions.map(\.1.visits).reduce(0, +)
        return actions.map { action, sums in
            let visits = max(sums.visits, 0.01)
            return (action, sums.reward / visits + (policy.exploration * log(max(total, 2)) / visits).squareRoot())
        }
    }

    func select() -> ReferenceNode {
        var node = root
        if policy.selection == .root { return node }
        while true {
            var best: (action: ReferenceNode?, score: Double) = (nil, -.infinity)
            for candidate in scores(at: node) where candidate.score > best.score { best = candidate }
            guard let child = best.action else { return node }
            node = child
        }
    }

    mutating func finish(_ start: ReferenceNode, _ result: ProposalEvaluation<String, String, String>) {
        let before = nodes.count
        var node = start
        for segment in result.segments {
            if segment.state == node.state { continue }
            if let known = node.children.first(where: { $0.state == segment.state }) {
                node = known
            } else {
                let child = ReferenceNode(state: segment.state, parent: node, creation: nodes.count, prefixes: [])
                node.children.append(child)
                nodes.append(child)
                node = child
            }
            if !node.prefixes.contains(segment.prefix) { node.prefixes.append(segment.prefix) }
        }
        if result.solution != nil && node !== start { node.isSolved = true }
        let isSuccess = policy.reward == .novelty ? nodes.count > before : result.solution != nil
        start.ownRewards.append(isSuccess ? 1 : 0)
        for ancestor in start.ancestry { ancestor.subtreeRewards.append(isSuccess ? 1 : 0) }
    }

    func changeRunning(_ node: ReferenceNode, _ change: Int) {
        node.ownRunning += change
        for ancestor in node.ancestry { ancestor.subtreeRunning += change }
    }
}
