import Foundation
import Testing

@testable import RunRecords

@Suite struct ReportTests {
    /// Text that would do harm if it got through anywhere; the second quotation mark carries an accent.
    static let hostile = "</script><script>alert(1)</script>\" onload='x' \"\u{301} &amp; <b \u{0}{{x}}{{{title}}}"

    @Test func escapesScalarByScalar() {
        #expect(escapedMarkup("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;")
        #expect(escapedMarkup("\"\u{301}<\u{301}") == "&quot;\u{301}&lt;\u{301}")
        #expect(escapedMarkup("\u{0}\u{7f}\n\u{ffff}") == "\u{fffd}\u{fffd}\n\u{fffd}")
        #expect(escapedMarkup("é ∀ 😀") == "é ∀ 😀")
    }

    @Test func nothingFromOutsideGetsIntoThePageUnescaped() {
        let text = Self.hostile
        let tree = TreePicture([.init(parent: nil, label: text, tooltip: text), .init(parent: 0, label: text)])
        let report = Report(
            title: text,
            sections: [
                ReportSection(
                    text,
                    [
                        .paragraph(text), .code(text),
                        .table(ReportTable(header: [text], rows: [[ReportTable.Cell(text, .bad)]])),
                        .folded(summary: text, [.paragraph(text)]), .picture(tree.picture(), caption: text),
                    ])
            ])
        let html = report.html()
        #expect(
            html.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &quot;\u{301}")
        )
        #expect(!html.contains("<script"))
        #expect(!html.contains("<b "))
        #expect(!html.unicodeScalars.contains("\u{0}"))
        // Ours are the only quotation marks: none is followed by an accent.
        let scalars = Array(html.unicodeScalars)
        #expect(!zip(scalars, scalars.dropFirst()).contains { $0 == "\"" && $1 == "\u{301}" })
        // The template's own tags in outside text stay text.
        #expect(html.contains("{{x}}{{{title}}}"))
    }

    private func makeRuns(_ folder: TemporaryFolder) throws -> [RunRecord] {
        var records: [RunRecord] = []
        for rate in [0.1, 0.2] {
            for seed in 1...3 as ClosedRange<UInt64> {
                let description = try RunDescription(
                    name: "walk", configuration: ["rate": rate], seed: seed, commandLine: ["ludus", "run", "<walk>"])
                let run = try Run.create(at: folder.file("walk-\(rate)-\(seed)"), description: description)
                for step in 0..<50 { try run.log("loss", rate * Double(step) + Double(seed), step: step) }
                try run.log("rare", .nan, step: 3)
                try run.log("says", text: Self.hostile, step: 3)
                try run.finish(["final": rate * Double(seed)])
                records.append(try RunRecord(reading: run.folder))
            }
        }
        return records
    }

    @Test(arguments: [CurvePlotter.automatic, .plain])
    func comparesRuns(plotter: CurvePlotter) async throws {
        let folder = try TemporaryFolder()
        let report = await Report.comparing(try makeRuns(folder), title: "Walks", plotter: plotter)
        #expect(report.sections.map(\.title) == ["Runs", "Results", "Curves", "Configuration", "Texts"])
        let html = report.html()
        #expect(html.contains("blue: walk rate=0.1 (3 seeds)"))
        #expect(html.contains("6 values that aren&#39;t finite are left out."))
        #expect(html.contains("&lt;walk&gt;"))
        // t(2) = 4.3027, s = 0.1, so 4.3027 · 0.1 / √3 = 0.2484.
        #expect(html.contains("0.2 ± 0.2484 (n = 3)"))
        #expect(html.components(separatedBy: "<svg").count - 1 == 2)
        #expect(!html.contains("<script"))
        if let page = ProcessInfo.processInfo.environment["LUDUS_SAMPLE_PAGE"], plotter == .automatic {
            try report.write(to: URL(fileURLWithPath: page))
        }
        try report.write(to: folder.file("report.html"))
        #expect(try String(contentsOf: folder.file("report.html"), encoding: .utf8) == html)
    }

    @Test func repeatedSeedsCountOnce() async throws {
        let folder = try TemporaryFolder()
        var records = try makeRuns(folder)
        let again = try Run.create(at: folder.file("again"), description: records[0].description)
        try again.log("loss", 1000, step: 0)
        try again.finish(["final": 1000])
        records.append(try RunRecord(reading: again.folder))
        let html = await Report.comparing(records, title: "Walks", plotter: .plain).html()
        #expect(html.contains("0.2 ± 0.2484 (n = 3)"))
        #expect(html.contains("repeats a seed"))
    }

    @Test func longSettingsAreCutInLabelsOnly() throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "x", count: 100)
        let records = try [long, "short"].enumerated().map { index, value in
            let description = try RunDescription(name: "walk", configuration: ["text": value], seed: 1, commandLine: [])
            let run = try Run.create(at: folder.file("\(index)"), description: description)
            try run.finish([:])
            return try RunRecord(reading: run.folder)
        }
        let groups = RunGroup.grouping(records)
        #expect(
            groups.map(\.label) == ["walk text=\"" + String(repeating: "x", count: 18) + "…", "walk text=\"short\""])
        #expect(Report.configurationTable(groups).rows[0][1].text == "\"\(long)\"")
    }

    @Test func gnuplotAndThePlainDrawingBothShowBands() async throws {
        let curve = try #require(Curve(label: "x", series: [[(0, 1), (1, 2), (2, 3)], [(0, 2), (1, 2), (2, 5)]]))
        #expect(curve.points.map(\.mean) == [1.5, 2, 4])
        #expect(curve.hasBand)
        let plain = await CurvePlotter.plain.pictures(of: [[curve]])
        #expect(plain[0].source.contains("<polygon"))
        #expect(plain[0].source.contains("<polyline"))
        let script = Gnuplot.script([curve], name: "p")
        #expect(script.contains("filledcurves"))
        #expect(script.contains("\n0.0 1.5 "))
    }

    /// Whatever a run folder's files have turned into, reading them gives a record or an error, and a record a page.
    @Test(arguments: 0..<60)
    func survivesMutatedRunFolders(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let folder = try TemporaryFolder()
        let description = try RunDescription(name: "walk", configuration: ["rate": [0.5]], seed: 3, commandLine: ["x"])
        let run = try Run.create(at: folder.url, description: description)
        for step in 0..<5 { try run.log("loss", 1e300 * Double(step), step: step) }
        try run.logTiming("rate", 3, step: 1)
        try run.finish(["final": 0.5])
        let alphabet = Array("0123456789eE+-.\"\\,:{}[]ntu".utf8)
        for name in ["config.json", "summary.json", "metrics.jsonl", "timings.jsonl"] {
            var bytes = try Data(contentsOf: folder.file(name))
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                let byte = try #require(alphabet.randomElement(using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[position] = byte
                case 1: bytes.insert(byte, at: position)
                default: bytes.remove(at: position)
                }
            }
            try bytes.write(to: folder.file(name))
        }
        do {
            let record = try RunRecord(reading: folder.url)
            let page = await Report.comparing([record], title: "Walk", plotter: .plain).html()
            #expect(page.contains("</html>"))
        } catch let error as RunRecordsError {
            #expect(error.description.contains(".json"))
        }
    }

    @Test func longSeriesAreThinnedByAveraging() throws {
        let series = (0..<10_000).map { (step: $0, value: Double($0)) }
        let curve = try #require(Curve(label: "x", series: [series]))
        #expect(curve.points.count == Curve.mostPoints)
        #expect(curve.points.first == Curve.Point(step: 4.5, mean: 4.5, lower: 4.5, upper: 4.5))
        #expect(curve.points.last?.mean == 9994.5)
    }

    @Test func extremeValuesStillMakePictures() async throws {
        for values in [
            [1e308, -1e308], [5, 5], [0, 0], [1e-300, 2e-300], [0, .leastNonzeroMagnitude], [1e16, 1e16 + 2],
            [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [1, 1.0.nextUp], [.nan, .infinity],
        ] {
            let curve = try #require(Curve(label: "x", series: [values.enumerated().map { ($0, $1) }]))
            let picture = await CurvePlotter.plain.pictures(of: [[curve]])[0].source
            #expect(picture.hasPrefix("<svg"))
            #expect(!picture.contains("nan") && !picture.contains("inf"))
        }
    }

    /// Student's t, 97.5 %, from Abramowitz and Stegun, table 26.10.
    @Test func quantilesAreThoseOfTheTables() {
        for (freedom, value) in [(1, 12.706), (4, 2.776), (11, 2.201), (15, 2.131), (30, 2.042), (120, 1.980)] {
            #expect(abs(ConfidenceInterval.quantile(freedom: freedom) - value) < 6e-4)
        }
    }
}
