import Foundation
public import Tensors

/// What a meta-gradient may change in an actor-critic's loss: γ, λ and the weights of the value loss and the entropy.
///
/// All are kept as logits, so that steps of any size leave them between 0 and 1. A leading axis of learners is allowed.
///
/// Source: Xu, van Hasselt and Silver 2018, "Meta-gradient reinforcement learning".
public struct ReturnParameters: TensorTree, Sendable {
    /// Logit of γ, `[...]`.
    public var discountLogit: Tensor
    /// Logit of λ, `[...]`.
    public var lambdaLogit: Tensor
    /// Logit of the value loss's weight, `[...]`.
    public var valueWeightLogit: Tensor
    /// Logit of the entropy's weight, `[...]`.
    public var entropyWeightLogit: Tensor

    /// Creates parameters from what they stand for.
    ///
    /// - Parameters:
    ///   - discount: γ in (0, 1).
    ///   - lambda: λ in (0, 1).
    ///   - valueWeight: weight of the value loss, in (0, 1).
    ///   - entropyWeight: weight of the entropy, in (0, 1).
    ///   - shape: shape of every leaf, for example `[learners, 1]`.
    ///   - dtype: a floating-point type.
    /// - Throws: `GameError.badDiscount` for γ outside (0, 1), `.notFraction` for another number outside.
    public init(
        discount: Double, lambda: Double, valueWeight: Double, entropyWeight: Double, shape: [Int] = [],
        dtype: DType = .float32
    ) throws(GameError) {
        discountLogit = Tensor.full(shape, try discountLogitNumber(discount), dtype: dtype)
        func logit(_ name: String, _ value: Double) throws(GameError) -> Tensor {
            guard value > 0, value < 1 else { throw .notFraction(name: name, value: value) }
            return Tensor.full(shape, log(value / (1 - value)), dtype: dtype)
        }
        lambdaLogit = try logit("λ", lambda)
        valueWeightLogit = try logit("The value loss's weight", valueWeight)
        entropyWeightLogit = try logit("The entropy's weight", entropyWeight)
    }

    /// γ, between 0 and 1.
    public var discount: Tensor { discountLogit.sigmoid() }
    /// λ, between 0 and 1.
    public var lambda: Tensor { lambdaLogit.sigmoid() }
    /// Weight of the value loss, between 0 and 1.
    public var valueWeight: Tensor { valueWeightLogit.sigmoid() }
    /// Weight of the entropy, between 0 and 1.
    public var entropyWeight: Tensor { entropyWeightLogit.sigmoid() }

    /// The four logits, under `discount`, `lambda`, `valueWeight` and `entropyWeight`.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("discount", &discountLogit)
        visitor.visit("lambda", &lambdaLogit)
        visitor.visit("valueWeight", &valueWeightLogit)
        visitor.visit("entropyWeight", &entropyWeightLogit)
    }
}

/// The logit of a discount.
///
/// - Parameter discount: γ in (0, 1).
/// - Returns: ln (γ / (1 − γ)).
/// - Throws: `GameError.badDiscount` for γ outside (0, 1).
public func discountLogitNumber(_ discount: Double) throws(GameError) -> Double {
    guard discount > 0, discount < 1 else { throw .badDiscount(value: discount, allowed: "(0, 1)") }
    return log(discount / (1 - discount))
}
