/// The cards of a player or a dealer in one word, so that a card is added with one sum.
struct BlackjackHand {
    /// The sum with aces as 1 in the lowest byte, the number of cards from bit 16 on, whether there is an ace in bit 31.
    let word: UInt32

    @inline(__always)
    init(_ word: Int32) { self.word = UInt32(bitPattern: word) }

    @inline(__always)
    private init(_ word: UInt32) { self.word = word }

    /// A hand from its parts; sum and number of cards are below 64.
    init(sum: Int, hasAce: Bool, cards: Int) { word = UInt32(sum | cards << 16) | (hasAce ? Self.ace : 0) }

    @inline(__always)
    private static var ace: UInt32 { 1 << 31 }

    /// With another hand's cards, which are at most one; a second ace would clear the bit of the first.
    @inline(__always)
    func adding(_ card: BlackjackHand) -> BlackjackHand {
        BlackjackHand((word &+ card.word) | (word & Self.ace))
    }

    @inline(__always)
    var stored: Int32 { Int32(bitPattern: word) }

    /// The sum with aces as 1.
    @inline(__always)
    var sum: UInt32 { word & 0xff }

    @inline(__always)
    var hasAce: Bool { word & Self.ace != 0 }

    @inline(__always)
    var cards: UInt32 { (word & ~Self.ace) &>> 16 }

    /// 1 where it is an ace and a ten, and nothing else, else 0.
    @inline(__always)
    var natural: Int32 { word == Self.ace | 2 << 16 | 11 ? 1 : 0 }
}

/// What the rules say of a hand.
struct BlackjackFacts {
    /// The sum, with an ace as 11 where that is allowed; then a byte each that is 1 where an ace counts 11, where a dealer
    /// has to take a card, and where the sum is above 21.
    let word: UInt32

    /// From the table of all hands.
    @inline(__always)
    init(_ hand: BlackjackHand, _ table: UnsafePointer<Int32>) {
        // Twice the sum, and the ace.
        let index = (hand.word &<< 1 | hand.word &>> 31) & 127
        word = UInt32(bitPattern: table[Int(index)])
    }

    /// The facts of a hand whose sum is below 64.
    private init(sum: Int, hasAce: Bool) {
        let isUsable = hasAce && sum + 10 <= 21
        let total = isUsable ? sum + 10 : sum
        word = UInt32(total | (isUsable ? 1 << 8 : 0) | (total < 17 ? 1 << 16 : 0) | (total > 21 ? 1 << 24 : 0))
    }

    /// Facts of all hands, in the order in which they are looked up.
    static func table() -> StateArray<Int32> {
        let table = StateArray<Int32>(128)
        for index in 0..<128 {
            table[index] = Int32(bitPattern: BlackjackFacts(sum: index / 2, hasAce: index % 2 == 1).word)
        }
        return table
    }

    @inline(__always)
    var total: Int32 { Int32(word & 0xff) }

    @inline(__always)
    var usableAce: UInt32 { word &>> 8 & 0xff }

    @inline(__always)
    var needsCard: UInt32 { word &>> 16 & 0xff }

    @inline(__always)
    var isBust: UInt32 { word &>> 24 }

    /// The sum, or 0 where it is above 21.
    @inline(__always)
    var score: Int32 { total & (Int32(bitPattern: isBust) &- 1) }
}
