/// Arithmetic shared by plain numbers and numbers with a tangent.
protocol DifferentiableNumber: ExpressibleByIntegerLiteral {
    init(_ value: Double)
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func / (left: Self, right: Self) -> Self
}

extension Double: DifferentiableNumber {}

/// A number with its derivative along one direction.
struct Dual: DifferentiableNumber {
    var value: Double
    var tangent: Double

    init(_ value: Double) {
        self.init(value, tangent: 0)
    }

    init(_ value: Double, tangent: Double) {
        self.value = value
        self.tangent = tangent
    }

    init(integerLiteral value: Int) {
        self.init(Double(value))
    }

    static func + (left: Dual, right: Dual) -> Dual {
        Dual(left.value + right.value, tangent: left.tangent + right.tangent)
    }

    static func - (left: Dual, right: Dual) -> Dual {
        Dual(left.value - right.value, tangent: left.tangent - right.tangent)
    }

    static func * (left: Dual, right: Dual) -> Dual {
        Dual(left.value * right.value, tangent: left.tangent * right.value + left.value * right.tangent)
    }

    static func / (left: Dual, right: Dual) -> Dual {
        let quotient = left.value / right.value
        return Dual(quotient, tangent: (left.tangent - quotient * right.tangent) / right.value)
    }
}
