import Foundation

/// A picture of a tree, for example of a proof search: root at the left, one column a depth, labels beside the nodes.
///
/// Made for trees of up to about 2,000 nodes. Labels are cut to fit; the tooltip says everything.
public struct TreePicture: Sendable {
    /// How a node is coloured.
    public enum Tone: String, Sendable, CaseIterable {
        /// Grey-blue: nothing special.
        case neutral
        /// Green: solved, proved.
        case good
        /// Red: failed.
        case bad
        /// Orange: being looked at.
        case active
        /// Light grey: of no further interest.
        case muted
    }

    /// A node.
    public struct Node: Sendable {
        /// The parent's index in the list of nodes, smaller than the node's own; nil for a root.
        public var parent: Int?
        /// What stands beside it; only the first line.
        public var label: String
        /// What is shown when the pointer rests on it.
        public var tooltip: String
        /// Its colour.
        public var tone: Tone
        /// True draws the edge to its parent thick, as for a path that led to success.
        public var isEmphasized: Bool

        /// Makes a node.
        ///
        /// - Parameters:
        ///   - parent: the parent's index in the list of nodes; nil for a root.
        ///   - label: what stands beside it.
        ///   - tooltip: what is shown when the pointer rests on it.
        ///   - tone: its colour.
        ///   - isEmphasized: true draws the edge to its parent thick.
        public init(
            parent: Int?, label: String, tooltip: String = "", tone: Tone = .neutral, isEmphasized: Bool = false
        ) {
            self.parent = parent
            self.label = label
            self.tooltip = tooltip
            self.tone = tone
            self.isEmphasized = isEmphasized
        }
    }

    /// The nodes, parents before children.
    public let nodes: [Node]
    /// Labels are cut to so many characters.
    public let longestLabel: Int

    /// The width that a letter takes at most on the average, in pixels.
    private static let letterWidth = 5.9
    /// Above so many nodes only emphasized and good ones keep their labels.
    private static let mostLabels = 400

    /// Takes a tree.
    ///
    /// - Parameters:
    ///   - nodes: the nodes, parents before children; several roots are drawn below one another.
    ///   - longestLabel: labels are cut to so many characters; at least 1.
    /// - Precondition: every parent's index is in `0..<` the node's own.
    public init(_ nodes: [Node], longestLabel: Int = 24) {
        for (index, node) in nodes.enumerated() {
            precondition(
                node.parent.map { (0..<index).contains($0) } ?? true,
                "TreePicture: node \(index) has parent \(node.parent ?? -1), which doesn't come before it")
        }
        precondition(longestLabel >= 1, "TreePicture: longestLabel is \(longestLabel), must be at least 1")
        self.nodes = nodes
        self.longestLabel = longestLabel
    }

    /// Draws the tree.
    ///
    /// - Returns: the picture, in its natural size.
    /// - Complexity: O(nodes).
    public func picture() -> SVG {
        let layout = TreeLayout(
            parents: nodes.map(\.parent), preferred: Set(nodes.indices.filter { nodes[$0].isEmphasized }))
        let isCrowded = nodes.count > Self.mostLabels
        let labels = nodes.map { isCrowded && !$0.isEmphasized && $0.tone != .good ? "" : cut($0.label) }
        let widths = labels.map { Double($0.count) * Self.letterWidth }
        let row = isCrowded ? 11.0 : 18.0
        var columns = Array(repeating: 0.0, count: layout.columns)
        for (place, width) in zip(layout.places, widths) { columns[place.column] = max(columns[place.column], width) }
        // Where each column begins: after the longest label of the one before, with room for the edges.
        let starts = columns.reduce(into: [12.0]) { $0.append(($0.last ?? 0) + $1 + 34) }
        let width = Int(starts.last ?? 0) + 8
        let height = Int(Double(layout.rows) * row + 20)
        let places = layout.places.map { (x: starts[$0.column], y: 14 + $0.row * row) }
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\""
                + " height=\"\(height)\" font-family=\"sans-serif\" font-size=\"11\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
        ]
        // The thick edges last, so that no other lies over them.
        let order = nodes.indices.filter { !nodes[$0].isEmphasized } + nodes.indices.filter { nodes[$0].isEmphasized }
        for index in order {
            guard let parent = nodes[index].parent else { continue }
            let start = (x: places[parent].x + 7 + widths[parent], y: places[parent].y)
            parts.append(edge(from: start, to: places[index], nodes[index]))
        }
        for (index, node) in nodes.enumerated() { parts.append(mark(node, labels[index], at: places[index])) }
        return SVG(trusting: parts.joined(separator: "\n") + "\n</svg>")
    }

    private func cut(_ label: String) -> String {
        let line = label.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.count > longestLabel ? line.prefix(longestLabel - 1) + "…" : line
    }

    private func edge(from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ node: Node) -> String {
        let bend = String(format: "%.1f", end.x - 14)
        let path =
            String(format: "M%.1f %.1fH", start.x, start.y) + bend
            + String(format: "C%.1f %.1f %.1f %.1f %.1f %.1f", end.x - 7, start.y, end.x - 7, end.y, end.x, end.y)
        let color = node.isEmphasized ? Self.color(node.tone) : "#c3cad6"
        return "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(node.isEmphasized ? 2.4 : 1)\"/>"
    }

    private func mark(_ node: Node, _ label: String, at place: (x: Double, y: Double)) -> String {
        let tooltip = escapedMarkup(node.tooltip.isEmpty ? node.label : node.tooltip)
        let circle = String(format: "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"", place.x, place.y)
        let text =
            label.isEmpty
            ? ""
            : String(format: "<text x=\"%.1f\" y=\"%.1f\"", place.x + 7, place.y + 4)
                + ">\(escapedMarkup(label))</text>"
        return "<g><title>\(tooltip)</title>\(circle)\(Self.color(node.tone))\"/>\(text)</g>"
    }

    private static func color(_ tone: Tone) -> String {
        switch tone {
        case .neutral: "#5b7083"
        case .good: "#009e73"
        case .bad: "#d55e00"
        case .active: "#e69f00"
        case .muted: "#b8c0cc"
        }
    }
}
