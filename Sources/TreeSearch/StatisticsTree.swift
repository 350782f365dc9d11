/// The shape of a tree and its statistics, without states and prefixes.
///
/// Nodes lie in one flat array and refer to each other by index; siblings form a linked list. Not generic, so that the
/// loops that every simulation runs are compiled for concrete types whatever the problem is.
struct StatisticsTree: Hashable, Sendable {
    /// One node.
    struct Node: Hashable, Sendable {
        let parent: Int32
        let depth: Int32
        /// Number of the job that added the node; -1 for the root.
        let origin: Int32
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var nextSibling: Int32 = -1
        /// Statistics of expanding this very node: its virtual child.
        var own = DiscountedStatistics()
        /// Statistics of everything that began at or below this node.
        var subtree = DiscountedStatistics()
        var ownRunning: Int32 = 0
        var subtreeRunning: Int32 = 0
        var ownVisits: Int32 = 0
        var subtreeVisits: Int32 = 0
        var isSolved = false
    }

    /// How the tree chooses.
    let policy: SearchPolicy
    var nodes = [Node(parent: -1, depth: 0, origin: -1)]

    init(policy: SearchPolicy) {
        self.policy = policy
    }

    /// Follows the greatest scores from the root to the node to expand.
    ///
    /// At each node the candidates are its virtual child ("expand here", own counts) and its children (subtree counts).
    /// The first of equal scores wins, the virtual child before the children, those in the order of their creation.
    func select() -> Int {
        if policy.selection == .root { return 0 }
        return nodes.withUnsafeBufferPointer { nodes in
            var current = 0
            while nodes[current].firstChild >= 0, let child = bestChild(of: current, in: nodes) { current = child }
            return current
        }
    }

    /// The child with the greatest score, nil when the virtual child wins.
    @inline(__always)
    private func bestChild(of node: Int, in nodes: UnsafeBufferPointer<Node>) -> Int? {
        let own = ownStatistics(nodes[node])
        var total = own.visits
        var child = nodes[node].firstChild
        while child >= 0 {
            if !nodes[Int(child)].isSolved { total += subtreeStatistics(nodes[Int(child)]).visits }
            child = nodes[Int(child)].nextSibling
        }
        let scale = policy.explorationScale(total: total)
        var best: Int?
        var bestScore = own.mean + policy.explorationBonus(visits: own.visits, scale: scale)
        child = nodes[node].firstChild
        while child >= 0 {
            let candidate = nodes[Int(child)]
            if !candidate.isSolved {
                let statistics = subtreeStatistics(candidate)
                let score = statistics.mean + policy.explorationBonus(visits: statistics.visits, scale: scale)
                if score > bestScore {
                    best = Int(child)
                    bestScore = score
                }
            }
            child = candidate.nextSibling
        }
        return best
    }

    @inline(__always)
    func ownStatistics(_ node: Node) -> DiscountedStatistics {
        node.own.withVirtualLoss(running: Int(node.ownRunning), discount: policy.discount)
    }

    @inline(__always)
    func subtreeStatistics(_ node: Node) -> DiscountedStatistics {
        node.subtree.withVirtualLoss(running: Int(node.subtreeRunning), discount: policy.discount)
    }

    /// Counts a visit at a node and at all above it.
    mutating func record(_ reward: Double, from node: Int) {
        nodes[node].own.record(reward, discount: policy.discount)
        nodes[node].ownVisits += 1
        var current = node
        while current >= 0 {
            nodes[current].subtree.record(reward, discount: policy.discount)
            nodes[current].subtreeVisits += 1
            current = Int(nodes[current].parent)
        }
    }

    /// Changes the number of running jobs at a node and at all above it.
    mutating func changeRunning(from node: Int, by change: Int32) {
        nodes[node].ownRunning += change
        var current = node
        while current >= 0 {
            nodes[current].subtreeRunning += change
            current = Int(nodes[current].parent)
        }
    }

    /// Adds a node as the last child of another.
    ///
    /// - Returns: its index.
    mutating func addChild(below parent: Int, origin: Int) -> Int {
        let child = Int32(nodes.count)
        nodes.append(Node(parent: Int32(parent), depth: nodes[parent].depth + 1, origin: Int32(origin)))
        let last = nodes[parent].lastChild
        if last < 0 {
            nodes[parent].firstChild = child
        } else {
            nodes[Int(last)].nextSibling = child
        }
        nodes[parent].lastChild = child
        return Int(child)
    }
}
