/// The card game against a dealer: `Blackjack-v1`.
///
/// Observation: the player's sum, the dealer's open card, whether the player has an ace that counts 11. Actions: 0 stick,
/// 1 take a card. Reward 1, 0 or −1 at the end.
///
/// Source: Sutton and Barto 2018, example 5.1; as in Gymnasium's `blackjack.py`.
public final class Blackjack: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// The rules of Sutton and Barto: a natural wins against everything but another natural.
        public var followsSuttonBarto = true
        /// Whether a winning natural is worth 1.5; only without the rules of Sutton and Barto.
        public var rewardsNaturals = false
        /// Steps after which an episode is truncated; nil for never.
        public var maximumEpisodeSteps: Int?

        /// `Blackjack-v1`.
        public init() {}
    }

    /// `Blackjack-v1`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Blackjack-v1", observation: .multiDiscrete(counts: [32, 11, 2]), action: .discrete(2),
            maximumEpisodeSteps: options.maximumEpisodeSteps)
    }

    /// Six numbers an environment: for player and dealer the sum with aces as 1, whether there is an ace, and the number
    /// of cards.
    private let hands: StateArray<Int64>
    /// The dealer's open card.
    private let open: StateArray<Int64>
    private let options: Options

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        hands = StateArray(6 * count)
        open = StateArray(count)
        self.options = options
    }

    /// A few draws.
    public var stepNanoseconds: Double { 20 }

    /// Two cards for each, and draws for how the dealer's card looks, as in Gymnasium; in EnvPool the player draws first.
    ///
    /// The ace counts as in Gymnasium: EnvPool's flag tells of any ace, also of one that counts 1.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        let player = hands.pointer + 6 * index
        let dealer = player + 3
        for place in 0..<6 { player[place] = 0 }
        if generator.kind == .envpool {
            draw(into: player, &generator)
            draw(into: player, &generator)
            draw(into: dealer, &generator)
            open[index] = dealer[0]
            draw(into: dealer, &generator)
            return observe(index, row)
        }
        draw(into: dealer, &generator)
        open[index] = dealer[0]
        draw(into: dealer, &generator)
        draw(into: player, &generator)
        draw(into: player, &generator)
        _ = generator.integer(below: 4)
        if open[index] == 10 { _ = generator.integer(below: 3) }
        observe(index, row)
    }

    private func draw(into hand: UnsafeMutablePointer<Int64>, _ generator: inout EnvironmentGenerator) {
        let card = Int64(min(generator.integer(below: 13) + 1, 10))
        hand[0] += card
        if card == 1 { hand[1] = 1 }
        hand[2] += 1
    }

    private func hasUsableAce(_ hand: UnsafeMutablePointer<Int64>) -> Bool { hand[1] == 1 && hand[0] + 10 <= 21 }

    private func sum(_ hand: UnsafeMutablePointer<Int64>) -> Int64 { hasUsableAce(hand) ? hand[0] + 10 : hand[0] }

    private func score(_ hand: UnsafeMutablePointer<Int64>) -> Int64 { sum(hand) > 21 ? 0 : sum(hand) }

    private func isNatural(_ hand: UnsafeMutablePointer<Int64>) -> Bool {
        hand[2] == 2 && hand[1] == 1 && hand[0] == 11
    }

    private func observe(_ index: Int, _ row: StepRow<Int64>) {
        let player = hands.pointer + 6 * index
        row.observation[0] = sum(player)
        row.observation[1] = open[index]
        row.observation[2] = hasUsableAce(player) ? 1 : 0
    }

    /// One card, or the dealer's turn.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        let player = hands.pointer + 6 * index
        let dealer = player + 3
        if action[0] == 1 {
            draw(into: player, &generator)
            observe(index, row)
            let isBust = sum(player) > 21
            return StepOutcome(isBust ? -1 : 0, isTerminated: isBust)
        }
        while sum(dealer) < 17 { draw(into: dealer, &generator) }
        observe(index, row)
        let difference = score(player) - score(dealer)
        var reward: Float = difference > 0 ? 1 : difference < 0 ? -1 : 0
        if options.followsSuttonBarto {
            if isNatural(player), !isNatural(dealer) { reward = 1 }
        } else if options.rewardsNaturals, isNatural(player), reward == 1 {
            reward = 1.5
        }
        return StepOutcome(reward, isTerminated: true)
    }

    /// Both hands and the open card.
    public func snapshot(_ index: Int) -> [UInt8] {
        Snapshot.bytes((0..<6).map { hands[6 * index + $0] } + [open[index]])
    }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let numbers = try Snapshot.integers(bytes, count: 7)
        guard numbers.allSatisfy({ (0...31).contains($0) }), (1...10).contains(numbers[6]) else {
            throw .badSnapshot(reason: "its hands \(numbers) are none of this game")
        }
        for place in 0..<6 { hands[6 * index + place] = Int64(numbers[place]) }
        open[index] = Int64(numbers[6])
    }
}
