import ArgumentParser
import Benchmarks

/// `ludus bench FIELD`, which measures speed here and now.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure one field's speed.",
        discussion: "A table for people; the last line on stdout is one JSON document. With --json it is the only one.")

    @Argument(help: "One of: \(BenchmarkCatalogue.all.map { $0.field }.joined(separator: ", ")).")
    var field: String

    @Flag(help: "Print the JSON document alone.")
    var json = false

    @Flag(help: "Show nothing while working.")
    var quiet = false

    func run() async throws {
        guard let benchmark = BenchmarkCatalogue.all.first(where: { $0.field == field }) else {
            let fields = BenchmarkCatalogue.all.map { $0.field }.joined(separator: ", ")
            throw ValidationError(
                "There is no benchmark \"\(field)\". Fields: \(fields.isEmpty ? "none yet" : fields).")
        }
        let isQuiet = quiet
        let result = try await benchmark.init().run(progress: { Output.note($0, isQuiet: isQuiet) })
        if !json { Output.result(result.table) }
        Output.result(result.document)
    }
}
