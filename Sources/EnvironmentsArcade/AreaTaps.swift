/// How the pixels of a line are weighted when the line is made shorter by averaging areas.
///
/// The same numbers as OpenCV's `INTER_AREA`: each new pixel covers `source / target` old ones, and those at its ends in
/// part. Weights are computed in float64 and rounded to float32.
struct AreaTaps: Sendable, Hashable {
    /// One old pixel's part in a new one.
    struct Tap: Sendable, Hashable {
        /// The old pixel.
        var source: Int
        /// Its part.
        var weight: Float
    }

    /// Pixels of the old line.
    let source: Int
    /// The old pixels of each new one, from left to right.
    let taps: [[Tap]]

    /// Weights for a line.
    ///
    /// - Parameters:
    ///   - source: its pixels.
    ///   - target: the new line's pixels, from 1 to `source`.
    init(from source: Int, to target: Int) {
        precondition(target >= 1 && target <= source, "AreaTaps: \(target) of \(source) pixels")
        self.source = source
        let scale = 1 / (Double(target) / Double(source))
        taps = (0..<target).map { Self.taps(of: $0, scale: scale, source: source) }
    }

    private static func taps(of target: Int, scale: Double, source: Int) -> [Tap] {
        // A part below this is left out.
        let least = 1e-3
        let start = Double(target) * scale
        let end = start + scale
        let width = min(scale, Double(source) - start)
        let last = min(Int(end.rounded(.down)), source - 1)
        let first = min(Int(start.rounded(.up)), last)
        var taps: [Tap] = []
        if Double(first) - start > least {
            taps.append(Tap(source: first - 1, weight: Float((Double(first) - start) / width)))
        }
        for whole in first..<last { taps.append(Tap(source: whole, weight: Float(1 / width))) }
        if end - Double(last) > least {
            let part = min(min(end - Double(last), 1), width)
            taps.append(Tap(source: last, weight: Float(part / width)))
        }
        return taps
    }

    /// How many old pixels a new one has, where it is a whole number and the same for all; else nil.
    var wholeScale: Int? { source % taps.count == 0 ? source / taps.count : nil }
}

/// The taps of a line in four quarters that are worked on together, one in each lane.
struct QuarterTaps: Sendable {
    /// New pixels in a quarter.
    let count: Int
    /// Old pixels in a quarter.
    let sourceCount: Int
    /// Old pixels that are read for each new one.
    let reach: Int
    /// For each new pixel of a quarter the first old one.
    let starts: [Int]
    /// `[count, reach]` weights, one for each quarter; 0 behind a new pixel's own taps.
    let weights: [SIMD4<Float>]

    /// The taps in quarters, or nil where the quarters aren't alike.
    init?(_ taps: AreaTaps) {
        guard taps.taps.count % 4 == 0, taps.source % 4 == 0 else { return nil }
        let count = taps.taps.count / 4
        let sourceCount = taps.source / 4
        let reach = taps.taps.map(\.count).max() ?? 0
        var starts: [Int] = []
        var weights: [SIMD4<Float>] = []
        for pixel in 0..<count {
            let lanes = (0..<4).map { taps.taps[pixel + $0 * count] }
            let first = lanes.map { $0.first?.source ?? -1 }
            for lane in lanes.indices where first[lane] - lane * sourceCount != first[0] { return nil }
            starts.append(first[0])
            for tap in 0..<reach {
                var weight = SIMD4<Float>()
                for lane in lanes.indices where tap < lanes[lane].count { weight[lane] = lanes[lane][tap].weight }
                weights.append(weight)
            }
        }
        self.count = count
        self.sourceCount = sourceCount
        self.reach = reach
        self.starts = starts
        self.weights = weights
    }
}
