/// The exact discounted values of two policies that play against each other, with first and second derivatives.
///
/// The last outcome is a Markov chain of four states: with its transition matrix P, the first round's distribution p
/// and payoffs r, the value is pᵀ (I − γP)⁻¹ r. Derivatives are those of this formula, written out; second derivatives
/// carry a tangent through the first.
///
/// Source: Foerster et al. 2018, "Learning with opponent-learning awareness", appendix A.1.
public struct ExactPlay: Sendable {
    /// The game.
    public let game: RepeatedGame
    /// The first player's policy.
    public let first: MemoryOnePolicy
    /// The second player's policy.
    public let second: MemoryOnePolicy

    /// Creates a pairing.
    ///
    /// - Parameters:
    ///   - game: the game.
    ///   - first: the first player's policy.
    ///   - second: the second player's policy.
    public init(_ game: RepeatedGame, first: MemoryOnePolicy, second: MemoryOnePolicy) {
        self.game = game
        self.first = first
        self.second = second
    }

    /// Σ γ^t r_t that a player can expect.
    ///
    /// - Parameter player: whose payoffs.
    /// - Returns: the value over infinitely many rounds.
    public func value(of player: Player) -> Double {
        let chain = Chain(first.probabilities, second.probabilities)
        return dot(chain.rows[0], chain.values(of: game.payoffs(of: player), game.discount))
    }

    /// The derivatives of a player's value by both players' logits.
    ///
    /// - Parameter player: whose value.
    /// - Returns: five derivatives a player.
    public func gradient(of player: Player) -> JointGradient {
        let gradient = derivatives(of: player, first.probabilities, second.probabilities)
        return JointGradient(first: gradient.first, second: gradient.second)
    }

    /// The second derivatives of a player's value times a direction.
    ///
    /// - Parameters:
    ///   - player: whose value.
    ///   - direction: ten numbers.
    /// - Returns: the product of the 10 × 10 matrix with the direction.
    public func hessianProduct(of player: Player, with direction: JointGradient) -> JointGradient {
        func carrying(_ policy: MemoryOnePolicy, _ tangents: [Double]) -> [Dual] {
            zip(policy.probabilities, tangents).map { Dual($0, tangent: $0 * (1 - $0) * $1) }
        }
        let gradient = derivatives(
            of: player, carrying(first, direction.first), carrying(second, direction.second))
        return JointGradient(first: gradient.first.map { $0.tangent }, second: gradient.second.map { $0.tangent })
    }

    /// The mean payoff a round that a player can expect, without discount.
    ///
    /// - Parameters:
    ///   - player: whose payoffs.
    ///   - rounds: rounds to take the mean over, at least 1.
    /// - Returns: the mean payoff.
    public func meanPayoff(of player: Player, rounds: Int) -> Double {
        precondition(rounds > 0, "ExactPlay.meanPayoff: \(rounds) rounds; give at least 1")
        let chain = Chain(first.probabilities, second.probabilities)
        var distribution = chain.rows[0]
        var total = 0.0
        for _ in 0..<rounds {
            total += dot(distribution, game.payoffs(of: player))
            distribution = (0..<4).map { next in
                (0..<4).reduce(0) { $0 + distribution[$1] * chain.rows[1 + $1][next] }
            }
        }
        return total / Double(rounds)
    }

    /// The mean payoff a round of both players together, halved: −1 for two that cooperate in the prisoner's dilemma,
    /// −2 for two that defect.
    ///
    /// - Parameter rounds: rounds to take the mean over, at least 1.
    /// - Returns: the mean payoff.
    public func jointScore(rounds: Int) -> Double {
        (meanPayoff(of: .first, rounds: rounds) + meanPayoff(of: .second, rounds: rounds)) / 2
    }

    /// Derivatives of a player's value by the logits, for numbers or for numbers with tangents.
    private func derivatives<Number: DifferentiableNumber>(
        of player: Player, _ first: [Number], _ second: [Number]
    ) -> (first: [Number], second: [Number]) {
        let chain = Chain(first, second)
        let values = chain.values(of: game.payoffs(of: player), game.discount)
        let occupancy = chain.occupancy(game.discount)
        var gradient = (first: [Number](repeating: 0, count: 5), second: [Number](repeating: 0, count: 5))
        for seen in 0..<5 {
            let mirrored = RepeatedGame.secondObservation[seen]
            let (p, q) = (first[seen], second[mirrored])
            let one: Number = 1
            let byFirst = q * (values[0] - values[2]) + (one - q) * (values[1] - values[3])
            let bySecond = p * (values[0] - values[1]) + (one - p) * (values[2] - values[3])
            gradient.first[seen] = occupancy[seen] * p * (one - p) * byFirst
            gradient.second[mirrored] = occupancy[seen] * q * (one - q) * bySecond
        }
        return gradient
    }
}

/// The Markov chain of outcomes.
private struct Chain<Number: DifferentiableNumber> {
    /// Distribution of the outcome by what the first player observes: the start, then outcomes.
    let rows: [[Number]]

    init(_ first: [Number], _ second: [Number]) {
        let one: Number = 1
        rows = (0..<5).map { seen in
            let (p, q) = (first[seen], second[RepeatedGame.secondObservation[seen]])
            return [p * q, p * (one - q), (one - p) * q, (one - p) * (one - q)]
        }
    }

    /// (I − γP)⁻¹ r: what is to come from an outcome on, with its own payoff.
    func values(of payoffs: [Double], _ discount: Double) -> [Number] {
        solve(systemMatrix(discount), payoffs.map { Number($0) })
    }

    /// How often, discounted, the first player acts on each observation: 1 for the start, γ (I − γP)⁻ᵀ p for outcomes.
    func occupancy(_ discount: Double) -> [Number] {
        let matrix = systemMatrix(discount)
        let transposed = (0..<4).map { row in (0..<4).map { matrix[$0][row] } }
        return [1] + solve(transposed, rows[0]).map { Number(discount) * $0 }
    }

    private func systemMatrix(_ discount: Double) -> [[Number]] {
        (0..<4).map { row in
            (0..<4).map { Number(row == $0 ? 1 : 0) - Number(discount) * rows[1 + row][$0] }
        }
    }
}

/// Solves by elimination.
///
/// No pivots are needed: I − γP is diagonally dominant by rows, its transpose by columns.
private func solve<Number: DifferentiableNumber>(_ matrix: [[Number]], _ right: [Number]) -> [Number] {
    var matrix = matrix
    var right = right
    for pivot in 0..<4 {
        for row in (pivot + 1)..<4 where pivot < 3 {
            let factor = matrix[row][pivot] / matrix[pivot][pivot]
            for column in pivot..<4 { matrix[row][column] = matrix[row][column] - factor * matrix[pivot][column] }
            right[row] = right[row] - factor * right[pivot]
        }
    }
    for row in stride(from: 3, through: 0, by: -1) {
        for column in stride(from: 3, to: row, by: -1) { right[row] = right[row] - matrix[row][column] * right[column] }
        right[row] = right[row] / matrix[row][row]
    }
    return right
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
