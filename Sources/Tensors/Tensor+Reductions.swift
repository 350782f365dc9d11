import CTorch

// `dimensions: nil` reduces all of them to a scalar. `keepDimensions` leaves reduced dimensions with size 1.
extension Tensor {
    /// Sum over dimensions; of bool and integer tensors an int64 one.
    public func sum(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("sum", dimensions, keepDimensions, ct_sum)
    }
    /// Sum over one dimension.
    public func sum(dimension: Int, keepDimension: Bool = false) -> Tensor {
        reduce("sum", dimension, keepDimension, ct_sum)
    }
    /// Mean over dimensions of a floating-point tensor.
    public func mean(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("mean", dimensions, keepDimensions, ct_mean)
    }
    /// Mean over one dimension of a floating-point tensor.
    public func mean(dimension: Int, keepDimension: Bool = false) -> Tensor {
        reduce("mean", dimension, keepDimension, ct_mean)
    }
    /// Largest element over dimensions; equal ones share the gradient.
    public func max(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("max", dimensions, keepDimensions, ct_amax)
    }
    /// Smallest element over dimensions; equal ones share the gradient.
    public func min(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("min", dimensions, keepDimensions, ct_amin)
    }
    /// Whether all elements over dimensions are true (not 0).
    public func all(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("all", dimensions, keepDimensions, ct_all)
    }
    /// Whether any element over dimensions is true (not 0).
    public func any(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("any", dimensions, keepDimensions, ct_any)
    }
    /// How many elements are not 0.
    public func countNonzero(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("countNonzero", dimensions, keepDimensions, ct_count_nonzero)
    }
    /// ln Σ eˣ over dimensions, without overflow.
    public func logSumExp(dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("logSumExp", dimensions, keepDimensions, ct_logsumexp)
    }
    /// Product over one dimension, or of all elements when it is nil.
    public func product(dimension: Int? = nil, keepDimension: Bool = false) -> Tensor {
        call("product", self) { ct_prod($0, dimension == nil, dimension ?? 0, keepDimension, $1) }
    }

    /// Variance over dimensions: Σ (x − mean)² / (n − correction).
    public func variance(dimensions: [Int]? = nil, correction: Double = 1, keepDimensions: Bool = false) -> Tensor {
        reduce("variance", dimensions, keepDimensions) { ct_var($0, $1, $2, correction, $3, $4) }
    }
    /// Square root of the variance.
    public func standardDeviation(
        dimensions: [Int]? = nil, correction: Double = 1, keepDimensions: Bool = false
    ) -> Tensor {
        reduce("standardDeviation", dimensions, keepDimensions) { ct_std($0, $1, $2, correction, $3, $4) }
    }
    /// (Σ |x|^order)^(1 / order) over dimensions.
    public func norm(order: Double = 2, dimensions: [Int]? = nil, keepDimensions: Bool = false) -> Tensor {
        reduce("norm", dimensions, keepDimensions) { ct_norm($0, order, $1, $2, $3, $4) }
    }

    /// Index of the largest element along a dimension, or in the flattened tensor when it is nil: int64.
    public func argmax(dimension: Int? = nil, keepDimension: Bool = false) -> Tensor {
        call("argmax", self) { ct_argmax($0, dimension == nil, dimension ?? 0, keepDimension, $1) }
    }
    /// Index of the smallest element along a dimension, or in the flattened tensor when it is nil: int64.
    public func argmin(dimension: Int? = nil, keepDimension: Bool = false) -> Tensor {
        call("argmin", self) { ct_argmin($0, dimension == nil, dimension ?? 0, keepDimension, $1) }
    }
    /// Sums of the elements up to and with each, along a dimension; the shape stays.
    public func cumulativeSum(dimension: Int) -> Tensor {
        call("cumulativeSum", self) { ct_cumsum($0, dimension, $1) }
    }
    /// Products of the elements up to and with each, along a dimension; the shape stays.
    public func cumulativeProduct(dimension: Int) -> Tensor {
        call("cumulativeProduct", self) { ct_cumprod($0, dimension, $1) }
    }
    /// ln of cumulative sums of eˣ, along a dimension; the shape stays.
    public func cumulativeLogSumExp(dimension: Int) -> Tensor {
        call("cumulativeLogSumExp", self) { ct_logcumsumexp($0, dimension, $1) }
    }
    /// Largest elements up to and with each, along a dimension; the shape stays.
    public func cumulativeMax(dimension: Int) -> Tensor {
        callForPair("cumulativeMax", self) { ct_cummax($0, dimension, $1, $2) }.0
    }
    /// The value below which a fraction of the elements lies, interpolated linearly.
    ///
    /// - Parameters:
    ///   - fraction: in `[0, 1]`.
    ///   - dimension: nil means of all elements.
    ///   - keepDimension: leaves the dimension with size 1.
    /// - Returns: without the dimension (or a scalar), in the type of self.
    public func quantile(_ fraction: Double, dimension: Int? = nil, keepDimension: Bool = false) -> Tensor {
        call("quantile", self) { ct_quantile($0, fraction, dimension == nil, dimension ?? 0, keepDimension, $1) }
    }
    /// Sum over the dimensions that broadcasting from `shape` would have repeated.
    public func summed(to shape: [Int]) -> Tensor {
        call("summed", self) { ct_sum_to_size($0, shape, shape.count, $1) }
    }

    private typealias Reduction = (OpaquePointer, UnsafePointer<Int>?, Int, Bool, ErrorPointer) -> OpaquePointer?

    @inline(__always)
    private func reduce(_ name: StaticString, _ dimensions: [Int]?, _ keep: Bool, _ body: Reduction) -> Tensor {
        guard let dimensions else { return call(name, self) { body($0, nil, 0, keep, $1) } }
        // An empty list reduces nothing, and libtorch would take it for all.
        if dimensions.isEmpty { return reduceNothing(name, body) }
        return call(name, self) { body($0, dimensions, dimensions.count, keep, $1) }
    }

    /// Reduces a new dimension of size 1, which gives each element's own reduction.
    private func reduceNothing(_ name: StaticString, _ body: Reduction) -> Tensor {
        call(name, self.unsqueezed(0)) { body($0, [0], 1, false, $1) }
    }

    @inline(__always)
    private func reduce(_ name: StaticString, _ dimension: Int, _ keep: Bool, _ body: Reduction) -> Tensor {
        var dimension = dimension
        return call(name, self) { body($0, &dimension, 1, keep, $1) }
    }
}
