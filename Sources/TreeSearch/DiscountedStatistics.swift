import Foundation

/// Discounted sums of the rewards and visits of one action of a bandit.
///
/// After rewards R₁ … Rₙ the sums are W = Σₜ γⁿ⁻ᵗ Rₜ and N = Σₜ γⁿ⁻ᵗ for t = 1 … n.
///
/// Source: DeepSeek-Prover-V1.5, arXiv:2408.08152, equations 8 and 9; Garivier and Moulines, arXiv:0805.3415.
public struct DiscountedStatistics: Hashable, Codable, Sendable {
    /// Discounted sum of rewards, W.
    public private(set) var reward = 0.0
    /// Discounted number of visits, N.
    public private(set) var visits = 0.0

    /// Smallest count that is divided by, so that an action without visits has a finite score.
    ///
    /// The value of the reference code of DeepSeek-Prover-V1.5.
    public static let visitFloor = 0.01

    /// Creates empty sums.
    public init() {}

    private init(reward: Double, visits: Double) {
        self.reward = reward
        self.visits = visits
    }

    /// Mean reward, W / max(N, 0.01); 0 without visits.
    public var mean: Double { reward / max(visits, Self.visitFloor) }

    /// Adds a visit.
    ///
    /// - Parameters:
    ///   - reward: R of this visit.
    ///   - discount: γ in `(0, 1]`, by which all earlier visits are multiplied.
    public mutating func record(_ reward: Double, discount: Double) {
        self.reward = self.reward * discount + reward
        visits = visits * discount + 1
    }

    /// The sums as if running jobs had already ended without reward (virtual loss).
    ///
    /// W′ = W γʲ and N′ = N γʲ + (1 − γʲ) / (1 − γ), for γ = 1 its limit N + j. Nothing is stored, so a job that ends
    /// or is taken back leaves no trace.
    ///
    /// - Parameters:
    ///   - running: number j of running jobs, at least 0.
    ///   - discount: γ in `(0, 1]`.
    /// - Returns: the lowered sums; the same sums, bit for bit, when nothing runs.
    public func withVirtualLoss(running: Int, discount: Double) -> DiscountedStatistics {
        if running == 0 { return self }
        if discount == 1 { return DiscountedStatistics(reward: reward, visits: visits + Double(running)) }
        let factor = pow(discount, Double(running))
        return DiscountedStatistics(reward: reward * factor, visits: visits * factor + (1 - factor) / (1 - discount))
    }
}
