import ArgumentParser
import Benchmarks
import Environments

/// `ludus env …`: tasks and pools.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "List, show, time and play environments.",
        subcommands: [
            EnvironmentList.self, EnvironmentShow.self, EnvironmentBench.self, EnvironmentScaling.self,
            EnvironmentSoak.self, EnvironmentPlay.self,
        ])
}

/// `ludus env list`.
struct EnvironmentList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tasks: family, observations, actions, limit.")

    @Argument(help: "Only ids that contain this, whatever the case.")
    var part: String?

    func run() throws {
        var table = TextTable("task", "family", "observation", "action", "limit")
        for task in EnvironmentBenchmark.catalogue.tasks
        where part.map({ task.id.lowercased().contains($0.lowercased()) }) ?? true {
            let specification = task.specification
            table.rows.append([
                task.id, task.family.rawValue, specification.observation.summary, specification.action.summary,
                specification.maximumEpisodeSteps.map { "\($0)" } ?? "none",
            ])
        }
        for line in table.lines { Output.result(line) }
    }
}

/// `ludus env show ID`.
struct EnvironmentShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a task's specification as JSON.")

    @Argument(help: "The task's id.")
    var id: String

    func run() throws {
        try Output.json(EnvironmentBenchmark.catalogue.task(id).specification.inWords)
    }
}

extension Space {
    /// Such as `float32[4]` or `discrete(2)`.
    var summary: String {
        switch self {
        case .discrete(let count, let start): start == 0 ? "discrete(\(count))" : "discrete(\(count) from \(start))"
        case .multiDiscrete(let counts): "discrete\(counts)"
        case .box(_, _, let shape, let element):
            "\(element.rawValue)[\(shape.map { "\($0)" }.joined(separator: ", "))]"
        }
    }

    /// Such as `from -1 to 1`; bounds of a box in its entries' order.
    var boundsInWords: String {
        func text(_ number: Double) -> String {
            number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        }
        switch self {
        case .box(let low, let high, _, _):
            let lows = Set(low).count == 1 ? text(low[0]) : "[" + low.map(text).joined(separator: ", ") + "]"
            let highs = Set(high).count == 1 ? text(high[0]) : "[" + high.map(text).joined(separator: ", ") + "]"
            return "from \(lows) to \(highs)"
        case .discrete(let count, let start): return "from \(start) to \(start + count - 1)"
        case .multiDiscrete: return "from 0"
        }
    }
}

/// A specification for people and programs; JSON has no infinity, so bounds are words.
struct SpecificationInWords: Encodable {
    struct SpaceInWords: Encodable {
        var shape: [Int]
        var type: String
        var kind: String
        var bounds: String
    }

    var id: String
    var observation: SpaceInWords
    var action: SpaceInWords
    var maximumEpisodeSteps: Int?
    var rewardThreshold: Double?
    var players: Int
    var columns: [EnvironmentSpecification.Column]
}

extension EnvironmentSpecification {
    var inWords: SpecificationInWords {
        func words(_ space: Space) -> SpecificationInWords.SpaceInWords {
            .init(
                shape: space.shape, type: space.element.rawValue, kind: space.summary, bounds: space.boundsInWords)
        }
        return SpecificationInWords(
            id: id, observation: words(observation), action: words(action), maximumEpisodeSteps: maximumEpisodeSteps,
            rewardThreshold: rewardThreshold, players: players, columns: columns)
    }
}
