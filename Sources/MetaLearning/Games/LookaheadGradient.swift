/// An estimate of the derivatives of one player's value.
struct ValueEstimate {
    let gradient: JointGradient
    /// The matrix of second derivatives times a direction.
    let hessianProduct: (JointGradient) -> JointGradient
}

/// The gradient of a player's value after the other has made steps that depend on the player's own policy.
///
/// The other's logits go from y⁰ to y^K by y^{k+1} = y^k + α ∂_y V'(x, y^k). With λ^K = ∂_y V(x, y^K), the gradient of
/// V(x, y^K(x)) by x is ∂_x V + α Σ_k ∂²_{xy} V'(x, y^k) λ^{k+1}, and λ^k = λ^{k+1} + α ∂²_{yy} V'(x, y^k) λ^{k+1}.
///
/// Source: Foerster et al. 2018, "DiCE", section 5; the chain rule of unrolled steps.
enum LookaheadGradient {
    /// Computes it from estimates of the parts.
    ///
    /// - Parameters:
    ///   - player: whose gradient.
    ///   - policies: both players' present policies.
    ///   - options: number and rate of steps.
    ///   - inner: derivatives of the other player's value at given policies of both.
    ///   - outer: derivatives of this player's value at given policies of both.
    /// - Returns: the derivatives by this player's logits, and the other's policy after its steps.
    static func estimate(
        of player: Player, at policies: PolicyPair, _ options: ShapingOptions,
        inner: (PolicyPair) throws -> ValueEstimate, outer: (PolicyPair) throws -> JointGradient
    ) rethrows -> (gradient: [Double], policies: PolicyPair) {
        let other = player.other
        var current = policies
        var steps: [ValueEstimate] = []
        for _ in 0..<options.lookahead {
            let step = try inner(current)
            current[other] = current[other].moved(by: step.gradient[other], scale: options.innerRate)
            steps.append(step)
        }
        let gradient = try outer(current)
        var own = gradient[player]
        var adjoint = gradient[other]
        for step in steps.reversed() {
            let product = step.hessianProduct(JointGradient(adjoint, of: other))
            for index in 0..<5 {
                own[index] += options.innerRate * product[player][index]
                adjoint[index] += options.innerRate * product[other][index]
            }
        }
        return (own, current)
    }

    /// Computes it exactly.
    static func exact(of player: Player, at policies: PolicyPair, in game: RepeatedGame, _ options: ShapingOptions)
        -> [Double]
    {
        let result = estimate(
            of: player, at: policies, options,
            inner: { exactEstimate(of: player.other, at: $0, in: game) },
            outer: { ExactPlay(game, first: $0.first, second: $0.second).gradient(of: player) })
        return result.gradient
    }

    /// The exact derivatives of a player's value.
    static func exactEstimate(of player: Player, at policies: PolicyPair, in game: RepeatedGame) -> ValueEstimate {
        let play = ExactPlay(game, first: policies.first, second: policies.second)
        return ValueEstimate(
            gradient: play.gradient(of: player), hessianProduct: { play.hessianProduct(of: player, with: $0) })
    }
}

/// Both players' policies.
public struct PolicyPair: Codable, Hashable, Sendable {
    /// The first player's.
    public var first: MemoryOnePolicy
    /// The second player's.
    public var second: MemoryOnePolicy

    /// Creates a pair.
    ///
    /// - Parameters:
    ///   - first: the first player's policy.
    ///   - second: the second player's policy.
    public init(first: MemoryOnePolicy, second: MemoryOnePolicy) {
        self.first = first
        self.second = second
    }

    /// One player's policy.
    ///
    /// - Parameter player: whose.
    public subscript(player: Player) -> MemoryOnePolicy {
        get { player == .first ? first : second }
        set {
            if player == .first { first = newValue } else { second = newValue }
        }
    }
}
