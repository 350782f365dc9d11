import Foundation
public import Tensors

/// What `Adam` and `AdamW` remember; their in-place path reads and writes the same state.
public struct AdamState: OptimizerState {
    /// Number of updates made so far.
    public var step: Int

    /// First moments m, one a parameter.
    public var firstMoments: ParameterList

    /// Second moments v, one a parameter.
    public var secondMoments: ParameterList

    /// Largest second moments so far, with amsgrad; else nil.
    public var largestSecondMoments: ParameterList?

    /// Creates the state before the first step: zero moments.
    ///
    /// - Parameters:
    ///   - parameters: the parameters; shapes, types, devices and names are used.
    ///   - amsgrad: whether to keep the largest second moments.
    public init(for parameters: ParameterList, amsgrad: Bool = false) {
        step = 0
        firstMoments = parameters.map { Tensor.zeros(like: $0) }
        secondMoments = parameters.map { Tensor.zeros(like: $0) }
        largestSecondMoments = amsgrad ? parameters.map { Tensor.zeros(like: $0) } : nil
    }

    /// Shows the moments under `first`, `second` and `largest`.
    ///
    /// - Parameter visitor: sees and may replace every moment.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("first", &firstMoments)
        visitor.visit("second", &secondMoments)
        visitor.visit("largest", &largestSecondMoments)
    }

    /// Shows the counter `step`.
    ///
    /// - Parameter body: takes `step`.
    public mutating func visitCounters(_ body: (String, inout Int) -> Void) {
        body("step", &step)
    }
}

extension AdamState {
    /// Takes gradients in, and returns m / (√v̂ + ε) for each parameter with the factor 1 / (1 − β₁ᵗ) still to apply.
    ///
    /// The operations are those of `torch.optim`, in its order, so that trajectories agree to rounding.
    mutating func direction(
        for gradients: ParameterList, _ options: AdamOptions
    ) -> (ratios: ParameterList, correction: Double) {
        firstMoments.requireSameNames(as: gradients)
        step += 1
        let (beta1, beta2) = (options.firstMomentDecay, options.secondMomentDecay)
        let secondCorrection = (1 - pow(beta2, Double(step))).squareRoot()
        var result = gradients
        for index in gradients.tensors.indices {
            let gradient = gradients.tensors[index]
            let first = firstMoments.tensors[index].interpolated(to: gradient, weight: 1 - beta1)
            let second = (secondMoments.tensors[index] * beta2).addingProduct(gradient, gradient, scale: 1 - beta2)
            firstMoments.tensors[index] = first
            secondMoments.tensors[index] = second
            var divisor = second
            if let largest = largestSecondMoments {
                divisor = Tensor.maximum(largest.tensors[index], second)
                largestSecondMoments?.tensors[index] = divisor
            }
            result.tensors[index] = first / (safeSquareRoot(divisor) / secondCorrection + options.epsilon)
        }
        return (result, 1 / (1 - pow(beta1, Double(step))))
    }
}

/// The square root, with derivative 0 instead of infinity at exactly 0 when somebody differentiates through it.
///
/// At a zero gradient with zero moments Adam's direction is g / (|g| + ε'), whose derivative 1 / ε' comes from the
/// numerator alone; the chain rule through √v would add 0 · ∞.
private func safeSquareRoot(_ x: Tensor) -> Tensor {
    guard x.requiresGradient else { return x.sqrt() }
    let isZero = x .== 0
    let positive = Tensor.where(isZero, Tensor.ones(like: x), x)
    return Tensor.where(isZero, Tensor.zeros(like: x), positive.sqrt())
}
