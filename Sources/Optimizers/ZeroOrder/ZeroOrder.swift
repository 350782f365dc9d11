public import Tensors

/// Gradients of a smoothed function from its values: E f(x + σz) differentiated by x.
///
/// With directions z of mean 0 and unit covariance every method's expectation is ∇f(x) up to terms of order σ² (exactly
/// the gradient of E f(x + σz) with normal directions). For d parameters the variance relative to |∇f|² is about
/// (d + 1) / S for `forward` and `antithetic` (normal directions, small σ); `naive` adds d f(x)² / (Sσ²).
/// Sources: Flaxman et al. 2005; Nesterov & Spokoiny 2017, Found. Comput. Math. 17; Salimans et al. 2017,
/// arXiv:1703.03864.
public struct ZeroOrder: GradientEstimator {
    /// Which differences are taken.
    public enum Method: Sendable, Hashable, CaseIterable {
        /// f(x + σz) z / σ: S values. Unbiased and of very high variance.
        case naive

        /// (f(x + σz) − f(x)) z / σ: S + 1 values.
        case forward

        /// (f(x + σz) − f(x − σz)) z / 2σ: 2S values. Exact in expectation for quadratic functions.
        case antithetic
    }

    /// Which differences are taken.
    public var method: Method

    /// Number S of random directions, ≥ 1.
    public var samples: Int

    /// How far along a direction the function is evaluated: σ > 0.
    public var deviation: Double

    /// The distribution of directions.
    public var directions: RandomDirections

    /// Creates the estimator.
    ///
    /// - Parameters:
    ///   - method: which differences are taken.
    ///   - samples: number S of random directions, ≥ 1.
    ///   - deviation: σ > 0.
    ///   - directions: their distribution.
    /// - Precondition: `samples ≥ 1` and `deviation > 0`; violations trap.
    public init(
        _ method: Method = .antithetic, samples: Int, deviation: Double, directions: RandomDirections = .normal
    ) {
        precondition(samples >= 1, "ZeroOrder: \(samples) samples, must be at least 1")
        precondition(
            deviation > 0 && deviation.isFinite, "ZeroOrder: the deviation σ is \(deviation), must be positive")
        self.method = method
        self.samples = samples
        self.deviation = deviation
        self.directions = directions
    }

    /// Guesses value and gradient at a point, all samples in one call of the function.
    ///
    /// - Parameters:
    ///   - parameters: the point.
    ///   - generator: source of the random directions.
    ///   - function: takes leaves `[S, ...]` and returns `[S]`.
    /// - Returns: f(x) with `forward`, else the mean of the values found; and the gradient.
    public func estimate<Parameters: TensorTree>(
        at parameters: Parameters, generator: TensorGenerator, _ function: (Parameters) throws -> Tensor
    ) rethrows -> (value: Tensor, gradient: Parameters) {
        try withoutGradients {
            let batch = DirectionBatch(at: parameters, count: samples, from: directions, generator)
            switch method {
            case .naive:
                let values = checkedValues(
                    try function(batch.points(scales: [deviation])), count: samples, "ZeroOrder")
                return (values.mean(), batch.combination(weights: values / (deviation * Double(samples))))
            case .forward:
                let values = checkedValues(
                    try function(batch.points(scales: [0, deviation])), count: samples + 1, "ZeroOrder")
                let base = values.select(dimension: 0, index: 0)
                let weights = (values.slice(dimension: 0, start: 1) - base) / (deviation * Double(samples))
                return (base, batch.combination(weights: weights))
            case .antithetic:
                let values = checkedValues(
                    try function(batch.points(scales: [deviation, -deviation])), count: 2 * samples, "ZeroOrder")
                let difference =
                    values.slice(dimension: 0, end: samples) - values.slice(dimension: 0, start: samples)
                let weights = difference / (2 * deviation * Double(samples))
                return (values.mean(), batch.combination(weights: weights))
            }
        }
    }
}
