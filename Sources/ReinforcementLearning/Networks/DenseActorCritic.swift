public import Networks
public import Tensors

/// Two separate stacks of dense layers with tanh between them, for observations that are a few numbers.
///
/// Weights start orthogonal: gain √2 in hidden layers, 0.01 in the policy's output, 1 in the value's; biases at 0.
/// Source: Andrychowicz et al. 2021, "What matters in on-policy reinforcement learning?", arXiv:2006.05990.
public struct DenseActorCritic: ActorCritic {
    /// The policy's layers, the last one giving logits or means.
    public var actor: [Linear]
    /// The value's layers, the last one giving one number.
    public var critic: [Linear]
    /// ln of the standard deviations of a Gaussian policy, `[A]`.
    public var logDeviation: Tensor?

    /// The two stacks share nothing.
    public static var sharesLayers: Bool { false }

    /// Draws a network.
    ///
    /// - Parameters:
    ///   - observations: numbers in an observation.
    ///   - hidden: widths of the hidden layers.
    ///   - outputs: A: actions to choose from, or numbers in a continuous action.
    ///   - isContinuous: whether the policy is Gaussian.
    ///   - initialLogDeviation: ln of its standard deviations at the start.
    ///   - generator: where the weights are drawn from.
    public init(
        observations: Int, hidden: [Int] = [64, 64], outputs: Int, isContinuous: Bool, initialLogDeviation: Double = 0,
        generator: TensorGenerator
    ) {
        actor = Self.stack([observations] + hidden, outputs, gain: 0.01, generator)
        critic = Self.stack([observations] + hidden, 1, gain: 1, generator)
        logDeviation = isContinuous ? Tensor.full([outputs], initialLogDeviation) : nil
    }

    private static func stack(_ widths: [Int], _ outputs: Int, gain: Double, _ generator: TensorGenerator) -> [Linear] {
        let ends = Array(widths.dropFirst()) + [outputs]
        return zip(widths, ends).enumerated().map { index, ends in
            let isLast = index == widths.count - 1
            return Linear(
                inputs: ends.0, outputs: ends.1,
                weightInitializer: .orthogonal(gain: isLast ? gain : 2.0.squareRoot()), biasInitializer: .zeros,
                generator: generator)
        }
    }

    /// Shows all parameters.
    ///
    /// - Parameter visitor: sees and may replace them.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("actor", &actor)
        visitor.visit("critic", &critic)
        visitor.visit("logDeviation", &logDeviation)
    }

    /// Both outputs.
    ///
    /// - Parameter observations: `[B, D]`.
    /// - Returns: logits or means `[B, A]`, and values `[B]`.
    public func callAsFunction(_ observations: Tensor) -> (parameters: Tensor, values: Tensor) {
        (parameters(observations), values(observations))
    }

    /// Logits or means.
    ///
    /// - Parameter observations: `[B, D]`.
    /// - Returns: `[B, A]`.
    public func parameters(_ observations: Tensor) -> Tensor { Self.run(actor, observations) }

    /// Values.
    ///
    /// - Parameter observations: `[B, D]`.
    /// - Returns: `[B]`.
    public func values(_ observations: Tensor) -> Tensor { Self.run(critic, observations).squeezed(-1) }

    private static func run(_ layers: [Linear], _ observations: Tensor) -> Tensor {
        guard let last = layers.last else { return observations }
        return last(layers.dropLast().reduce(observations) { $1($0).tanh() })
    }

    /// The policy's layers.
    public var densePolicy: [Linear]? { actor }
}
