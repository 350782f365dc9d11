import CTorch

extension Tensor {
    /// Sum of corresponding elements, broadcast.
    public static func + (left: Tensor, right: Tensor) -> Tensor { call("+", left, right, ct_add) }
    /// Difference of corresponding elements, broadcast.
    public static func - (left: Tensor, right: Tensor) -> Tensor { call("-", left, right, ct_sub) }
    /// Product of corresponding elements, broadcast; `matmul` is the matrix product.
    public static func * (left: Tensor, right: Tensor) -> Tensor { call("*", left, right, ct_mul) }
    /// Quotient of corresponding elements, broadcast; integers give floats.
    public static func / (left: Tensor, right: Tensor) -> Tensor { call("/", left, right, ct_div) }
    /// The negative of each element.
    public static prefix func - (tensor: Tensor) -> Tensor { call("-", tensor, ct_neg) }

    /// Adds a number to each element.
    public static func + (left: Tensor, right: Double) -> Tensor {
        call("+", left) { ct_add_scalar($0, CTScalar(right), $1) }
    }
    /// Adds an integer to each element, which keeps its type.
    public static func + (left: Tensor, right: Int) -> Tensor {
        call("+", left) { ct_add_scalar($0, CTScalar(right), $1) }
    }
    /// Adds a number to each element.
    public static func + (left: Double, right: Tensor) -> Tensor { right + left }
    /// Adds an integer to each element, which keeps its type.
    public static func + (left: Int, right: Tensor) -> Tensor { right + left }

    /// Subtracts a number from each element.
    public static func - (left: Tensor, right: Double) -> Tensor {
        call("-", left) { ct_sub_scalar($0, CTScalar(right), $1) }
    }
    /// Subtracts an integer from each element, which keeps its type.
    public static func - (left: Tensor, right: Int) -> Tensor {
        call("-", left) { ct_sub_scalar($0, CTScalar(right), $1) }
    }
    /// Subtracts each element from a number.
    public static func - (left: Double, right: Tensor) -> Tensor {
        call("-", right) { ct_rsub_scalar($0, CTScalar(left), $1) }
    }
    /// Subtracts each element from an integer.
    public static func - (left: Int, right: Tensor) -> Tensor {
        call("-", right) { ct_rsub_scalar($0, CTScalar(left), $1) }
    }

    /// Multiplies each element by a number.
    public static func * (left: Tensor, right: Double) -> Tensor {
        call("*", left) { ct_mul_scalar($0, CTScalar(right), $1) }
    }
    /// Multiplies each element by an integer, and keeps its type.
    public static func * (left: Tensor, right: Int) -> Tensor {
        call("*", left) { ct_mul_scalar($0, CTScalar(right), $1) }
    }
    /// Multiplies each element by a number.
    public static func * (left: Double, right: Tensor) -> Tensor { right * left }
    /// Multiplies each element by an integer, and keeps its type.
    public static func * (left: Int, right: Tensor) -> Tensor { right * left }

    /// Divides each element by a number.
    public static func / (left: Tensor, right: Double) -> Tensor {
        call("/", left) { ct_div_scalar($0, CTScalar(right), $1) }
    }
    /// Divides each element by an integer; integers give floats.
    public static func / (left: Tensor, right: Int) -> Tensor {
        call("/", left) { ct_div_scalar($0, CTScalar(right), $1) }
    }
    /// Divides a number by each element.
    public static func / (left: Double, right: Tensor) -> Tensor { right.reciprocal() * left }
    /// Divides an integer by each element; integers give floats.
    public static func / (left: Int, right: Tensor) -> Tensor { right.reciprocal() * left }

    /// Replaces the value by the sum; no other value is changed.
    public static func += (left: inout Tensor, right: Tensor) { left = left + right }
    /// Replaces the value by the difference; no other value is changed.
    public static func -= (left: inout Tensor, right: Tensor) { left = left - right }
    /// Replaces the value by the product; no other value is changed.
    public static func *= (left: inout Tensor, right: Tensor) { left = left * right }
    /// Replaces the value by the quotient; no other value is changed.
    public static func /= (left: inout Tensor, right: Tensor) { left = left / right }
    /// Replaces the value by the sum; no other value is changed.
    public static func += (left: inout Tensor, right: Double) { left = left + right }
    /// Replaces the value by the difference; no other value is changed.
    public static func -= (left: inout Tensor, right: Double) { left = left - right }
    /// Replaces the value by the product; no other value is changed.
    public static func *= (left: inout Tensor, right: Double) { left = left * right }
    /// Replaces the value by the quotient; no other value is changed.
    public static func /= (left: inout Tensor, right: Double) { left = left / right }
}
