/// Adam on a few numbers in plain Swift, the state of which can be encoded; the formulas of `Adam` in Optimizers.
struct VectorAdam: Codable, Sendable {
    private let rate: Double
    private var first: [Double]
    private var second: [Double]
    private var count = 0

    init(count: Int, rate: Double) {
        self.rate = rate
        first = [Double](repeating: 0, count: count)
        second = first
    }

    /// What to add to the numbers to go down a slope.
    mutating func step(along slopes: [Double]) -> [Double] {
        count += 1
        let (c1, c2) = (1 - power(0.9, count), 1 - power(0.999, count))
        return slopes.indices.map { index in
            first[index] = 0.9 * first[index] + 0.1 * slopes[index]
            second[index] = 0.999 * second[index] + 0.001 * slopes[index] * slopes[index]
            return -rate * first[index] / c1 / ((second[index] / c2).squareRoot() + 1e-8)
        }
    }
}

/// base to the power of a whole number of at least 0.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}

/// Pearson's correlation of two lists, or nil when one of them is constant.
///
/// - Parameters:
///   - left: finite numbers.
///   - right: as many.
/// - Returns: a number from −1 to 1.
public func pearsonCorrelation(_ left: [Double], _ right: [Double]) -> Double? {
    precondition(left.count == right.count, "pearsonCorrelation: lists of \(left.count) and \(right.count) numbers")
    guard !left.isEmpty else { return nil }
    let means = (left.reduce(0, +) / Double(left.count), right.reduce(0, +) / Double(right.count))
    var sums = (0.0, 0.0, 0.0)
    for (x, y) in zip(left, right) {
        let (dx, dy) = (x - means.0, y - means.1)
        sums = (sums.0 + dx * dy, sums.1 + dx * dx, sums.2 + dy * dy)
    }
    let scale = (sums.1 * sums.2).squareRoot()
    return scale > 0 ? max(-1, min(1, sums.0 / scale)) : nil
}
