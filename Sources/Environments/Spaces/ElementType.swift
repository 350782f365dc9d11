/// Types of numbers that observations, actions and columns are made of.
public enum ElementType: String, Sendable, Hashable, Codable, CaseIterable {
    /// 8-bit unsigned; also flags, where 1 is true.
    case uint8
    /// 32-bit signed.
    case int32
    /// 64-bit signed.
    case int64
    /// 32-bit floating point.
    case float32
    /// 64-bit floating point.
    case float64

    /// Bytes of one number.
    public var size: Int {
        switch self {
        case .uint8: 1
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }
}

/// A number that can stand in a column.
public protocol ColumnElement: BitwiseCopyable, Hashable, Sendable {
    /// Its type at run time.
    static var elementType: ElementType { get }

    /// The first number that can't stand in an action: outside a discrete space, or not finite in a box.
    ///
    /// Boxes are not enforced beyond that: tasks clip as their references do.
    ///
    /// - Parameters:
    ///   - numbers: actions, row by row.
    ///   - space: the space of one action.
    /// - Returns: its index, or nil if all are good.
    static func firstInvalid(_ numbers: UnsafeBufferPointer<Self>, in space: Space) -> Int?

    /// The number for a message.
    var described: Double { get }
}

extension ColumnElement where Self: BinaryInteger {
    /// The first number outside a discrete space.
    public static func firstInvalid(_ numbers: UnsafeBufferPointer<Self>, in space: Space) -> Int? {
        switch space {
        case .discrete(let count, let start):
            // One comparison a number: what is below the range wraps around to above it.
            let first = Int64(start)
            let width = UInt64(count)
            var bad = false
            for number in numbers {
                bad = bad || UInt64(bitPattern: Int64(truncatingIfNeeded: number) &- first) >= width
            }
            return bad ? numbers.firstIndex { $0 < Self(start) || Int64($0) >= Int64(start + count) } : nil
        case .multiDiscrete(let counts):
            return numbers.indices.first { numbers[$0] < 0 || Int(numbers[$0]) >= counts[$0 % counts.count] }
        case .box: return nil
        }
    }

    /// The number for a message.
    public var described: Double { Double(self) }
}

extension ColumnElement where Self: BinaryFloatingPoint {
    /// The first number that isn't finite.
    public static func firstInvalid(_ numbers: UnsafeBufferPointer<Self>, in space: Space) -> Int? {
        // Four sums, so that none waits for the last addition of another.
        var (first, second, third, fourth): (Self, Self, Self, Self) = (0, 0, 0, 0)
        var index = 0
        while index &+ 4 <= numbers.count {
            first += numbers[index] * 0
            second += numbers[index &+ 1] * 0
            third += numbers[index &+ 2] * 0
            fourth += numbers[index &+ 3] * 0
            index &+= 4
        }
        while index < numbers.count {
            first += numbers[index] * 0
            index &+= 1
        }
        return (first + second) + (third + fourth) == 0 ? nil : numbers.firstIndex { !$0.isFinite }
    }

    /// The number for a message.
    public var described: Double { Double(self) }
}

extension UInt8: ColumnElement {
    /// `.uint8`.
    public static var elementType: ElementType { .uint8 }
}

extension Int32: ColumnElement {
    /// `.int32`.
    public static var elementType: ElementType { .int32 }
}

extension Int64: ColumnElement {
    /// `.int64`.
    public static var elementType: ElementType { .int64 }
}

extension Float: ColumnElement {
    /// `.float32`.
    public static var elementType: ElementType { .float32 }
}

extension Double: ColumnElement {
    /// `.float64`.
    public static var elementType: ElementType { .float64 }
}
