import Foundation

/// A mean over runs by step, with its confidence band.
struct Curve: Sendable {
    struct Point: Sendable, Equatable {
        let step: Double
        let mean: Double
        let lower: Double
        let upper: Double
    }

    let label: String
    let points: [Point]
    /// How many runs went into it.
    let runs: Int
    /// Values left out because they weren't finite.
    let notFinite: Int

    /// More points than this are averaged in neighbouring steps: a picture can't show them.
    static let mostPoints = 1000

    /// Averages several runs' series step by step; nil when there is no value at all.
    ///
    /// Where a run has several values at one step, the last counts.
    init?(label: String, series: [[(step: Int, value: Double)]]) {
        let steps = series.flatMap { $0.map(\.step) }
        guard let first = steps.min(), let last = steps.max() else { return nil }
        let width = max(1, (Double(last) - Double(first) + 1) / Double(Self.mostPoints))
        let distinct = Set(steps).count > Self.mostPoints
        var buckets: [Int: [(sum: Double, steps: Double, count: Int)?]] = [:]
        var notFinite = 0
        for (run, values) in series.enumerated() {
            let bySteps = Dictionary(values.map { ($0.step, $0.value) }, uniquingKeysWith: { $1 })
            for (step, value) in bySteps.sorted(by: { $0.key < $1.key }) {
                guard value.isFinite else {
                    notFinite += 1
                    continue
                }
                let bucket = distinct ? Int((Double(step) - Double(first)) / width) : step
                var row = buckets[bucket] ?? Array(repeating: nil, count: series.count)
                let former = row[run] ?? (0, 0, 0)
                row[run] = (former.sum + value, former.steps + Double(step), former.count + 1)
                buckets[bucket] = row
            }
        }
        self.label = label
        self.notFinite = notFinite
        runs = series.count
        points = buckets.sorted { $0.key < $1.key }.map { _, row in
            let present = row.compactMap { $0 }
            let steps = present.map(\.steps).reduce(0, +) / Double(present.map(\.count).reduce(0, +))
            let interval = ConfidenceInterval(of: present.map { $0.sum / Double($0.count) })
            return Point(step: steps, mean: interval.mean, lower: interval.lower, upper: interval.upper)
        }
    }

    var hasBand: Bool { points.contains { $0.lower < $0.upper } }
}

/// A mean with its 95 % confidence interval by Student's t; one value alone has no width.
public struct ConfidenceInterval: Sendable, Equatable {
    /// The mean.
    public let mean: Double
    /// Half the interval's width; 0 for a single value.
    public let halfWidth: Double

    /// The interval's lower end.
    public var lower: Double { mean - halfWidth }
    /// The interval's upper end.
    public var upper: Double { mean + halfWidth }

    /// The interval of some values.
    ///
    /// - Parameter values: at least one.
    /// - Precondition: `values` isn't empty.
    public init(of values: [Double]) {
        precondition(!values.isEmpty, "ConfidenceInterval: no values")
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        guard values.count > 1 else {
            halfWidth = 0
            return
        }
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (count - 1)
        halfWidth = Self.quantile(freedom: values.count - 1) * (variance / count).squareRoot()
    }

    /// The 97.5 % quantile of Student's t distribution with `freedom` degrees of freedom.
    ///
    /// Tabulated up to 10; above, the expansion in powers of 1/freedom: Abramowitz and Stegun, 26.7.5, with an error
    /// below 1e-4.
    static func quantile(freedom: Int) -> Double {
        let table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281]
        if freedom <= table.count { return table[freedom - 1] }
        let x = 1.959_963_985
        let n = Double(freedom)
        let g1 = (pow(x, 3) + x) / 4
        let g2 = (5 * pow(x, 5) + 16 * pow(x, 3) + 3 * x) / 96
        let g3 = (3 * pow(x, 7) + 19 * pow(x, 5) + 17 * pow(x, 3) - 15 * x) / 384
        return x + g1 / n + g2 / (n * n) + g3 / (n * n * n)
    }
}
