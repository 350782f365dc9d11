import Randomness

/// Sampled plays of two policies: many trajectories of one length, with the policies that made them.
///
/// A round is kept as one number: 4 · (what the first player observed) + outcome, from 0 to 19. What both players
/// observed and did, and all derivatives of their log-probabilities, follow from it by a table of 20 entries.
public struct JointRollouts: Codable, Sendable {
    /// Number of trajectories.
    public let count: Int
    /// Rounds in each.
    public let length: Int
    /// The first player's policy.
    public let first: MemoryOnePolicy
    /// The second player's policy.
    public let second: MemoryOnePolicy
    /// The rounds, trajectory after trajectory.
    let rounds: [UInt8]

    /// Plays.
    ///
    /// A round takes one random word, its halves deciding the two actions, so probabilities are those of the policies
    /// to 2⁻³².
    ///
    /// - Parameters:
    ///   - first: the first player's policy.
    ///   - second: the second player's policy.
    ///   - count: number of trajectories, at least 1.
    ///   - length: rounds in each, at least 1.
    ///   - generator: where random numbers come from.
    /// - Throws: `GameError.notPositive` when there would be no trajectory or no round.
    public init(
        first: MemoryOnePolicy, second: MemoryOnePolicy, count: Int, length: Int,
        using generator: inout some RandomNumberGenerator
    ) throws(GameError) {
        guard count > 0 else { throw .notPositive(name: "The number of trajectories", value: count) }
        guard length > 0 else { throw .notPositive(name: "The length of a trajectory", value: length) }
        self.count = count
        self.length = length
        self.first = first
        self.second = second
        let p = first.probabilities.map { UInt64(($0 * 0x1p32).rounded()) }
        let mirrored = second.probabilities.map { UInt64(($0 * 0x1p32).rounded()) }
        let q = RepeatedGame.secondObservation.map { mirrored[$0] }
        rounds = [UInt8](unsafeUninitializedCapacity: count * length) { buffer, filled in
            p.withUnsafeBufferPointer { p in
                q.withUnsafeBufferPointer { q in
                    for trajectory in 0..<count {
                        var seen = 0
                        for time in 0..<length {
                            let word = generator.next()
                            let row = word >> 32 < p[seen] ? 0 : 2
                            let column = word & 0xffff_ffff < q[seen] ? 0 : 1
                            buffer[trajectory * length + time] = UInt8(truncatingIfNeeded: 4 * seen + row + column)
                            seen = 1 + row + column
                        }
                    }
                }
            }
            filled = count * length
        }
    }

    /// The outcome of a round: 2 · (the first player's action) + (the second's).
    ///
    /// - Parameters:
    ///   - trajectory: which trajectory.
    ///   - time: which round of it.
    /// - Returns: a number from 0 to 3.
    public func outcome(trajectory: Int, time: Int) -> Int {
        Int(rounds[trajectory * length + time]) & 3
    }

    /// A player's mean payoff a round.
    ///
    /// - Parameters:
    ///   - player: whose payoffs.
    ///   - game: the game.
    /// - Returns: the mean over all rounds.
    public func meanPayoff(of player: Player, in game: RepeatedGame) -> Double {
        let payoffs = game.payoffs(of: player)
        return rounds.reduce(0) { $0 + payoffs[Int($1) & 3] } / Double(rounds.count)
    }

    /// A player's mean discounted payoff.
    ///
    /// - Parameters:
    ///   - player: whose payoffs.
    ///   - game: the game.
    /// - Returns: the mean over trajectories of Σ γ^t r_t.
    public func meanValue(of player: Player, in game: RepeatedGame) -> Double {
        let payoffs = game.payoffs(of: player)
        var total = 0.0
        for trajectory in 0..<count {
            var value = 0.0
            for time in stride(from: length - 1, through: 0, by: -1) {
                value = payoffs[outcome(trajectory: trajectory, time: time)] + game.discount * value
            }
            total += value
        }
        return total / Double(count)
    }
}
