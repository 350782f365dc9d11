public import Foundation

/// A report: one HTML page that needs nothing beside it (no script, no network).
public struct Report: Sendable {
    /// The page's title.
    public var title: String
    /// The page's parts, from top to bottom.
    public var sections: [ReportSection]

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - title: the page's title.
    ///   - sections: the page's parts.
    public init(title: String, sections: [ReportSection] = []) {
        self.title = title
        self.sections = sections
    }

    /// The page.
    ///
    /// - Returns: HTML with all texts escaped.
    public func html() -> String {
        ReportPage(report: self).html()
    }

    /// Writes the page, whole or not at all.
    ///
    /// - Parameter url: the file.
    /// - Throws: `RunRecordsError.system` when it can't be written.
    public func write(to url: URL) throws {
        try AtomicFile(url).write(html())
    }

    /// Reports on runs: what they are, how they ended, and a curve for each tag.
    ///
    /// Runs that differ in nothing but the seed are drawn as one curve: their mean, in a 95 % confidence band (Student's
    /// t over the seeds).
    ///
    /// - Parameters:
    ///   - records: the runs.
    ///   - title: the page's title.
    ///   - plotter: what draws the curves.
    /// - Returns: the report.
    public static func comparing(
        _ records: [RunRecord], title: String, plotter: CurvePlotter = .automatic
    ) async -> Report {
        let groups = RunGroup.grouping(records)
        var report = Report(title: title)
        report.sections.append(ReportSection("Runs", [.table(runTable(groups))] + problems(records)))
        if let results = resultTable(groups) { report.sections.append(ReportSection("Results", [.table(results)])) }
        let curves = await curveBlocks(groups, plotter)
        if !curves.isEmpty { report.sections.append(ReportSection("Curves", curves)) }
        report.sections.append(ReportSection("Configuration", [.table(configurationTable(groups))]))
        let texts = textBlocks(records)
        if !texts.isEmpty { report.sections.append(ReportSection("Texts", texts)) }
        return report
    }
}
