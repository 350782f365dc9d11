import CTorch

extension Tensor {
    /// |x|.
    public func absolute() -> Tensor { call("absolute", self, ct_abs) }
    /// −1, 0 or 1.
    public func sign() -> Tensor { call("sign", self, ct_sign) }
    /// eˣ.
    public func exp() -> Tensor { call("exp", self, ct_exp) }
    /// eˣ − 1, exact near 0.
    public func expMinusOne() -> Tensor { call("expMinusOne", self, ct_expm1) }
    /// Natural logarithm.
    public func log() -> Tensor { call("log", self, ct_log) }
    /// ln(1 + x), exact near 0.
    public func logOnePlus() -> Tensor { call("logOnePlus", self, ct_log1p) }
    /// Logarithm to the base 2.
    public func log2() -> Tensor { call("log2", self, ct_log2) }
    /// Logarithm to the base 10.
    public func log10() -> Tensor { call("log10", self, ct_log10) }
    /// √x.
    public func sqrt() -> Tensor { call("sqrt", self, ct_sqrt) }
    /// 1 / √x.
    public func rsqrt() -> Tensor { call("rsqrt", self, ct_rsqrt) }
    /// x².
    public func square() -> Tensor { call("square", self, ct_square) }
    /// 1 / x.
    public func reciprocal() -> Tensor { call("reciprocal", self, ct_reciprocal) }
    /// Sine of an angle in radians.
    public func sin() -> Tensor { call("sin", self, ct_sin) }
    /// Cosine of an angle in radians.
    public func cos() -> Tensor { call("cos", self, ct_cos) }
    /// Tangent of an angle in radians.
    public func tan() -> Tensor { call("tan", self, ct_tan) }
    /// Inverse sine, in `[−π/2, π/2]`.
    public func asin() -> Tensor { call("asin", self, ct_asin) }
    /// Inverse cosine, in `[0, π]`.
    public func acos() -> Tensor { call("acos", self, ct_acos) }
    /// Inverse tangent, in `(−π/2, π/2)`.
    public func atan() -> Tensor { call("atan", self, ct_atan) }
    /// Hyperbolic sine.
    public func sinh() -> Tensor { call("sinh", self, ct_sinh) }
    /// Hyperbolic cosine.
    public func cosh() -> Tensor { call("cosh", self, ct_cosh) }
    /// Hyperbolic tangent.
    public func tanh() -> Tensor { call("tanh", self, ct_tanh) }
    /// The error function.
    public func erf() -> Tensor { call("erf", self, ct_erf) }
    /// Inverse of the error function, on `(−1, 1)`.
    public func inverseErf() -> Tensor { call("inverseErf", self, ct_erfinv) }
    /// ln |Γ(x)|.
    public func logGamma() -> Tensor { call("logGamma", self, ct_lgamma) }
    /// Derivative of ln Γ(x).
    public func digamma() -> Tensor { call("digamma", self, ct_digamma) }
    /// The largest integer not above x; its gradient is 0.
    public func floor() -> Tensor { call("floor", self, ct_floor) }
    /// The smallest integer not below x; its gradient is 0.
    public func ceil() -> Tensor { call("ceil", self, ct_ceil) }
    /// The nearest integer, the even one of two; its gradient is 0.
    public func rounded() -> Tensor { call("rounded", self, ct_round) }
    /// The integer part; its gradient is 0.
    public func truncated() -> Tensor { call("truncated", self, ct_trunc) }

    /// xʸ for corresponding elements.
    public func pow(_ exponent: Tensor) -> Tensor { call("pow", self, exponent, ct_pow) }
    /// xʸ for one exponent.
    public func pow(_ exponent: Double) -> Tensor { call("pow", self) { ct_pow_scalar($0, CTScalar(exponent), $1) } }
    /// `base`ˣ for each element.
    public static func pow(_ base: Double, _ exponent: Tensor) -> Tensor {
        call("pow", exponent) { ct_scalar_pow($0, CTScalar(base), $1) }
    }
    /// The larger of corresponding elements; where equal, the gradient is halved between them.
    public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { call("maximum", a, b, ct_maximum) }
    /// The smaller of corresponding elements; where equal, the gradient is halved between them.
    public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { call("minimum", a, b, ct_minimum) }
    /// The angle of the point (x, y), y being self, in `(−π, π]`.
    public func atan2(_ x: Tensor) -> Tensor { call("atan2", self, x, ct_atan2) }
    /// Remainder with the sign of the divisor (as ⌊a / b⌋ leaves it).
    public func remainder(_ divisor: Tensor) -> Tensor { call("remainder", self, divisor, ct_remainder) }
    /// Remainder with the sign of the divisor.
    public func remainder(_ divisor: Int) -> Tensor {
        call("remainder", self) { ct_remainder_scalar($0, CTScalar(divisor), $1) }
    }
    /// Remainder with the sign of self (as truncated division leaves it).
    public func truncatedRemainder(_ divisor: Tensor) -> Tensor { call("truncatedRemainder", self, divisor, ct_fmod) }
    /// ⌊a / b⌋; integers stay integers.
    public func floorDivided(by divisor: Tensor) -> Tensor { call("floorDivided", self, divisor, ct_floor_divide) }
    /// ⌊a / b⌋ for one divisor; integers stay integers.
    public func floorDivided(by divisor: Int) -> Tensor {
        call("floorDivided", self) { ct_floor_divide_scalar($0, CTScalar(divisor), $1) }
    }

    /// Elements below `low` become `low`, those above `high` become `high`; nil means no such bound.
    public func clamped(low: Double? = nil, high: Double? = nil) -> Tensor {
        precondition(low != nil || high != nil, "Tensors: clamped needs a lower or an upper bound")
        return call("clamped", self) {
            ct_clamp($0, low != nil, CTScalar(low ?? 0), high != nil, CTScalar(high ?? 0), $1)
        }
    }

    /// (1 − weight) self + weight other.
    public func interpolated(to other: Tensor, weight: Double) -> Tensor {
        call("interpolated", self, other) { ct_lerp_scalar($0, $1, weight, $2) }
    }
    /// (1 − weight) self + weight other, with a weight for each element.
    public func interpolated(to other: Tensor, weight: Tensor) -> Tensor {
        call("interpolated", self, other, weight, ct_lerp)
    }
    /// self + scale · other, in one pass.
    public func adding(_ other: Tensor, scale: Double) -> Tensor {
        call("adding", self, other) { ct_add_scaled($0, $1, CTScalar(scale), $2) }
    }
    /// self + scale · a · b, in one pass.
    public func addingProduct(_ a: Tensor, _ b: Tensor, scale: Double = 1) -> Tensor {
        call("addingProduct", self, a, b) { ct_addcmul($0, $1, $2, scale, $3) }
    }
    /// self + scale · a / b, in one pass.
    public func addingQuotient(_ a: Tensor, _ b: Tensor, scale: Double = 1) -> Tensor {
        call("addingQuotient", self, a, b) { ct_addcdiv($0, $1, $2, scale, $3) }
    }
}
