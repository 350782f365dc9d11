import Foundation

/// Counts of one level in a measurement on held-out statements.
public struct LevelScore: Sendable, Hashable, Codable {
    /// 1...5.
    public var level: Int
    /// Samples for each statement.
    public var samples: Int
    /// Successful samples of each statement.
    public var successes: [Int]

    /// Mean share of successful samples.
    public var passAtOne: Double { mean(successes.map { Double($0) / Double(samples) }) }
    /// Share of statements with at least one successful sample.
    public var passAtAll: Double { mean(successes.map { $0 > 0 ? 1 : 0 }) }
    /// Half width of the 95 % interval of ``passAtOne`` over statements (normal approximation).
    public var passAtOneError: Double { error(successes.map { Double($0) / Double(samples) }) }
    /// Half width of the 95 % interval of ``passAtAll`` over statements (normal approximation).
    public var passAtAllError: Double { error(successes.map { $0 > 0 ? 1 : 0 }) }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private func error(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 1 }
        let center = mean(values)
        let variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)
        return 1.96 * (variance / Double(values.count)).squareRoot()
    }
}

/// What one round of expert iteration did.
///
/// Holds nothing that depends on the speed of the machine.
public struct RoundRecord: Sendable, Hashable, Codable {
    /// 0 for the measurement before any training, then 1, 2, ...
    public var round: Int
    /// Levels that were drawn from in the round.
    public var levels: Int
    /// Statements that were tried.
    public var tried: Int
    /// Of these, proved for the first time or again.
    public var solved: Int
    /// Proved statements in the buffer, by level, the easiest first.
    public var bufferByLevel: [Int]
    /// New proofs by where they came from: `policy`, `older policy`, `exploration`.
    public var sources: [String: Int]
    /// Training examples.
    public var examples: Int
    /// Loss at the end of training, nats a token; 0 in round 0.
    public var loss: Double
    /// Scores on held-out statements, by level.
    public var scores: [LevelScore]

    /// The figures under the names that a metrics file uses.
    public var metrics: [String: Double] {
        var result: [String: Double] = [
            "levels": Double(levels), "tried": Double(tried), "solved": Double(solved), "examples": Double(examples),
            "loss": loss,
        ]
        for (index, count) in bufferByLevel.enumerated() { result["buffer/level\(index + 1)"] = Double(count) }
        for (source, count) in sources { result["source/\(source)"] = Double(count) }
        for score in scores {
            result["pass@1/level\(score.level)"] = score.passAtOne
            result["pass@\(score.samples)/level\(score.level)"] = score.passAtAll
        }
        let all = LevelScore(
            level: 0, samples: scores.first?.samples ?? 1, successes: scores.flatMap(\.successes))
        result["pass@1"] = all.passAtOne
        result["pass@\(all.samples)"] = all.passAtAll
        return result
    }
}
