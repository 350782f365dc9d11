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

    /// Each a ``BlackjackHand``.
    private let playerHands: StateArray<Int32>
    private let dealerHands: StateArray<Int32>
    /// The dealer's open card.
    private let open: StateArray<Int32>
    /// The 13 cards as hands, and the facts of all hands.
    private let cards: StateArray<Int32>
    private let facts = BlackjackFacts.table()
    /// Of use during a step only: environments whose player takes a card, those whose dealer plays, and those of them
    /// whose dealer still takes cards.
    private let hits: StateArray<Int32>
    private let played: StateArray<Int32>
    private let waiting: StateArray<Int32>
    private let options: Options

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        playerHands = StateArray(count)
        dealerHands = StateArray(count)
        open = StateArray(count)
        cards = StateArray(13)
        for card in 0..<13 {
            cards[card] = BlackjackHand(sum: min(card + 1, 10), hasAce: card == 0, cards: 1).stored
        }
        hits = StateArray(count)
        played = StateArray(count)
        waiting = StateArray(count)
        self.options = options
    }

    /// A few draws.
    public var stepNanoseconds: Double { 12 }

    /// Two cards for each, and draws for how the dealer's card looks, as in Gymnasium; in EnvPool the player draws
    /// first.
    ///
    /// The ace counts as in Gymnasium: EnvPool's flag tells of any ace, also of one that counts 1.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        guard generator.isFast else { return resetSlowly(index, &generator, row) }
        let cards = UnsafePointer(cards.pointer)
        let first = Self.fastCard(&generator, cards)
        let second = Self.fastCard(&generator, cards)
        let third = Self.fastCard(&generator, cards)
        let fourth = Self.fastCard(&generator, cards)
        let card = Int32(bitPattern: first.sum)
        generator.skipFast(card == 10 ? 2 : 1)
        open[index] = card
        dealerHands[index] = first.adding(second).stored
        let player = third.adding(fourth)
        playerHands[index] = player.stored
        Self.observe(BlackjackFacts(player, facts.pointer), card, row.observation)
    }

    private func resetSlowly(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>) {
        playerHands[index] = 0
        dealerHands[index] = 0
        let isEnvPool = generator.kind == .envpool
        if isEnvPool {
            draw(playerHands, index, &generator)
            draw(playerHands, index, &generator)
        }
        draw(dealerHands, index, &generator)
        open[index] = Int32(bitPattern: BlackjackHand(dealerHands[index]).sum)
        draw(dealerHands, index, &generator)
        if !isEnvPool {
            draw(playerHands, index, &generator)
            draw(playerHands, index, &generator)
            _ = generator.integer(below: 4)
            if open[index] == 10 { _ = generator.integer(below: 3) }
        }
        Self.observe(facts(playerHands, index), open[index], row.observation)
    }

    private func draw(_ hands: StateArray<Int32>, _ index: Int, _ generator: inout EnvironmentGenerator) {
        let card = BlackjackHand(cards[generator.integer(below: 13)])
        hands[index] = BlackjackHand(hands[index]).adding(card).stored
    }

    private func facts(_ hands: StateArray<Int32>, _ index: Int) -> BlackjackFacts {
        BlackjackFacts(BlackjackHand(hands[index]), facts.pointer)
    }

    /// A card from a generator of the kind `fast`.
    @inline(__always)
    private static func fastCard(
        _ generator: inout EnvironmentGenerator, _ cards: UnsafePointer<Int32>
    ) -> BlackjackHand {
        let card = generator.fastWord(.max).multipliedFullWidth(by: 13).high
        return BlackjackHand(cards[Int(truncatingIfNeeded: card)])
    }

    @inline(__always)
    private static func observe(_ player: BlackjackFacts, _ open: Int32, _ observation: UnsafeMutablePointer<Int64>) {
        observation[0] = Int64(player.total)
        observation[1] = Int64(open)
        observation[2] = Int64(player.usableAce)
    }

    /// One card, or the dealer's turn.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Int64>
    ) -> StepOutcome {
        if action[0] == 1 {
            draw(playerHands, index, &generator)
        } else {
            while facts(dealerHands, index).needsCard == 1 { draw(dealerHands, index, &generator) }
        }
        let player = facts(playerHands, index)
        Self.observe(player, open[index], row.observation)
        if action[0] == 1 { return StepOutcome(player.isBust == 1 ? -1 : 0, isTerminated: player.isBust == 1) }
        let reward = reward(BlackjackHand(playerHands[index]), BlackjackHand(dealerHands[index]), facts.pointer)
        return StepOutcome(reward, isTerminated: true)
    }

    /// The reward when both have their cards, without jumps but for the options.
    @inline(__always)
    private func reward(_ player: BlackjackHand, _ dealer: BlackjackHand, _ facts: UnsafePointer<Int32>) -> Float {
        let (mine, theirs) = (BlackjackFacts(player, facts).score, BlackjackFacts(dealer, facts).score)
        // 1, 0 or -1 from two sign bits.
        let sign = ((mine &- theirs) &>> 31) &- ((theirs &- mine) &>> 31)
        // A natural loses to nobody.
        if options.followsSuttonBarto { return Float(sign | (player.natural & ~dealer.natural)) }
        return options.rewardsNaturals && sign == 1 && player.natural == 1 ? 1.5 : Float(sign)
    }

    /// Runs are stepped without jumps.
    public static var isDense: Bool { true }

    /// Cards for the players who want one, then for all dealers in turn, a card each round for those who need one.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        let start = range.lowerBound
        let (hits, played) = (hits.pointer + start, played.pointer + start)
        rows.rewards.update(repeating: 0, count: range.count)
        rows.terminated.update(repeating: 0, count: range.count)
        var (hitCount, playedCount) = (0, 0)
        for offset in 0..<range.count {
            guard generators[offset].isFast else {
                stepAlone(start &+ offset, offset, width: 3, actions, generators, rows)
                continue
            }
            // Written to both lists, and counted in one of them or, where the episode has ended, in none.
            let isOn = Int64(rows.ended[offset] ^ 1)
            let isHit = actions[offset] & isOn
            hits[hitCount] = Int32(truncatingIfNeeded: offset)
            hitCount &+= Int(isHit)
            played[playedCount] = Int32(truncatingIfNeeded: offset)
            playedCount &+= Int(isOn ^ isHit)
        }
        stepPlayers(UnsafeBufferPointer(start: hits, count: hitCount), start, generators, rows)
        stepDealers(UnsafeBufferPointer(start: played, count: playedCount), start, generators, rows)
    }

    /// A card for each of some players; offsets count from the first environment of a run.
    @inline(__always)
    private func stepPlayers(
        _ offsets: UnsafeBufferPointer<Int32>, _ start: Int, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        // Pointers of their own, so that they stay in registers whatever is written.
        let (hands, open) = (playerHands.pointer + start, UnsafePointer(open.pointer + start))
        let (cards, facts) = (UnsafePointer(cards.pointer), UnsafePointer(facts.pointer))
        let (observations, terminated) = (rows.observations, rows.terminated)
        let rewards = UnsafeMutableRawPointer(rows.rewards)
        for offset in offsets {
            let offset = Int(offset)
            let hand = BlackjackHand(hands[offset]).adding(Self.fastCard(&generators[offset], cards))
            hands[offset] = hand.stored
            let player = BlackjackFacts(hand, facts)
            Self.observe(player, open[offset], observations + 3 &* offset)
            terminated[offset] = UInt8(truncatingIfNeeded: player.isBust)
            let reward = (0 &- player.isBust) & Float(-1).bitPattern
            rewards.storeBytes(of: reward, toByteOffset: 4 &* offset, as: UInt32.self)
        }
    }

    /// The turn of some dealers, and the end of their episodes.
    @inline(__always)
    private func stepDealers(
        _ offsets: UnsafeBufferPointer<Int32>, _ start: Int, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Int64>
    ) {
        let (playerHands, dealerHands) = (playerHands.pointer + start, dealerHands.pointer + start)
        let (waiting, open) = (waiting.pointer + start, UnsafePointer(open.pointer + start))
        let (cards, facts) = (UnsafePointer(cards.pointer), UnsafePointer(facts.pointer))
        var count = 0
        for offset in offsets {
            waiting[count] = offset
            let offset = Int(offset)
            let player = BlackjackFacts(BlackjackHand(playerHands[offset]), facts)
            Self.observe(player, open[offset], rows.observations + 3 &* offset)
            count &+= Int(BlackjackFacts(BlackjackHand(dealerHands[offset]), facts).needsCard)
        }
        while count > 0 {
            let last = count
            count = 0
            for place in 0..<last {
                let offset = Int(waiting[place])
                let hand = BlackjackHand(dealerHands[offset]).adding(Self.fastCard(&generators[offset], cards))
                dealerHands[offset] = hand.stored
                waiting[count] = Int32(truncatingIfNeeded: offset)
                count &+= Int(BlackjackFacts(hand, facts).needsCard)
            }
        }
        for offset in offsets {
            let offset = Int(offset)
            let (player, dealer) = (BlackjackHand(playerHands[offset]), BlackjackHand(dealerHands[offset]))
            rows.rewards[offset] = reward(player, dealer, facts)
            rows.terminated[offset] = 1
        }
    }

    /// Both hands and the open card.
    public func snapshot(_ index: Int) -> [UInt8] {
        let hands = [playerHands[index], dealerHands[index]].map { BlackjackHand($0) }
        return Snapshot.bytes(
            hands.flatMap { [Int64($0.sum), $0.hasAce ? 1 : 0, Int64($0.cards)] } + [Int64(open[index])])
    }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let numbers = try Snapshot.integers(bytes, count: 7)
        guard numbers.allSatisfy({ (0...31).contains($0) }), (1...10).contains(numbers[6]) else {
            throw .badSnapshot(reason: "its hands \(numbers) are none of this game")
        }
        let player = BlackjackHand(sum: numbers[0], hasAce: numbers[1] == 1, cards: numbers[2])
        let dealer = BlackjackHand(sum: numbers[3], hasAce: numbers[4] == 1, cards: numbers[5])
        playerHands[index] = player.stored
        dealerHands[index] = dealer.stored
        open[index] = Int32(numbers[6])
    }
}
