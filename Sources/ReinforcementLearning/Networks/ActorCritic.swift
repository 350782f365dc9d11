public import Networks
public import Tensors

/// A network with two outputs: what to do, and how much reward is to come.
///
/// `B` observations, `A` numbers in what describes a distribution of actions.
public protocol ActorCritic: Module {
    /// Whether both outputs come from the same hidden layers, so that computing them together saves work.
    static var sharesLayers: Bool { get }

    /// ln of the standard deviations of a Gaussian policy, `[A]`; nil for one that chooses among actions.
    var logDeviation: Tensor? { get }

    /// Both outputs.
    ///
    /// - Parameter observations: `[B, ...]`.
    /// - Returns: logits or means `[B, A]`, and values `[B]`.
    func callAsFunction(_ observations: Tensor) -> (parameters: Tensor, values: Tensor)

    /// Logits or means only.
    ///
    /// - Parameter observations: `[B, ...]`.
    /// - Returns: `[B, A]`.
    func parameters(_ observations: Tensor) -> Tensor

    /// Values only.
    ///
    /// - Parameter observations: `[B, ...]`.
    /// - Returns: `[B]`.
    func values(_ observations: Tensor) -> Tensor

    /// The policy's layers, for inference without libtorch; nil where they aren't dense layers with tanh between.
    var densePolicy: [Linear]? { get }
}

extension ActorCritic {
    /// The distribution that the network's output describes.
    ///
    /// - Parameter parameters: logits or means, `[B, A]`.
    /// - Returns: a Gaussian where there are deviations, else a categorical distribution.
    public func distribution(_ parameters: Tensor) -> any ActionDistribution {
        if let logDeviation { return DiagonalGaussian(mean: parameters, logDeviation: logDeviation) }
        return CategoricalDistribution(logits: parameters)
    }
}
