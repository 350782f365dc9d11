import ArgumentParser

/// `ludus doctor`, which tells whether everything is there.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is installed, and what to do about what isn't.",
        discussion: "Exit code 1 when something is missing that the main jobs need.")

    func run() async throws {
        var table = TextTable("part", "found", "for")
        var advice: [String] = []
        var isComplete = true
        for part in Part.all {
            switch await part.state() {
            case .found(let version):
                table.rows.append([part.name, version, part.purpose])
            case .missing(let reason):
                table.rows.append([part.name, "missing: \(reason)", part.purpose])
                advice.append("\(part.name): \(part.advice)")
                if part.isRequired { isComplete = false }
            }
        }
        for line in table.lines { Output.result(line) }
        for line in advice { Output.result("To do: \(line)") }
        if !isComplete { throw ExitCode(1) }
    }
}
