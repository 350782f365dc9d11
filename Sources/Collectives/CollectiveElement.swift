/// A number that processes can exchange.
public protocol CollectiveElement: BitwiseCopyable, Sendable {
    /// Which of the types of MPI it is.
    static var collectiveType: CollectiveType { get }
}

/// The types of numbers that processes can exchange.
public enum CollectiveType: Int32, Sendable {
    /// 32 bits, floating point.
    case float32 = 0
    /// 64 bits, floating point.
    case float64 = 1
    /// 64 bits, signed.
    case int64 = 2
    /// 8 bits, unsigned.
    case uint8 = 3
}

extension Float: CollectiveElement {
    /// 32 bits, floating point.
    public static var collectiveType: CollectiveType { .float32 }
}

extension Double: CollectiveElement {
    /// 64 bits, floating point.
    public static var collectiveType: CollectiveType { .float64 }
}

extension Int: CollectiveElement {
    /// 64 bits, signed.
    public static var collectiveType: CollectiveType { .int64 }
}

extension UInt8: CollectiveElement {
    /// 8 bits, unsigned.
    public static var collectiveType: CollectiveType { .uint8 }
}

/// A number that can be reduced.
public protocol CollectiveNumber: CollectiveElement {
    /// The number over a count.
    ///
    /// - Parameter count: ≥ 1.
    /// - Returns: the quotient; whole numbers are rounded towards zero.
    func divided(by count: Int) -> Self
}

extension Float: CollectiveNumber {
    /// The quotient.
    public func divided(by count: Int) -> Float { self / Float(count) }
}

extension Double: CollectiveNumber {
    /// The quotient.
    public func divided(by count: Int) -> Double { self / Double(count) }
}

extension Int: CollectiveNumber {
    /// The quotient, rounded towards zero.
    public func divided(by count: Int) -> Int { self / count }
}
