public import Tensors

/// Evolution strategies: a gradient from the ranks of a population's losses.
///
/// Each member is x + σz; the gradient is Σ shaped(lossᵢ) zᵢ / (nσ). Ranks make it insensitive to outliers and to any
/// increasing function of the loss; its length then says nothing about the loss's slope, so use it with a rule that
/// normalises (such as Adam) or choose the learning rate for it.
/// Source: Salimans et al. 2017, "Evolution strategies as a scalable alternative to reinforcement learning",
/// arXiv:1703.03864, algorithm 1 with mirrored sampling and fitness shaping.
public struct EvolutionStrategy: GradientEstimator {
    /// What is made of the population's losses.
    public enum Shaping: Sendable, Hashable, CaseIterable {
        /// The losses themselves: the estimator of `ZeroOrder`.
        case raw

        /// Losses minus their mean, over their standard deviation (all 0 where they are equal).
        case standardized

        /// Ranks from the best, evenly spaced from −½ to ½; equal losses share the mean of their ranks.
        case centredRanks
    }

    /// Number n of members; even where they are mirrored.
    public var population: Int

    /// σ > 0.
    public var deviation: Double

    /// What is made of the losses.
    public var shaping: Shaping

    /// Whether members come in pairs x ± σz.
    public var isMirrored: Bool

    /// The distribution of directions.
    public var directions: RandomDirections

    /// Creates the strategy.
    ///
    /// - Parameters:
    ///   - population: number of members, ≥ 2, even where they are mirrored.
    ///   - deviation: σ > 0.
    ///   - shaping: what is made of the losses.
    ///   - isMirrored: whether members come in pairs x ± σz.
    ///   - directions: the distribution of z.
    /// - Precondition: the ranges above; violations trap.
    public init(
        population: Int, deviation: Double, shaping: Shaping = .centredRanks, isMirrored: Bool = true,
        directions: RandomDirections = .normal
    ) {
        precondition(population >= 2, "EvolutionStrategy: a population of \(population), must be at least 2")
        precondition(
            !isMirrored || population.isMultiple(of: 2),
            "EvolutionStrategy: a mirrored population of \(population), must be even")
        precondition(
            deviation > 0 && deviation.isFinite,
            "EvolutionStrategy: the deviation σ is \(deviation), must be positive")
        self.population = population
        self.deviation = deviation
        self.shaping = shaping
        self.isMirrored = isMirrored
        self.directions = directions
    }

    /// Guesses value and gradient at a point, the whole population in one call of the function.
    ///
    /// - Parameters:
    ///   - parameters: the point.
    ///   - generator: source of the random directions.
    ///   - function: takes leaves `[population, ...]` and returns the losses, `[population]`; the smaller the better.
    /// - Returns: the mean loss, and a direction of increase.
    public func estimate<Parameters: TensorTree>(
        at parameters: Parameters, generator: TensorGenerator, _ function: (Parameters) throws -> Tensor
    ) rethrows -> (value: Tensor, gradient: Parameters) {
        try withoutGradients {
            let count = isMirrored ? population / 2 : population
            let batch = DirectionBatch(at: parameters, count: count, from: directions, generator)
            let points = batch.points(scales: isMirrored ? [deviation, -deviation] : [deviation])
            let losses = checkedValues(try function(points), count: population, "EvolutionStrategy")
            var weights = shaped(losses) / (deviation * Double(population))
            if isMirrored {
                weights = weights.slice(dimension: 0, end: count) - weights.slice(dimension: 0, start: count)
            }
            return (losses.mean(), batch.combination(weights: weights))
        }
    }

    /// Weights of the members, `[population]`, of the losses' type.
    func shaped(_ losses: Tensor) -> Tensor {
        switch shaping {
        case .raw: return losses
        case .standardized:
            let centred = losses - losses.mean()
            let deviation = (centred * centred).mean().sqrt()
            return Tensor.where(deviation .== 0, Tensor.zeros(like: losses), centred / deviation)
        case .centredRanks:
            // How many are smaller, and half of those that are equal, itself left out.
            let (row, column) = (losses.unsqueezed(0), losses.unsqueezed(1))
            let smaller = (row .< column).to(losses.dtype).sum(dimensions: [1])
            let equal = (row .== column).to(losses.dtype).sum(dimensions: [1]) - 1
            return (smaller + equal * 0.5) / Double(population - 1) - 0.5
        }
    }
}
