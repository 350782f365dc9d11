/// What follows from the kind of a round (4 · observation of the first player + outcome): payoffs, baseline, and
/// derivatives of both players' log-probabilities.
struct RoundTables: Sendable {
    /// Probability of action 0 by observation of each player.
    private let first: [Double]
    private let second: [Double]
    /// One entry for each kind of round.
    let payoffs: [Double]
    let baseline: [Double]

    init(
        _ game: RepeatedGame, player: Player, first: MemoryOnePolicy, second: MemoryOnePolicy, baseline: [Double]
    ) {
        self.first = first.probabilities
        self.second = second.probabilities
        payoffs = (0..<20).map { game.payoffs(of: player)[$0 & 3] }
        self.baseline = (0..<20).map { baseline[Self.observation(of: player, in: $0)] }
    }

    /// What a player observes in a round.
    static func observation(of player: Player, in round: Int) -> Int {
        player == .first ? round >> 2 : RepeatedGame.secondObservation[round >> 2]
    }

    /// What a player does in a round.
    static func action(of player: Player, in round: Int) -> Int {
        player == .first ? round >> 1 & 1 : round & 1
    }

    /// Probability of both actions by kind of round.
    static func probabilities(_ first: MemoryOnePolicy, _ second: MemoryOnePolicy) -> [Double] {
        probabilities(first.probabilities, second.probabilities)
    }

    private static func probabilities(_ first: [Double], _ second: [Double]) -> [Double] {
        (0..<20).map { round in
            let p = first[observation(of: .first, in: round)]
            let q = second[observation(of: .second, in: round)]
            return (action(of: .first, in: round) == 0 ? p : 1 - p)
                * (action(of: .second, in: round) == 0 ? q : 1 - q)
        }
    }

    /// Importance ratios by kind of round; 0 where the samples' policies would never have gone.
    func ratios(to behaviour: [Double]) -> [Double] {
        zip(Self.probabilities(first, second), behaviour).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// The derivative of the log-probability of a player's action by the logit of its observation.
    private func score(of player: Player, in round: Int) -> Double {
        let probability = (player == .first ? first : second)[Self.observation(of: player, in: round)]
        return (Self.action(of: player, in: round) == 0 ? 1 : 0) - probability
    }

    /// Derivatives of the log-probability of both actions along a direction.
    func slopes(along direction: JointGradient) -> [Double] {
        (0..<20).map { round in
            Player.allCases.reduce(0) {
                $0 + score(of: $1, in: round) * direction[$1][Self.observation(of: $1, in: round)]
            }
        }
    }

    /// Σ over rounds of weight · ∇ log-probability.
    func scores(weighted weights: [Double], scale: Double) -> JointGradient {
        collected { round, player in scale * weights[round] * score(of: player, in: round) }
    }

    /// Σ over rounds of weight · ∇² log-probability · direction; the matrix is diagonal, −p (1 − p).
    func curvatures(weighted weights: [Double], along direction: JointGradient, scale: Double) -> JointGradient {
        collected { round, player in
            let seen = Self.observation(of: player, in: round)
            let probability = (player == .first ? first : second)[seen]
            return -scale * weights[round] * probability * (1 - probability) * direction[player][seen]
        }
    }

    private func collected(_ term: (Int, Player) -> Double) -> JointGradient {
        var result = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 2)
        for round in 0..<20 {
            for player in Player.allCases {
                result[player.rawValue][Self.observation(of: player, in: round)] += term(round, player)
            }
        }
        return JointGradient(first: result[0], second: result[1])
    }
}

/// One walk over a batch, forwards for importance ratios and slopes, backwards for sums of what is to come.
struct RoundPass {
    let batch: JointRollouts
    let payoffs: [Double]
    let baseline: [Double]
    let discounts: [Double]
    let ratios: [Double]?

    /// Adds Σ_{t' ≥ t} γ^t' r w_t' − γ^t b (ratio of round t) to the entry of each round's kind.
    func accumulate(into weights: inout [Double]) {
        let length = batch.length
        var due = [Double](repeating: 0, count: length)
        let ones = [Double](repeating: 1, count: 20)
        let ratios = self.ratios ?? ones
        weights.withUnsafeMutableBufferPointer { weights in
            due.withUnsafeMutableBufferPointer { due in
                withTables(ratios) { rounds, payoffs, baseline, discounts, ratios in
                    for start in stride(from: 0, to: rounds.count, by: length) {
                        var weight = 1.0
                        for time in 0..<length {
                            let round = Int(rounds[start + time])
                            weight *= ratios[round]
                            due[time] = discounts[time] * payoffs[round] * weight
                        }
                        var sum = 0.0
                        for time in stride(from: length - 1, through: 0, by: -1) {
                            let round = Int(rounds[start + time])
                            sum += due[time]
                            weights[round] += sum - discounts[time] * baseline[round] * ratios[round]
                        }
                    }
                }
            }
        }
    }

    /// As `accumulate(into:)`, and the same with each term times its slope along a direction.
    func accumulate(slopes: [Double], into weights: inout [Double], _ sloped: inout [Double]) {
        let length = batch.length
        var due = [Double](repeating: 0, count: 2 * length)
        let ones = [Double](repeating: 1, count: 20)
        let ratios = self.ratios ?? ones
        weights.withUnsafeMutableBufferPointer { weights in
            sloped.withUnsafeMutableBufferPointer { sloped in
                due.withUnsafeMutableBufferPointer { due in
                    slopes.withUnsafeBufferPointer { slopes in
                        withTables(ratios) { rounds, payoffs, baseline, discounts, ratios in
                            for start in stride(from: 0, to: rounds.count, by: length) {
                                var (weight, slope) = (1.0, 0.0)
                                for time in 0..<length {
                                    let round = Int(rounds[start + time])
                                    weight *= ratios[round]
                                    slope += slopes[round]
                                    due[2 * time] = discounts[time] * payoffs[round] * weight
                                    due[2 * time + 1] = due[2 * time] * slope
                                }
                                var (sum, slopedSum) = (0.0, 0.0)
                                for time in stride(from: length - 1, through: 0, by: -1) {
                                    let round = Int(rounds[start + time])
                                    sum += due[2 * time]
                                    slopedSum += due[2 * time + 1]
                                    let base = discounts[time] * baseline[round] * ratios[round]
                                    weights[round] += sum - base
                                    sloped[round] += slopedSum - base * slopes[round]
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private typealias Numbers = UnsafeBufferPointer<Double>

    private func withTables(
        _ ratios: [Double], _ body: (UnsafeBufferPointer<UInt8>, Numbers, Numbers, Numbers, Numbers) -> Void
    ) {
        batch.rounds.withUnsafeBufferPointer { rounds in
            payoffs.withUnsafeBufferPointer { payoffs in
                baseline.withUnsafeBufferPointer { baseline in
                    discounts.withUnsafeBufferPointer { discounts in
                        ratios.withUnsafeBufferPointer { body(rounds, payoffs, baseline, discounts, $0) }
                    }
                }
            }
        }
    }
}
