extension SearchTree {
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

    /// Walks down along the states of a proposal, adding those that are missing.
    ///
    /// - Returns: the last node.
    mutating func insert(_ segments: [SearchPoint<State, Prefix>], below start: Int, origin: Int) -> Int {
        var current = start
        for segment in segments where segment.state != states[current] {
            let key = ChildKey(parent: Int32(current), state: segment.state)
            let child: Int
            if let known = childIndex[key] {
                child = Int(known)
            } else {
                child = addChild(segment.state, below: current, origin: origin)
                childIndex[key] = Int32(child)
            }
            if knownPrefixes.insert(PrefixKey(node: Int32(child), prefix: segment.prefix)).inserted {
                prefixes[child].append(segment.prefix)
            }
            current = child
        }
        return current
    }

    private mutating func addChild(_ state: State, below parent: Int, origin: Int) -> Int {
        let child = Int32(nodes.count)
        nodes.append(Node(parent: Int32(parent), depth: nodes[parent].depth + 1, origin: Int32(origin)))
        states.append(state)
        prefixes.append([])
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
