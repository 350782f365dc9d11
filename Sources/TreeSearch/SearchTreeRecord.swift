/// A search tree as plain data, for reports, drawings and files.
public struct SearchTreeRecord: Hashable, Codable, Sendable {
    /// A node of the tree.
    public struct Node: Hashable, Codable, Sendable {
        /// Index in ``SearchTreeRecord/nodes``; the root is 0.
        public let identifier: Int
        /// Index of the parent, smaller than ``identifier``; nil for the root.
        public let parent: Int?
        /// Number of edges from the root.
        public let depth: Int
        /// The state as text.
        public let state: String
        /// Number of distinct prefixes that reach the node.
        public let prefixCount: Int
        /// Number of the job of this tree that added the node, from 0; nil for the root.
        public let origin: Int?
        /// How often this very node was expanded.
        public let visits: Int
        /// How often this node or one below it was expanded.
        public let subtreeVisits: Int
        /// Discounted mean reward of expanding this very node, in `[0, 1]`.
        public let value: Double
        /// Discounted mean reward of everything at or below the node, in `[0, 1]`.
        public let subtreeValue: Double
        /// Discounted number of expansions of this very node.
        public let discountedVisits: Double
        /// Discounted number of expansions at or below the node.
        public let discountedSubtreeVisits: Double
        /// Whether a solution ended at this node.
        public let isSolved: Bool
    }

    /// How the tree chose.
    public let policy: SearchPolicy
    /// How many proposals the tree counts.
    public let evaluations: Int
    /// All nodes in the order of their creation; parents come before their children.
    public let nodes: [Node]

    /// Indices of the children of each node, in the order of their creation.
    public var children: [[Int]] {
        var children = Array(repeating: [Int](), count: nodes.count)
        for node in nodes {
            if let parent = node.parent, children.indices.contains(parent) { children[parent].append(node.identifier) }
        }
        return children
    }
}

extension SearchTree {
    /// The tree as plain data.
    ///
    /// Virtual loss of running jobs is not part of the values.
    ///
    /// - Parameter describe: writes a state as text.
    /// - Returns: all nodes with their statistics.
    public func record(describing describe: (State) -> String = { String(describing: $0) }) -> SearchTreeRecord {
        let records = statistics.nodes.indices.map { index in
            let node = statistics.nodes[index]
            return SearchTreeRecord.Node(
                identifier: index, parent: node.parent < 0 ? nil : Int(node.parent), depth: Int(node.depth),
                state: describe(states[index]), prefixCount: prefixes[index].count,
                origin: node.origin < 0 ? nil : Int(node.origin), visits: Int(node.ownVisits),
                subtreeVisits: Int(node.subtreeVisits), value: node.own.mean, subtreeValue: node.subtree.mean,
                discountedVisits: node.own.visits, discountedSubtreeVisits: node.subtree.visits,
                isSolved: node.isSolved)
        }
        return SearchTreeRecord(policy: policy, evaluations: finishedJobs, nodes: records)
    }

    /// The state of a node.
    ///
    /// - Parameter node: index below ``nodeCount``; 0 is the root.
    /// - Returns: what is left to do there.
    public func state(of node: Int) -> State { states[node] }

    /// The distinct prefixes that reach a node, in the order in which they were found.
    ///
    /// - Parameter node: index below ``nodeCount``; 0 is the root.
    /// - Returns: at least one.
    public func prefixes(of node: Int) -> [Prefix] { prefixes[node] }

    /// The nodes from the root to a node, both included.
    ///
    /// - Parameter node: index below ``nodeCount``; 0 is the root.
    /// - Returns: indices that begin with 0.
    public func path(to node: Int) -> [Int] {
        var path: [Int] = []
        var current = node
        while current >= 0 {
            path.append(current)
            current = Int(statistics.nodes[current].parent)
        }
        return path.reversed()
    }
}
