import ArgumentParser

@main
struct Ludus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ludus", abstract: "Learning from feedback.")
}
