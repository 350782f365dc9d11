import Foundation
import MetaLearning
import Randomness
import RunRecords

/// One way for two players to learn, with a name for tables.
struct ShapingCase: Sendable {
    let name: String
    let options: ShapingOptions
}

/// Pairs of players that learn in several ways, each repeated: what the recipes on the prisoner's dilemma share.
struct ShapingStudy: Sendable {
    let game: RepeatedGame
    let cases: [ShapingCase]
    /// Independent pairs of players for each case.
    let repetitions: Int
    /// Updates of both players.
    let updates: Int
    /// Updates that are averaged for one line in the log.
    let window: Int
    /// Standard deviation of the logits at the start.
    let startDeviation: Double
    /// Where given, each case's estimates are compared with the exact gradient along the path of players that learn so.
    var pathOptions: ShapingOptions?

    /// What is kept of a case, for each repetition; the final score is the mean of the last ten updates.
    struct Summary: Codable, Sendable {
        var areas: [Double] = []
        var finals: [Double] = []
        var lowest: [Double] = []
        var correlations: [Double] = []
        var pathCorrelations: [Double] = []
    }

    private struct Curve: Sendable {
        var scores: [Double] = []
        var correlations: [Double] = []
        var pathCorrelations: [Double] = []
    }

    /// Runs the cases one after the other, the repetitions of each on all cores; goes on where a checkpoint left off.
    func run(in context: RecipeContext) async throws -> [Summary] {
        var finished: [Summary] = []
        if let saved = context.run.resumedFrom { finished = try saved.record.state("finished") }
        let progress = context.progress("cases", total: cases.count)
        defer { progress.finish() }
        for index in finished.count..<cases.count {
            let shaping = cases[index]
            let curves = try await curves(of: shaping, SplittableGenerator(seed: context.seed))
            try log(curves, of: shaping, to: context.run)
            finished.append(summary(of: curves))
            var states = CheckpointStates()
            try states.set("finished", finished)
            try context.run.saveCheckpoint(step: index + 1, states: states)
            progress.update(index + 1)
        }
        return finished
    }

    private func curves(of shaping: ShapingCase, _ generator: SplittableGenerator) async throws -> [Curve] {
        try await withThrowingTaskGroup(of: (Int, Curve).self) { group in
            for repetition in 0..<repetitions {
                let own = generator.folding(in: UInt64(repetition))
                group.addTask { (repetition, try curve(of: shaping, own)) }
            }
            var curves = [Curve](repeating: Curve(), count: repetitions)
            for try await (repetition, curve) in group { curves[repetition] = curve }
            return curves
        }
    }

    private func curve(of shaping: ShapingCase, _ generator: SplittableGenerator) throws -> Curve {
        var start = generator.folding(in: "start")
        let policies = PolicyPair(
            first: try MemoryOnePolicy(logits: start.normals(5, standardDeviation: startDeviation)),
            second: try MemoryOnePolicy(logits: start.normals(5, standardDeviation: startDeviation)))
        func players(_ options: ShapingOptions, _ name: String) throws -> OpponentShaping {
            try OpponentShaping(game, options: options, policies: policies, generator: generator.folding(in: name))
        }
        var curve = Curve()
        var learners = try players(shaping.options, shaping.name)
        for _ in 0..<updates {
            let report = learners.update()
            curve.scores.append(learners.jointScore)
            curve.correlations.append(report.correlation ?? .nan)
        }
        guard let pathOptions else { return curve }
        var guide = try players(pathOptions, "path")
        var followers = try players(shaping.options, shaping.name + "/path")
        for _ in 0..<updates {
            curve.pathCorrelations.append(followers.update().correlation ?? .nan)
            _ = guide.update()
            followers.move(to: guide.policies)
        }
        return curve
    }

    /// Writes means over repetitions and over windows of updates.
    private func log(_ curves: [Curve], of shaping: ShapingCase, to run: Run) throws {
        for end in stride(from: window, through: updates, by: window) {
            let range = (end - window)..<end
            var values = [
                "score/\(shaping.name)": mean(curves.map { mean(Array($0.scores[range])) }),
                "correlation/\(shaping.name)": mean(curves.map { mean(Array($0.correlations[range])) }),
            ]
            if pathOptions != nil {
                values["path-correlation/\(shaping.name)"] = mean(
                    curves.map { mean(Array($0.pathCorrelations[range])) })
            }
            try run.log(values, step: end)
        }
    }

    private func summary(of curves: [Curve]) -> Summary {
        var summary = Summary()
        for curve in curves {
            summary.areas.append(mean(curve.scores))
            summary.finals.append(mean(Array(curve.scores.suffix(10))))
            summary.lowest.append(curve.scores.min() ?? 0)
            summary.correlations.append(mean(curve.correlations))
            if pathOptions != nil { summary.pathCorrelations.append(mean(curve.pathCorrelations)) }
        }
        return summary
    }
}

/// The mean of those values that are numbers; 0 when none is.
private func mean(_ values: [Double]) -> Double {
    let numbers = values.filter { !$0.isNaN }
    return numbers.isEmpty ? 0 : numbers.reduce(0, +) / Double(numbers.count)
}
