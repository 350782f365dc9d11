/// The set of values that an observation or an action may have, as in Gymnasium 1.x.
public enum Space: Sendable, Hashable, Codable {
    /// Arrays of numbers, each between a lower and an upper bound (which may be infinite).
    ///
    /// `low` and `high` have one value for each entry in row-major order, or a single one for all.
    case box(low: [Double], high: [Double], shape: [Int], element: ElementType)
    /// The integers from `start` to `start + count - 1`.
    case discrete(count: Int, start: Int)
    /// Tuples of integers, each from 0 to its count - 1.
    case multiDiscrete(counts: [Int])

    /// The integers from 0 to `count - 1`.
    ///
    /// - Parameter count: at least 1.
    /// - Returns: the space.
    public static func discrete(_ count: Int) -> Space { .discrete(count: count, start: 0) }

    /// Unbounded arrays.
    ///
    /// - Parameters:
    ///   - shape: sizes of the axes.
    ///   - element: type of the numbers.
    /// - Returns: the space.
    public static func unbounded(_ shape: [Int], _ element: ElementType) -> Space {
        .box(low: [-.infinity], high: [.infinity], shape: shape, element: element)
    }

    /// Sizes of the axes of one value; empty for a single number.
    public var shape: [Int] {
        switch self {
        case .box(_, _, let shape, _): shape
        case .discrete: []
        case .multiDiscrete(let counts): [counts.count]
        }
    }

    /// Numbers in one value.
    public var count: Int { shape.reduce(1, *) }

    /// Type of the numbers; integers are 64 bits wide.
    public var element: ElementType {
        switch self {
        case .box(_, _, _, let element): element
        case .discrete, .multiDiscrete: .int64
        }
    }

    /// The smallest and largest value allowed at an entry.
    ///
    /// - Parameter index: the entry in row-major order.
    /// - Returns: both bounds, inclusive.
    public func bounds(at index: Int) -> ClosedRange<Double> {
        switch self {
        case .box(let low, let high, _, _):
            (low.count == 1 ? low[0] : low[index])...(high.count == 1 ? high[0] : high[index])
        case .discrete(let count, let start): Double(start)...Double(start + count - 1)
        case .multiDiscrete(let counts): 0...Double(counts[index] - 1)
        }
    }
}
