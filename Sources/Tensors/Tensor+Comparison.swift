import CTorch

// Comparisons are those of SIMD types: the dotted operators compare element by element and give bool tensors.
extension Tensor {
    /// Where elements are equal.
    public static func .== (left: Tensor, right: Tensor) -> Tensor { call(".==", left, right, ct_eq) }
    /// Where elements differ.
    public static func .!= (left: Tensor, right: Tensor) -> Tensor { call(".!=", left, right, ct_ne) }
    /// Where the left element is less.
    public static func .< (left: Tensor, right: Tensor) -> Tensor { call(".<", left, right, ct_lt) }
    /// Where the left element is less or equal.
    public static func .<= (left: Tensor, right: Tensor) -> Tensor { call(".<=", left, right, ct_le) }
    /// Where the left element is greater.
    public static func .> (left: Tensor, right: Tensor) -> Tensor { call(".>", left, right, ct_gt) }
    /// Where the left element is greater or equal.
    public static func .>= (left: Tensor, right: Tensor) -> Tensor { call(".>=", left, right, ct_ge) }

    /// Where elements equal a number.
    public static func .== (left: Tensor, right: Double) -> Tensor {
        call(".==", left) { ct_eq_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements equal an integer.
    public static func .== (left: Tensor, right: Int) -> Tensor {
        call(".==", left) { ct_eq_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements differ from a number.
    public static func .!= (left: Tensor, right: Double) -> Tensor {
        call(".!=", left) { ct_ne_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements differ from an integer.
    public static func .!= (left: Tensor, right: Int) -> Tensor {
        call(".!=", left) { ct_ne_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are less than a number.
    public static func .< (left: Tensor, right: Double) -> Tensor {
        call(".<", left) { ct_lt_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are less than an integer.
    public static func .< (left: Tensor, right: Int) -> Tensor {
        call(".<", left) { ct_lt_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are at most a number.
    public static func .<= (left: Tensor, right: Double) -> Tensor {
        call(".<=", left) { ct_le_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are at most an integer.
    public static func .<= (left: Tensor, right: Int) -> Tensor {
        call(".<=", left) { ct_le_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are greater than a number.
    public static func .> (left: Tensor, right: Double) -> Tensor {
        call(".>", left) { ct_gt_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are greater than an integer.
    public static func .> (left: Tensor, right: Int) -> Tensor {
        call(".>", left) { ct_gt_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are at least a number.
    public static func .>= (left: Tensor, right: Double) -> Tensor {
        call(".>=", left) { ct_ge_scalar($0, CTScalar(right), $1) }
    }
    /// Where elements are at least an integer.
    public static func .>= (left: Tensor, right: Int) -> Tensor {
        call(".>=", left) { ct_ge_scalar($0, CTScalar(right), $1) }
    }

    /// Bits that both have; for bool tensors: both true.
    public static func .& (left: Tensor, right: Tensor) -> Tensor { call(".&", left, right, ct_bitwise_and) }
    /// Bits that either has; for bool tensors: either true.
    public static func .| (left: Tensor, right: Tensor) -> Tensor { call(".|", left, right, ct_bitwise_or) }
    /// Bits that exactly one has; for bool tensors: exactly one true.
    public static func .^ (left: Tensor, right: Tensor) -> Tensor { call(".^", left, right, ct_bitwise_xor) }
    /// Bits inverted; for bool tensors: true where it was false.
    public static prefix func .! (tensor: Tensor) -> Tensor { call(".!", tensor, ct_bitwise_not) }

    /// Where elements are no numbers (NaN).
    public func isNaN() -> Tensor { call("isNaN", self, ct_isnan) }
    /// Where elements are +∞ or −∞.
    public func isInfinite() -> Tensor { call("isInfinite", self, ct_isinf) }
    /// Where elements are neither infinite nor NaN.
    public func isFinite() -> Tensor { call("isFinite", self, ct_isfinite) }

    /// `ifTrue` where the condition holds, `ifFalse` elsewhere; all three are broadcast.
    ///
    /// - Parameters:
    ///   - condition: bool.
    ///   - ifTrue: taken where the condition is true.
    ///   - ifFalse: taken elsewhere.
    /// - Returns: the broadcast shape of all three.
    public static func `where`(_ condition: Tensor, _ ifTrue: Tensor, _ ifFalse: Tensor) -> Tensor {
        call("where", condition, ifTrue, ifFalse, ct_where)
    }

    /// The elements, with `value` where the bool `mask` (broadcast) is true.
    public func maskedFill(where mask: Tensor, with value: Double) -> Tensor {
        call("maskedFill", self, mask) { ct_masked_fill($0, $1, CTScalar(value), $2) }
    }

    /// Whether two tensors have one shape and elements within tolerances of each other; NaN equals nothing.
    ///
    /// |a − b| ≤ absolute + relative |b|, computed in float64.
    public func isClose(to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) -> Bool {
        guard shape == other.shape else { return false }
        let a = to(.float64).detached()
        let b = other.to(.float64).detached()
        let near = (a - b).absolute() .<= b.absolute() * relative + absolute
        return (near .| (a .== b)).all().item() != 0
    }
}
