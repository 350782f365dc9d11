/// What baselines are learnt from.
extension JointRollouts {
    /// The gradient of the mean squared difference between payoffs and a baseline, by the baseline's five numbers.
    func payoffErrors(of player: Player, in game: RepeatedGame, baseline: [Double]) -> [Double] {
        var counts = [Int](repeating: 0, count: 20)
        for round in rounds { counts[Int(round)] += 1 }
        let payoffs = game.payoffs(of: player)
        var slopes = [Double](repeating: 0, count: 5)
        for (round, count) in counts.enumerated() {
            let seen = RoundTables.observation(of: player, in: round)
            slopes[seen] += 2 * (baseline[seen] - payoffs[round & 3]) * Double(count) / Double(rounds.count)
        }
        return slopes
    }

    /// The mean of Σ_{t' ≥ t} γ^(t' − t) r_t' by what the player observed in round t; nil for what it never did.
    func meanPayoffsToCome(of player: Player, in game: RepeatedGame) -> [Double?] {
        let payoffs = game.payoffs(of: player)
        var totals = [Double](repeating: 0, count: 20)
        var counts = [Int](repeating: 0, count: 20)
        for start in stride(from: 0, to: rounds.count, by: length) {
            var value = 0.0
            for time in stride(from: length - 1, through: 0, by: -1) {
                let round = Int(rounds[start + time])
                value = payoffs[round & 3] + game.discount * value
                totals[round] += value
                counts[round] += 1
            }
        }
        var result = [Double?](repeating: nil, count: 5)
        for seen in 0..<5 {
            let kinds = (0..<20).filter { RoundTables.observation(of: player, in: $0) == seen }
            let count = kinds.reduce(0) { $0 + counts[$1] }
            if count > 0 { result[seen] = kinds.reduce(0) { $0 + totals[$1] } / Double(count) }
        }
        return result
    }
}
