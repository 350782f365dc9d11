import ProofAssistants
import RunRecords
import TheoremProving
import TreeSearch

/// The page that `ludus prove` leaves: a table of verdicts, then each statement with its proof and search trees.
enum ProofReport {
    /// Trees with more nodes are drawn in part: their first nodes.
    private static let mostNodes = 1_000

    /// Makes the page.
    static func make(title: String, _ outcomes: [ProofOutcome]) -> Report {
        Report(title: title, sections: [overview(outcomes)] + outcomes.map(section))
    }

    private static func overview(_ outcomes: [ProofOutcome]) -> ReportSection {
        var table = ReportTable(header: ["theorem", "verdict", "found by", "samples", "seconds"])
        for outcome in outcomes {
            let tone: ReportTable.Tone =
                switch outcome.kind {
                case .proved: .good
                case .undecided: .plain
                case .rejected, .infrastructure: .bad
                }
            table.rows.append([
                ReportTable.Cell(outcome.name), ReportTable.Cell(outcome.kind.rawValue, tone),
                ReportTable.Cell(outcome.foundBy), ReportTable.Cell("\(outcome.samples)"),
                ReportTable.Cell("\((outcome.seconds * 10).rounded() / 10)"),
            ])
        }
        return ReportSection("Verdicts", [.table(table)])
    }

    private static func section(_ outcome: ProofOutcome) -> ReportSection {
        var blocks: [ReportBlock] = [.code(outcome.file ?? outcome.statement.text)]
        if !outcome.detail.isEmpty {
            let meaning = outcome.kind == .proved ? "Rests on" : "Remark"
            blocks.append(.paragraph("\(meaning): \(outcome.detail)"))
        }
        for (index, tree) in outcome.trees.enumerated() where tree.nodes.count > 1 {
            let caption = "Search tree \(index + 1): \(tree.nodes.count) states, \(tree.evaluations) proposals"
            blocks.append(.picture(picture(tree), caption: caption))
        }
        return ReportSection(outcome.name, blocks)
    }

    private static func picture(_ tree: SearchTreeRecord) -> SVG {
        let shown = tree.nodes.prefix(mostNodes)
        var onPath = Set<Int>()
        for node in shown where node.isSolved {
            var place: Int? = node.identifier
            while let identifier = place, onPath.insert(identifier).inserted { place = tree.nodes[identifier].parent }
        }
        let nodes = shown.map { node in
            TreePicture.Node(
                parent: node.parent, label: node.state,
                tooltip: "\(node.state)\n\(node.visits) visits here, \(node.subtreeVisits) at or below",
                tone: node.isSolved ? .good : node.subtreeVisits > 0 ? .neutral : .muted,
                isEmphasized: onPath.contains(node.identifier))
        }
        return TreePicture(Array(nodes)).picture()
    }
}
