import ArgumentParser
import Foundation
import RunRecords

/// `ludus report RUN...`: one page about one or several runs.
struct MakeReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Make one self-contained HTML page about runs.",
        discussion: "Runs that differ in nothing but the seed are drawn as one curve with a 95 % band.")

    @Argument(help: "Run folders.", completion: .directory)
    var runs: [String]

    @Option(name: .shortAndLong, help: "The page to write.", completion: .file(extensions: ["html"]))
    var output = "report.html"

    @Option(help: "The page's title.")
    var title: String?

    @Flag(help: "Draw curves without gnuplot.")
    var plain = false

    func validate() throws {
        if runs.isEmpty { throw ValidationError("Name at least one run folder.") }
    }

    func run() async throws {
        var records: [RunRecord] = []
        var isComplete = true
        for path in runs {
            do {
                records.append(try RunRecord(reading: URL(fileURLWithPath: path)))
            } catch {
                Output.note("Left out: \(error)")
                isComplete = false
            }
        }
        guard let first = records.first else { throw ExitCode(1) }
        let title = title ?? Set(records.map(\.description.name)).sorted().joined(separator: ", ")
        let report = await Report.comparing(
            records, title: title.isEmpty ? first.description.name : title, plotter: plain ? .plain : .automatic)
        let file = URL(fileURLWithPath: output)
        try report.write(to: file)
        Output.result("Report: \(file.path) (\(records.count) runs)")
        if !isComplete { throw ExitCode(1) }
    }
}
