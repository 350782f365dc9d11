/// Four environments' numbers.
typealias Lanes = SIMD4<Double>

extension StateArray where Element == Double {
    /// The numbers of four environments, from the index on.
    @inline(__always)
    func lanes(_ index: Int) -> Lanes {
        UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
    }

    /// Stores the numbers of four environments, from the index on.
    @inline(__always)
    func put(_ lanes: Lanes, _ index: Int) {
        UnsafeMutableRawPointer(pointer + index).storeBytes(of: lanes, as: Lanes.self)
    }
}

/// Functions on lanes, from operations that processors have for vectors.
enum LaneMathematics {
    typealias Words = SIMD4<UInt64>
    typealias Mask = SIMDMask<SIMD4<Int64>>

    /// Beyond this absolute value ``sineAndCosine(_:)`` isn't good to 1e-15.
    static var largestAngle: Double { 1e5 }

    @inline(__always)
    static func magnitude(_ x: Lanes) -> Lanes {
        unsafeBitCast(unsafeBitCast(x, to: Words.self) & UInt64(Int64.max), to: Lanes.self)
    }

    /// Cuts at both bounds; they must not be NaN.
    @inline(__always)
    static func cut(_ x: Lanes, _ low: Double, _ high: Double) -> Lanes {
        x.replacing(with: low, where: x .< low).replacing(with: high, where: x .> high)
    }

    /// Cuts at both bounds; they must not be NaN.
    @inline(__always)
    static func cut(_ x: SIMD4<Float>, _ low: Float, _ high: Float) -> SIMD4<Float> {
        x.replacing(with: low, where: x .< low).replacing(with: high, where: x .> high)
    }

    /// The nearest integers, for |x| below 2⁵¹.
    @inline(__always)
    static func rounded(_ x: Lanes) -> Lanes {
        let big = Lanes(repeating: 0x1.8p52)
        return (x + big) - big
    }

    /// Integers from 0 to 2⁵² as floating-point numbers.
    @inline(__always)
    static func real(_ integers: UnsafePointer<Int64>) -> Lanes {
        let words = UnsafeRawPointer(integers).loadUnaligned(as: Words.self)
        return unsafeBitCast(words | 0x4330_0000_0000_0000, to: Lanes.self) - 0x1p52
    }

    /// Sine and cosine to 1e-15, for |x| up to ``largestAngle``.
    ///
    /// x is brought to [−π/4, π/4] by multiples of π/2 in three parts; there the Taylor series are good to 1 ulp.
    @inline(__always)
    static func sineAndCosine(_ x: Lanes) -> (sine: Lanes, cosine: Lanes) {
        let big = Lanes(repeating: 0x1.8p52)
        let shifted = x * (2 / Double.pi) + big
        let quadrant = unsafeBitCast(shifted, to: Words.self)
        let count = shifted - big
        // π/2 in parts of 33 bits, so that the products are exact.
        let r = ((x - count * 0x1.921fb54400000p+0) - count * 0x1.0b4611a600000p-34) - count * 0x1.3198a2e037073p-69
        let s = r * r
        let sine = r + r * s * sineSeries(s)
        let cosine = 1 + s * cosineSeries(s)
        // Odd quadrants swap the two; the sign bit follows from the quadrant's second bit.
        let swap = Words() &- (quadrant & 1)
        let a = unsafeBitCast(sine, to: Words.self)
        let b = unsafeBitCast(cosine, to: Words.self)
        let difference = (a ^ b) & swap
        let sineSign = (quadrant & 2) &<< 62
        let cosineSign = ((quadrant &+ 1) & 2) &<< 62
        return (
            unsafeBitCast((a ^ difference) ^ sineSign, to: Lanes.self),
            unsafeBitCast((b ^ difference) ^ cosineSign, to: Lanes.self)
        )
    }

    /// (sin(√s)/√s − 1)/s up to s⁷.
    @inline(__always)
    private static func sineSeries(_ s: Lanes) -> Lanes {
        var sum = Lanes(repeating: -1 / 1_307_674_368_000)
        sum = sum * s + 1 / 6_227_020_800
        sum = sum * s - 1 / 39_916_800
        sum = sum * s + 1 / 362_880
        sum = sum * s - 1 / 5_040
        sum = sum * s + 1 / 120
        return sum * s - 1 / 6
    }

    /// (cos(√s) − 1)/s up to s⁷.
    @inline(__always)
    private static func cosineSeries(_ s: Lanes) -> Lanes {
        var sum = Lanes(repeating: 1 / 20_922_789_888_000)
        sum = sum * s - 1 / 87_178_291_200
        sum = sum * s + 1 / 479_001_600
        sum = sum * s - 1 / 3_628_800
        sum = sum * s + 1 / 40_320
        sum = sum * s - 1 / 720
        sum = sum * s + 1 / 24
        return sum * s - 0.5
    }

    /// Sine and cosine to 4e-15, for |x| up to ``largestAngle``, where x is taken as if it were off by 1 ulp.
    ///
    /// In half turns it is brought to [−1/2, 1/2] without an error by whole ones, which change the signs only. There
    /// the polynomials, which go through the functions at Chebyshev's points, are good to 3e-16 and 2e-15.
    @inline(__always)
    static func quickSineAndCosine(_ x: Lanes) -> (sine: Lanes, cosine: Lanes) {
        let big = Lanes(repeating: 0x1.8p52)
        let halfTurns = x * (1 / Double.pi)
        let shifted = halfTurns + big
        let sign = unsafeBitCast(shifted, to: Words.self) &<< 63
        let r = halfTurns - (shifted - big)
        let s = r * r
        let s2 = s * s
        let s4 = s2 * s2
        let sineLow = (3.1415926535897927 - 5.1677127800497855 * s) + (2.5501640398618677 - 0.599264528825223 * s) * s2
        let sineHigh =
            (0.08214587881629803 - 0.007370364326451152 * s)
            + (0.00046598701555457554 - 2.1133627044696144e-05 * s) * s2
        let cosineLow = (0.9999999999999981 - 4.934802200543686 * s) + (4.058712126333295 - 1.3352627661817582 * s) * s2
        let cosineHigh =
            (0.23533058831311196 - 0.02580653197549436 * s)
            + (0.0019278700513520395 - 0.00010041646256406635 * s) * s2
        let sine = (sineLow + sineHigh * s4) * r
        let cosine = cosineLow + cosineHigh * s4
        return (
            unsafeBitCast(unsafeBitCast(sine, to: Words.self) ^ sign, to: Lanes.self),
            unsafeBitCast(unsafeBitCast(cosine, to: Words.self) ^ sign, to: Lanes.self)
        )
    }

    /// Writes 1 where the mask holds and 0 elsewhere.
    @inline(__always)
    static func store(_ mask: Mask, _ flags: UnsafeMutablePointer<UInt8>) {
        let bits = unsafeBitCast(mask, to: Words.self) & Words(1, 1 << 8, 1 << 16, 1 << 24)
        let two = bits.lowHalf | bits.highHalf
        UnsafeMutableRawPointer(flags).storeBytes(of: UInt32(truncatingIfNeeded: two[0] | two[1]), as: UInt32.self)
    }

    /// Writes 1 where the mask holds and 0 elsewhere.
    @inline(__always)
    static func store(_ mask: SIMDMask<SIMD4<Int32>>, _ flags: UnsafeMutablePointer<UInt8>) {
        let bits = unsafeBitCast(mask, to: SIMD4<UInt32>.self) & SIMD4(1, 1 << 8, 1 << 16, 1 << 24)
        let two = bits.lowHalf | bits.highHalf
        UnsafeMutableRawPointer(flags).storeBytes(of: two[0] | two[1], as: UInt32.self)
    }

    /// Writes two numbers for each environment as float32, side by side.
    @inline(__always)
    static func storePairs(_ first: Lanes, _ second: Lanes, _ numbers: UnsafeMutablePointer<Float>) {
        var both = SIMD8<Float>()
        both.evenHalf = SIMD4(first)
        both.oddHalf = SIMD4(second)
        UnsafeMutableRawPointer(numbers).storeBytes(of: both, as: SIMD8<Float>.self)
    }

    /// Writes two numbers for each environment as float32, side by side in rows of so many numbers.
    @inline(__always)
    static func storePairs(_ first: Lanes, _ second: Lanes, _ numbers: UnsafeMutablePointer<Float>, stride: Int) {
        var both = SIMD8<Float>()
        both.evenHalf = SIMD4(first)
        both.oddHalf = SIMD4(second)
        let words = unsafeBitCast(both, to: Words.self)
        for lane in 0..<4 {
            UnsafeMutableRawPointer(numbers + stride * lane).storeBytes(of: words[lane], as: UInt64.self)
        }
    }

    /// Writes lanes as float32.
    @inline(__always)
    static func store(_ lanes: Lanes, _ numbers: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(numbers).storeBytes(of: SIMD4<Float>(lanes), as: SIMD4<Float>.self)
    }
}

extension EnvironmentKernel {
    /// Steps one environment of a run by itself, unless its episode has ended: what can't be done for several at once.
    ///
    /// The offset is its place in the run, the width that of an observation.
    func stepAlone(
        _ index: Int, _ offset: Int, width: Int, _ actions: UnsafePointer<Action>,
        _ generators: UnsafeMutablePointer<EnvironmentGenerator>, _ rows: StepRows<Observation>
    ) {
        guard rows.ended[offset] == 0 else {
            rows.rewards[offset] = 0
            rows.terminated[offset] = 0
            return
        }
        let row = StepRow(
            observation: rows.observations + width * offset, rewards: rows.rewards + offset, columns: rows.columns,
            index: rows.index + offset)
        let outcome = step(index, actions + offset, &generators[offset], row)
        rows.rewards[offset] = outcome.reward
        rows.terminated[offset] = outcome.isTerminated ? 1 : 0
    }
}
