/// The moment estimates of Adam, shared by `Adam` and `AdamW`.
///
/// With gradient g, step t = 1, 2, ...: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
/// direction = (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ) + ε₀) + ε).
/// Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1 (with ε₀ = 0), in the order of operations of `torch.optim`.
public struct AdamOptions: Sendable, Codable, Equatable {
    /// Decay β₁ of the first moment, in `[0, 1)`.
    public var firstMomentDecay: Double

    /// Decay β₂ of the second moment, in `[0, 1)`.
    public var secondMomentDecay: Double

    /// Added to the root of the second moment: ε ≥ 0.
    public var epsilon: Double

    /// Added under the root: ε₀ ≥ 0; above 0 the direction is smooth at a gradient of 0.
    ///
    /// At ε₀ = 0 the derivative of the root at exactly 0 is taken as 0, so derivatives through a step are finite too.
    public var epsilonRoot: Double

    /// Whether to divide by the largest second moment so far.
    ///
    /// Source: Reddi et al. 2018, arXiv:1904.09237, algorithm 2.
    public var amsgrad: Bool

    /// Creates options.
    ///
    /// - Parameters:
    ///   - firstMomentDecay: β₁ in `[0, 1)`.
    ///   - secondMomentDecay: β₂ in `[0, 1)`.
    ///   - epsilon: ε ≥ 0.
    ///   - epsilonRoot: ε₀ ≥ 0.
    ///   - amsgrad: whether to divide by the largest second moment so far.
    /// - Precondition: numbers are in range; violations trap.
    public init(
        firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999, epsilon: Double = 1e-8,
        epsilonRoot: Double = 0, amsgrad: Bool = false
    ) {
        precondition(
            (0..<1).contains(firstMomentDecay) && (0..<1).contains(secondMomentDecay) && epsilon >= 0
                && epsilonRoot >= 0,
            "AdamOptions: decays \(firstMomentDecay), \(secondMomentDecay) must be in [0, 1), "
                + "epsilons \(epsilon), \(epsilonRoot) must not be negative")
        self.firstMomentDecay = firstMomentDecay
        self.secondMomentDecay = secondMomentDecay
        self.epsilon = epsilon
        self.epsilonRoot = epsilonRoot
        self.amsgrad = amsgrad
    }
}
