#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The C library's functions, the same that the reference environments call.
package enum Mathematics {
    package static func sine(_ x: Double) -> Double { sin(x) }
    package static func cosine(_ x: Double) -> Double { cos(x) }
    static func squareRoot(_ x: Double) -> Double { x.squareRoot() }
    static func logarithm(_ x: Double) -> Double { log(x) }
    static func nearestRemainder(_ x: Double, _ y: Double) -> Double { x.remainder(dividingBy: y) }
}
