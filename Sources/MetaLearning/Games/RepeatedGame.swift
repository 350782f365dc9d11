/// One of the two players of a game.
public enum Player: Int, Codable, Sendable, CaseIterable {
    /// The player whose action is the row of the payoff matrix.
    case first
    /// The player whose action is the column.
    case second

    /// The other player.
    public var other: Player { self == .first ? .second : .first }
}

/// A game of two players with two actions each, played again and again with discounted payoffs.
///
/// An outcome is a number: 2 · (the first player's action) + (the second's). The value of a game to a player is
/// Σ γ^t r_t, the payoff of the first round having weight 1.
public struct RepeatedGame: Codable, Hashable, Sendable {
    /// The first player's payoffs for the outcomes 00, 01, 10, 11.
    public let firstPayoffs: [Double]
    /// The second player's payoffs for the outcomes 00, 01, 10, 11; the second digit is its own action.
    public let secondPayoffs: [Double]
    /// What a payoff is worth one round later, in [0, 1).
    public let discount: Double

    /// Creates a repeated game.
    ///
    /// - Parameters:
    ///   - firstPayoffs: the first player's payoffs for the outcomes 00, 01, 10, 11; finite.
    ///   - secondPayoffs: the second player's, for the same outcomes.
    ///   - discount: what a payoff is worth one round later, in [0, 1); at 1 the game would have no finite value.
    /// - Throws: `GameError.badPayoffs` or `.badDiscount`.
    public init(firstPayoffs: [Double], secondPayoffs: [Double], discount: Double) throws(GameError) {
        for payoffs in [firstPayoffs, secondPayoffs] {
            guard payoffs.count == 4, payoffs.allSatisfy({ $0.isFinite }) else { throw .badPayoffs(payoffs) }
        }
        guard discount >= 0, discount < 1 else { throw .badDiscount(value: discount, allowed: "[0, 1)") }
        self.firstPayoffs = firstPayoffs
        self.secondPayoffs = secondPayoffs
        self.discount = discount
    }

    /// Creates a repeated game that looks the same to both players.
    ///
    /// - Parameters:
    ///   - payoffs: a player's payoffs for the outcomes 00, 01, 10, 11, the first digit being its own action; finite.
    ///   - discount: what a payoff is worth one round later, in [0, 1).
    /// - Throws: `GameError.badPayoffs` or `.badDiscount`.
    public init(symmetric payoffs: [Double], discount: Double) throws(GameError) {
        guard payoffs.count == 4 else { throw .badPayoffs(payoffs) }
        try self.init(
            firstPayoffs: payoffs, secondPayoffs: (0..<4).map { payoffs[Self.mirrored($0)] }, discount: discount)
    }

    /// The prisoner's dilemma: action 0 defects, 1 cooperates; payoffs −2, 0, −3, −1 (years in prison).
    ///
    /// Source: Foerster et al. 2018, "Learning with opponent-learning awareness", table 1.
    ///
    /// - Parameter discount: what a payoff is worth one round later, in [0, 1).
    /// - Returns: the game.
    /// - Throws: `GameError.badDiscount`.
    public static func prisonersDilemma(discount: Double = 0.96) throws(GameError) -> RepeatedGame {
        try RepeatedGame(symmetric: [-2, 0, -3, -1], discount: discount)
    }

    /// Matching pennies: the first player wins 1 from the second when the actions are the same, else loses 1.
    ///
    /// - Parameter discount: what a payoff is worth one round later, in [0, 1).
    /// - Returns: the game.
    /// - Throws: `GameError.badDiscount`.
    public static func matchingPennies(discount: Double = 0.9) throws(GameError) -> RepeatedGame {
        try RepeatedGame(firstPayoffs: [1, -1, -1, 1], secondPayoffs: [-1, 1, 1, -1], discount: discount)
    }

    /// A player's payoffs for the outcomes 00, 01, 10, 11.
    ///
    /// - Parameter player: whose.
    /// - Returns: four numbers.
    public func payoffs(of player: Player) -> [Double] {
        player == .first ? firstPayoffs : secondPayoffs
    }

    /// The outcome as the other player sees it: its own action first.
    static func mirrored(_ outcome: Int) -> Int {
        (outcome & 1) << 1 | outcome >> 1
    }

    /// What the second player observes where the first observes 0 (the start) or 1 + the last outcome.
    static let secondObservation = [0, 1, 3, 2, 4]
}
