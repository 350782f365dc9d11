/// How rollouts are collected.
public struct RolloutOptions: Sendable, Hashable, Codable {
    /// T: steps of each environment in a rollout.
    public var steps: Int
    /// γ.
    public var discount: Double
    /// λ of generalised advantage estimation.
    public var trace: Double
    /// Whether observations are shifted and scaled by the mean and deviation of all so far.
    public var normalizesObservations: Bool
    /// Whether rewards are divided by the deviation of their discounted sums.
    public var scalesRewards: Bool
    /// How a step's actions are computed.
    public var inference: InferencePath

    /// Settings; see the properties.
    ///
    /// - Parameters:
    ///   - steps: T, at least 1.
    ///   - discount: γ in `[0, 1]`.
    ///   - trace: λ in `[0, 1]`.
    ///   - normalizesObservations: whether observations are shifted and scaled.
    ///   - scalesRewards: whether rewards are scaled.
    ///   - inference: how a step's actions are computed.
    public init(
        steps: Int = 128, discount: Double = 0.99, trace: Double = 0.95, normalizesObservations: Bool = false,
        scalesRewards: Bool = false, inference: InferencePath = .automatic
    ) {
        self.steps = steps
        self.discount = discount
        self.trace = trace
        self.normalizesObservations = normalizesObservations
        self.scalesRewards = scalesRewards
        self.inference = inference
    }
}

/// How a network's policy is run on the few rows of a step.
public enum InferencePath: String, Sendable, Hashable, Codable, CaseIterable {
    /// Fused where it can be and there are few enough rows for it to be faster.
    case automatic
    /// Without libtorch; the network must be dense.
    case fused
    /// With tensors.
    case tensors
}
