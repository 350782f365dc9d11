/// tanh of eight numbers, to 2⁻²² or so.
///
/// 1 − 2 / (e²ˣ + 1), with e²ˣ = 2ⁿ eʳ, |r| ≤ ln 2 / 2, and the Taylor series of eʳ up to r⁷, whose rest is below 5·10⁻⁹.
/// Numbers that aren't numbers stay so.
@inline(__always)
func hyperbolicTangent(_ x: SIMD8<Float>) -> SIMD8<Float> {
    // Beyond ±10 the result is ±1 in float32.
    let least = x.replacing(with: SIMD8(repeating: -10), where: x .< SIMD8(repeating: -10))
    let bounded = least.replacing(with: SIMD8(repeating: 10), where: least .> SIMD8(repeating: 10))
    let twice = bounded + bounded
    // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits.
    let shift = SIMD8<Float>(repeating: 12_582_912)
    let shifted = twice * Float(1.442_695_04) + shift
    let whole = shifted - shift
    // ln 2 in two parts, the first exact in few bits.
    var rest = twice - whole * Float(0.693_359_375)
    rest += whole * Float(2.121_944_4e-4)
    var series = rest * Float(1.0 / 5040) + Float(1.0 / 720)
    series = series * rest + Float(1.0 / 120)
    series = series * rest + Float(1.0 / 24)
    series = series * rest + Float(1.0 / 6)
    series = series * rest + Float(0.5)
    series = series * rest + Float(1)
    series = series * rest + Float(1)
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- SIMD8(repeating: 0x4B40_0000 - 127)
    let power = unsafeBitCast(exponent &<< SIMD8(repeating: 23), to: SIMD8<Float>.self)
    let result = 1 - 2 / (series * power + 1)
    return result.replacing(with: x, where: x .!= x)
}
