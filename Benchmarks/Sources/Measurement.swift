import Foundation

/// Seconds of processor time (user and system) that this process has used.
public func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The median of the values; 0 for none.
public func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// The value below which the given share of the values lies (nearest rank); 0 for none.
///
/// - Parameters:
///   - share: in `[0, 1]`; 0.5 is the median, 0.99 the 99th percentile.
///   - values: in any order.
/// - Returns: one of the values.
public func percentile(_ share: Double, of values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
    return sorted[min(max(rank, 0), sorted.count - 1)]
}

/// One thing to time: a name, and a closure that runs it once.
public struct BenchmarkCase {
    /// The name that the peer knows it by.
    public let name: String
    /// Runs the case once.
    public let run: () -> Void

    /// A case of the given name.
    public init(_ name: String, run: @escaping () -> Void) {
        self.name = name
        self.run = run
    }

    /// Processor seconds of one call: the median of seven measurements of about `seconds` each, after a warm-up.
    public func measure(seconds: Double) -> Double {
        for _ in 0..<3 { run() }
        var start = processorSeconds()
        run()
        let once = max(processorSeconds() - start, 1e-7)
        let count = max(1, Int(seconds / once))
        var results: [Double] = []
        for _ in 0..<7 {
            start = processorSeconds()
            for _ in 0..<count { run() }
            results.append((processorSeconds() - start) / Double(count))
        }
        return median(results)
    }
}
