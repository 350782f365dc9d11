import Foundation

/// How a search chooses where to go on, and what it counts as success: a value with four settings.
///
/// All policies run by the same engine at the same budget, so that they can be compared. The scores are
/// W / N + √(c · ln Σ N / N) with discounted sums; see ``score(of:total:)``.
public struct SearchPolicy: Hashable, Codable, Sendable {
    /// Where proposals go on.
    public enum Selection: String, Hashable, Codable, Sendable, CaseIterable {
        /// From the node that the scores lead to.
        case tree
        /// Always from the root: plain sampling.
        case root
    }

    /// What a visit is rewarded for.
    public enum Reward: String, Hashable, Codable, Sendable, CaseIterable {
        /// 1 when the proposal added at least one node to the tree, else 0 (intrinsic reward, RMax).
        case novelty
        /// 1 when the proposal solved the problem, else 0 (extrinsic reward).
        case solution
    }

    /// Where proposals go on.
    public var selection: Selection
    /// What a visit is rewarded for.
    public var reward: Reward
    /// γ in `(0, 1]`: what an older visit counts in comparison with the next one; 1 is UCB1.
    public var discount: Double
    /// c, at least 0: weight of exploration, inside the root; 2 in UCB1 and DUCB.
    public var exploration: Double

    /// Creates a policy; without arguments it is ``rmaxts``.
    ///
    /// - Parameters:
    ///   - selection: where proposals go on.
    ///   - reward: what a visit is rewarded for.
    ///   - discount: γ in `(0, 1]`.
    ///   - exploration: c, at least 0.
    public init(
        selection: Selection = .tree, reward: Reward = .novelty, discount: Double = 0.99, exploration: Double = 2
    ) {
        self.selection = selection
        self.reward = reward
        self.discount = discount
        self.exploration = exploration
    }

    /// RMaxTS: discounted UCB with γ = 0.99 and reward for new states alone.
    ///
    /// Source: DeepSeek-Prover-V1.5, arXiv:2408.08152, section 3.3.
    public static let rmaxts = SearchPolicy()
    /// RMaxTS with UCB1 in place of DUCB (an ablation of the paper).
    public static let ucb1 = SearchPolicy(discount: 1)
    /// UCT without intrinsic reward: only solutions are rewarded (an ablation of the paper).
    public static let uct = SearchPolicy(reward: .solution, discount: 1)
    /// Plain sampling from the root (single-pass generation).
    public static let sampling = SearchPolicy(selection: .root)

    /// The policies that are compared with each other, with the names used in tables.
    public enum Preset: String, Hashable, Codable, Sendable, CaseIterable {
        /// ``SearchPolicy/rmaxts``.
        case rmaxts
        /// ``SearchPolicy/ucb1``.
        case ucb1
        /// ``SearchPolicy/uct``.
        case uct
        /// ``SearchPolicy/sampling``.
        case sample
    }

    /// The policy of a name.
    ///
    /// - Parameter preset: one of the compared policies.
    public init(_ preset: Preset) {
        switch preset {
        case .rmaxts: self = .rmaxts
        case .ucb1: self = .ucb1
        case .uct: self = .uct
        case .sample: self = .sampling
        }
    }

    /// Upper confidence bound of an action.
    ///
    /// Q = W / max(N, 0.01) + √(c · ln max(Σ N, 2) / max(N, 0.01)).
    ///
    /// Source: arXiv:2408.08152, equation 7; the floors are those of the paper's code.
    ///
    /// - Parameters:
    ///   - statistics: sums of the action, virtual loss included.
    ///   - total: Σ N over all actions of the node, the virtual child included.
    /// - Returns: the score; the greatest wins.
    @inline(__always)
    public func score(of statistics: DiscountedStatistics, total: Double) -> Double {
        statistics.mean + explorationBonus(visits: statistics.visits, scale: explorationScale(total: total))
    }

    /// c · ln max(Σ N, 2): the part of the bonus that all actions of a node share.
    @inline(__always)
    func explorationScale(total: Double) -> Double {
        exploration * log(max(total, 2))
    }

    @inline(__always)
    func explorationBonus(visits: Double, scale: Double) -> Double {
        (scale / max(visits, DiscountedStatistics.visitFloor)).squareRoot()
    }
}
