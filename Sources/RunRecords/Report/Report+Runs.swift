import Foundation

/// The tables and curves of a report on runs.
extension Report {
    static func runTable(_ groups: [RunGroup]) -> ReportTable {
        var table = ReportTable(header: ["run", "folder", "seed", "state", "last step", "time", "commit", "versions"])
        for group in groups {
            let counted = Set(group.samples.map(\.folder))
            for record in group.records.sorted(by: { $0.description.seed < $1.description.seed }) {
                table.rows.append(row(group, record, isRepeat: !counted.contains(record.folder)))
            }
        }
        return table
    }

    private static func row(_ group: RunGroup, _ record: RunRecord, isRepeat: Bool) -> [ReportTable.Cell] {
        let state: ReportTable.Cell =
            switch record.summary?.status {
            case .finished where isRepeat: ReportTable.Cell("finished (repeats a seed; not counted)", .muted)
            case .finished: ReportTable.Cell("finished", .good)
            case .failed: ReportTable.Cell("failed: " + (record.summary?.failure ?? ""), .bad)
            case nil: ReportTable.Cell("not ended", .muted)
            }
        let description = record.description
        return [
            ReportTable.Cell(group.label), ReportTable.Cell(record.folder.lastPathComponent),
            ReportTable.Cell(String(description.seed)), state,
            ReportTable.Cell(String(record.summary?.lastStep ?? record.metrics.last?.step ?? 0)),
            ReportTable.Cell(record.summary.map { ProgressLine.duration($0.elapsedSeconds) } ?? ""),
            ReportTable.Cell(
                description.commit.map { String($0.prefix(12)) + ($0.hasSuffix("+changes") ? "+" : "") } ?? ""),
            ReportTable.Cell(
                description.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")),
        ]
    }

    static func problems(_ records: [RunRecord]) -> [ReportBlock] {
        let failures = records.flatMap(\.failures)
        guard !failures.isEmpty else { return [] }
        let list = failures.prefix(50).map(\.description).joined(separator: "\n")
        return [.folded(summary: "\(failures.count) lines couldn't be read", [.code(list)])]
    }

    static func resultTable(_ groups: [RunGroup]) -> ReportTable? {
        let names = Set(groups.flatMap { $0.records.flatMap { $0.summary.map { Array($0.results.keys) } ?? [] } })
            .sorted()
        guard !names.isEmpty else { return nil }
        var table = ReportTable(header: ["result"] + groups.map(\.label))
        for name in names {
            table.rows.append(
                [ReportTable.Cell(name)]
                    + groups.map { group in
                        let values = group.samples.compactMap { $0.summary?.results[name] }
                        guard !values.isEmpty else { return ReportTable.Cell("", .muted) }
                        let interval = ConfidenceInterval(of: values)
                        if values.count == 1 { return ReportTable.Cell(number(interval.mean)) }
                        return "\(number(interval.mean)) ± \(number(interval.halfWidth)) (n = \(values.count))"
                    })
        }
        return table
    }

    static func configurationTable(_ groups: [RunGroup]) -> ReportTable {
        let keys = Set(groups.flatMap(\.settings.keys)).sorted()
        var table = ReportTable(header: ["setting"] + groups.map(\.label))
        for key in keys {
            table.rows.append([ReportTable.Cell(key)] + groups.map { ReportTable.Cell($0.settings[key] ?? "") })
        }
        let commands = groups.map { group in
            ReportTable.Cell(group.records.first?.description.commandLine.joined(separator: " ") ?? "")
        }
        table.rows.append(["command"] + commands)
        return table
    }

    static func curveBlocks(_ groups: [RunGroup], _ plotter: CurvePlotter) async -> [ReportBlock] {
        let tags = Set(groups.flatMap { $0.records.flatMap(\.tags) }).sorted()
        let plots = tags.map { tag in (tag: tag, curves: groups.compactMap { $0.curve(tag) }) }
        let pictures = await plotter.pictures(of: plots.map(\.curves))
        return zip(plots, pictures).map { plot, picture in
            let dropped = plot.curves.map(\.notFinite).reduce(0, +)
            let note = dropped > 0 ? "\n\(dropped) values that aren't finite are left out." : ""
            let legend = plot.curves.enumerated().map { index, curve in
                CurvePalette.name(index) + ": " + curve.label + (curve.runs > 1 ? " (\(curve.runs) seeds)" : "")
            }
            return .curves(picture, caption: ([plot.tag] + legend).joined(separator: "\n") + note)
        }
    }

    /// The newest few texts of each run and tag.
    static func textBlocks(_ records: [RunRecord]) -> [ReportBlock] {
        let newest = 5
        return records.flatMap { record -> [ReportBlock] in
            let texts = record.metrics.compactMap { entry -> (tag: String, step: Int, text: String)? in
                guard case .text(let text) = entry.content else { return nil }
                return (entry.tag, entry.step, text)
            }
            return Dictionary(grouping: texts, by: \.tag).sorted { $0.key < $1.key }.map { tag, texts in
                let blocks = texts.suffix(newest).flatMap {
                    [ReportBlock.paragraph("step \($0.step)"), .code($0.text)]
                }
                return .folded(summary: "\(record.folder.lastPathComponent): \(tag)", blocks)
            }
        }
    }

    /// Four significant digits.
    static func number(_ value: Double) -> String {
        String(format: "%.4g", value)
    }
}
