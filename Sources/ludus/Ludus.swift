import ArgumentParser
import Tensors

/// The program.
///
/// Each command is one file of this folder.
@main
struct Ludus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ludus",
        abstract: "Learning from feedback.",
        discussion: "Results go to stdout, progress to stderr. Exit codes: 0 done, 1 failed or claim missed, 64 usage.",
        version: LudusVersion.current,
        subcommands: [
            Doctor.self, List.self, RunRecipe.self, ResumeRun.self, Prove.self, Train.self, Verify.self,
            MakeReport.self, Bench.self, EnvironmentCommand.self,
        ])

    static func main() async {
        keepFreedMemory()
        await main(nil)
    }
}

/// The version of the package.
enum LudusVersion {
    static let current = "0.1.0"
}
