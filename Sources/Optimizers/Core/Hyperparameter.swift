public import Tensors

/// A hyper-parameter of a transform: a number, a schedule, or a tensor that one can differentiate through.
///
/// Where every leaf carries a leading task axis, `.perTask` gives each task its own: element i of a tensor `[tasks]`
/// acts on slice i of every leaf, whatever the leaf's other dimensions. A `.tensor` broadcasts as tensors do, from the
/// last dimension, so without dimensions it is the same for all.
public enum Hyperparameter: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// The same number at every step.
    case constant(Double)

    /// A function of the number of updates made before.
    case scheduled(Schedule)

    /// A tensor without dimensions (or one that broadcasts to every parameter), used as it is at every step.
    case tensor(Tensor)

    /// A tensor `[tasks]`, one number for each task; every leaf's first dimension is the task.
    case perTask(Tensor)

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
        case .perTask(let tensor): .perTask(tensor)
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
        case .tensor(let tensor), .perTask(let tensor): tensor.item()
        }
    }

    /// Whether it is the number 0, so that what it multiplies need not be kept.
    var isConstantZero: Bool {
        if case .constant(let value) = self { value == 0 } else { false }
    }
}

/// A number or a tensor in a formula.
enum Factor {
    case number(Double)
    case tensor(Tensor)
    /// Shape `[tasks]`.
    case perTask(Tensor)

    /// Whether it is the number 0, so that a term can be left out.
    var isZero: Bool {
        if case .number(let value) = self { value == 0 } else { false }
    }

    /// The tensor to multiply a leaf by, or nil for a number.
    fileprivate func tensor(for leaf: Tensor) -> Tensor? {
        switch self {
        case .number: nil
        case .tensor(let tensor): tensor.dtype == leaf.dtype ? tensor : tensor.to(leaf.dtype)
        case .perTask(let tensor): (tensor.dtype == leaf.dtype ? tensor : tensor.to(leaf.dtype)).aligned(with: leaf)
        }
    }

    static func * (left: Factor, right: Factor) -> Factor {
        switch (left, right) {
        case (.number(let a), .number(let b)): .number(a * b)
        case (.number(let a), .tensor(let b)): .tensor(b * a)
        case (.tensor(let a), .number(let b)): .tensor(a * b)
        case (.tensor(let a), .tensor(let b)): .tensor(a * b)
        case (.number(let a), .perTask(let b)): .perTask(b * a)
        case (.perTask(let a), .number(let b)): .perTask(a * b)
        case (.perTask(let a), .tensor(let b)), (.tensor(let a), .perTask(let b)), (.perTask(let a), .perTask(let b)):
            .perTask(a * b)
        }
    }

    static func * (left: Factor, right: Double) -> Factor {
        left * .number(right)
    }

    static func * (left: Tensor, right: Factor) -> Tensor {
        if case .number(let value) = right { return left * value }
        return right.tensor(for: left).map { left * $0 } ?? left
    }
}

extension Tensor {
    /// self + other · factor.
    func adding(_ other: Tensor, times factor: Factor) -> Tensor {
        if case .number(let value) = factor { return adding(other, scale: value) }
        return self + other * factor
    }

    /// A tensor `[tasks]` with dimensions of size 1 after the first, so that it broadcasts over a leaf's tasks.
    func aligned(with leaf: Tensor) -> Tensor {
        precondition(
            rank == 1 && leaf.rank >= 1 && leaf.size(0) == size(0),
            "one number a task has shape \(shape), which meets a leaf of shape \(leaf.shape): "
                + "its first dimension must be the task")
        return reshaped([size(0)] + Array(repeating: 1, count: leaf.rank - 1))
    }
}
