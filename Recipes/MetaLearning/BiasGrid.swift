import Foundation
import MetaLearning
import RunRecords

/// A point of a grid of bias studies.
struct BiasPoint: Sendable {
    /// The curve that the point belongs to.
    let series: String
    /// Where it stands on the curve; a whole number, since runs log by step.
    let place: Int
    /// What to measure.
    let study: BiasStudy
}

/// Bias studies one after another, each logged and kept in a checkpoint.
struct BiasGrid {
    /// What was measured so far, a dictionary of figures for each point.
    private struct State: Codable {
        var figures: [[String: Double]] = []
    }

    private let points: [BiasPoint]
    private let figures: [[String: Double]]

    /// Measures all points, or those that a resumed run still lacks.
    ///
    /// All points see the same processes.
    ///
    /// - Parameters:
    ///   - points: what to measure.
    ///   - context: the run; each figure is logged as `figure/series` at the point's place.
    ///   - summary: the figures to take from a measurement.
    /// - Throws: `RecipeError.badValue` for settings outside their ranges, `RunRecordsError`.
    init(
        measuring points: [BiasPoint], in context: RecipeContext, _ summary: (BiasMeasurement) -> [String: Double]
    ) async throws {
        var state = State()
        if let saved = context.run.resumedFrom { state = try saved.record.state("points") }
        let progress = context.progress("points", total: points.count)
        defer { progress.finish() }
        for (index, point) in points.enumerated().dropFirst(state.figures.count) {
            let figures = summary(try await point.study.measure(seed: context.seed))
            for (name, value) in figures.sorted(by: { $0.key < $1.key }) {
                try context.run.log("\(name)/\(point.series)", value, step: point.place)
            }
            state.figures.append(figures)
            var states = CheckpointStates()
            try states.set("points", state)
            try context.run.saveCheckpoint(step: index + 1, states: states)
            progress.update(index + 1)
        }
        self.points = points
        figures = state.figures
    }

    /// A figure of one point; NaN where there is no such point.
    func callAsFunction(_ figure: String, _ series: String, _ place: Int) -> Double {
        guard let index = points.firstIndex(where: { $0.series == series && $0.place == place }) else { return .nan }
        return figures[index][figure] ?? .nan
    }

    /// Every figure of every point under `figure series place`.
    var results: [String: Double] {
        var results: [String: Double] = [:]
        for (point, figures) in zip(points, figures) {
            for (name, value) in figures { results["\(name) \(point.series) \(point.place)"] = value }
        }
        return results
    }
}

/// The slope of a straight line through logarithms, by least squares.
func logarithmicSlope(_ x: [Double], _ y: [Double]) -> Double {
    let points = zip(x, y).map { (log($0), log($1)) }
    let count = Double(points.count)
    let means = (points.map(\.0).reduce(0, +) / count, points.map(\.1).reduce(0, +) / count)
    let products = points.map { ($0.0 - means.0) * ($0.1 - means.1) }.reduce(0, +)
    let squares = points.map { ($0.0 - means.0) * ($0.0 - means.0) }.reduce(0, +)
    return products / squares
}

extension SurrogateEstimator {
    /// The name in tables.
    var label: String {
        switch self {
        case .policyGradient: "maml"
        case .lowVarianceCurvature: "lvc"
        case .loadedDice: "loaded"
        case .dice: "dice"
        case .offPolicyDice: "off-policy"
        }
    }
}
