public import Tensors

/// A hyper-parameter of a transform: a number, a schedule, or a tensor that one can differentiate through.
public enum Hyperparameter: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// The same number at every step.
    case constant(Double)

    /// A function of the number of updates made before.
    case scheduled(Schedule)

    /// A tensor without dimensions (or one that broadcasts to every parameter), used as it is at every step.
    case tensor(Tensor)

    /// Creates a constant from a literal.
    ///
    /// - Parameter value: the number.
    public init(floatLiteral value: Double) {
        self = .constant(value)
    }

    /// Creates a constant from a literal.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) {
        self = .constant(Double(value))
    }

    /// The factor to use at a step.
    func factor(at step: Int) -> Factor {
        switch self {
        case .constant(let value): .number(value)
        case .scheduled(let schedule): .number(schedule(step))
        case .tensor(let tensor): .tensor(tensor)
        }
    }

    /// The number to use at a step.
    ///
    /// - Parameter step: number of updates made before this one, ≥ 0.
    /// - Returns: the number; for a tensor its value, which breaks the graph.
    /// - Precondition: a tensor has one element; violations trap.
    public func value(at step: Int) -> Double {
        switch factor(at: step) {
        case .number(let value): value
        case .tensor(let tensor): tensor.item()
        }
    }
}

/// A number or a tensor in a formula.
enum Factor {
    case number(Double)
    case tensor(Tensor)

    /// Whether it is the number 0, so that a term can be left out.
    var isZero: Bool {
        if case .number(let value) = self { value == 0 } else { false }
    }

    static func * (left: Factor, right: Factor) -> Factor {
        switch (left, right) {
        case (.number(let a), .number(let b)): .number(a * b)
        case (.number(let a), .tensor(let b)): .tensor(b * a)
        case (.tensor(let a), .number(let b)): .tensor(a * b)
        case (.tensor(let a), .tensor(let b)): .tensor(a * b)
        }
    }

    static func * (left: Factor, right: Double) -> Factor {
        left * .number(right)
    }

    static func * (left: Tensor, right: Factor) -> Tensor {
        switch right {
        case .number(let value): left * value
        case .tensor(let tensor): left * tensor
        }
    }
}

extension Tensor {
    /// self + other · factor.
    func adding(_ other: Tensor, times factor: Factor) -> Tensor {
        switch factor {
        case .number(let value): adding(other, scale: value)
        case .tensor(let tensor): self + other * tensor
        }
    }
}
