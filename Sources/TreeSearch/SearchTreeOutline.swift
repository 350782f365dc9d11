import Foundation

extension SearchTreeRecord {
    /// The tree as indented text, one line a node, for people and golden files.
    ///
    /// `own` and `all` give visits, discounted visits and discounted mean reward of the node itself and of its subtree;
    /// `from` names the job that added it.
    ///
    /// - Parameter maximumDepth: nodes deeper than this are left out; nil for all.
    /// - Returns: lines with a newline each.
    public func outline(maximumDepth: Int? = nil) -> String {
        let children = self.children
        var lines = "discount \(policy.discount) exploration \(policy.exploration) reward \(policy.reward.rawValue) "
        lines += "selection \(policy.selection.rawValue) evaluations \(evaluations) nodes \(nodes.count)\n"
        // A stack in place of recursion: a tree may be as deep as a proof is long.
        var open = nodes.isEmpty ? [] : [0]
        while let index = open.popLast() {
            let node = nodes[index]
            if let maximumDepth, node.depth > maximumDepth { continue }
            lines += Self.line(node)
            open += children[index].reversed()
        }
        return lines
    }

    private static func line(_ node: Node) -> String {
        let indentation = String(repeating: "  ", count: node.depth)
        let own = String(format: "own %d %.6f %.6f", node.visits, node.discountedVisits, node.value)
        let all = String(
            format: "all %d %.6f %.6f", node.subtreeVisits, node.discountedSubtreeVisits, node.subtreeValue)
        let origin = node.origin.map { " from \($0)" } ?? ""
        let state = node.state.split(whereSeparator: \.isNewline).joined(separator: " | ")
        return "\(indentation)#\(node.identifier) \(state)\(node.isSolved ? " SOLVED" : "") "
            + "\(own) \(all) prefixes \(node.prefixCount)\(origin)\n"
    }
}
