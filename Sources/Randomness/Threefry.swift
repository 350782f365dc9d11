/// The keyed bijection of 128-bit counters under ``SplittableGenerator``: Threefry-2x64 with 20 rounds.
///
/// Source: Salmon et al., SC 2011, section 4.2 and table 1 (rotation constants); checked against the known answers
/// that the authors publish with Random123.
enum Threefry {
    /// Encrypts one counter.
    ///
    /// - Parameters:
    ///   - key: two words.
    ///   - counter: two words.
    /// - Returns: two random words.
    static func block(key: SIMD2<UInt64>, counter: SIMD2<UInt64>) -> SIMD2<UInt64> {
        let first = key[0]
        let second = key[1]
        let parity = 0x1bd1_1bda_a9fc_1a22 ^ first ^ second
        var x = counter[0] &+ first
        var y = counter[1] &+ second
        fourRounds(&x, &y, 16, 42, 12, 31)
        inject(&x, &y, second, parity, 1)
        fourRounds(&x, &y, 16, 32, 24, 21)
        inject(&x, &y, parity, first, 2)
        fourRounds(&x, &y, 16, 42, 12, 31)
        inject(&x, &y, first, second, 3)
        fourRounds(&x, &y, 16, 32, 24, 21)
        inject(&x, &y, second, parity, 4)
        fourRounds(&x, &y, 16, 42, 12, 31)
        inject(&x, &y, parity, first, 5)
        return [x, y]
    }

    @inline(__always)
    private static func fourRounds(
        _ x: inout UInt64, _ y: inout UInt64, _ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64
    ) {
        round(&x, &y, a)
        round(&x, &y, b)
        round(&x, &y, c)
        round(&x, &y, d)
    }

    @inline(__always)
    private static func round(_ x: inout UInt64, _ y: inout UInt64, _ rotation: UInt64) {
        x = x &+ y
        y = ((y &<< rotation) | (y &>> (64 &- rotation))) ^ x
    }

    @inline(__always)
    private static func inject(
        _ x: inout UInt64, _ y: inout UInt64, _ first: UInt64, _ second: UInt64, _ round: UInt64
    ) {
        x = x &+ first
        y = y &+ second &+ round
    }
}
