import CTorch

extension Tensor {
    /// The `count` largest (or smallest) elements along a dimension, in order: values and their int64 indices.
    public func topK(
        _ count: Int, dimension: Int = -1, largest: Bool = true
    ) -> (values: Tensor, indices: Tensor) {
        callForPair("topK", self) { ct_topk($0, count, dimension, largest, true, $1, $2) }
    }

    /// Elements in order along a dimension, equal ones as they stood: values and the int64 indices they came from.
    public func sorted(dimension: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
        callForPair("sorted", self) { ct_sort($0, dimension, descending, $1, $2) }
    }

    /// The indices that would sort along a dimension: int64, the shape stays.
    public func argsort(dimension: Int = -1, descending: Bool = false) -> Tensor {
        sorted(dimension: dimension, descending: descending).indices
    }

    /// Largest elements along one dimension with the index of the first of them.
    public func maxWithIndices(dimension: Int, keepDimension: Bool = false) -> (values: Tensor, indices: Tensor) {
        callForPair("maxWithIndices", self) { ct_max_along($0, dimension, keepDimension, $1, $2) }
    }

    /// Smallest elements along one dimension with the index of the first of them.
    public func minWithIndices(dimension: Int, keepDimension: Bool = false) -> (values: Tensor, indices: Tensor) {
        callForPair("minWithIndices", self) { ct_min_along($0, dimension, keepDimension, $1, $2) }
    }

    /// Distinct elements in ascending order.
    ///
    /// - Returns: `values` `[N]`; `inverse`, in the shape of self, says which value each element is; `counts` `[N]`.
    public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let results = callForMany("unique", count: 3, operands: [self]) { ct_unique(handle.pointer, $0, $1) }
        guard let values = results[0], let inverse = results[1], let counts = results[2] else {
            fatalError("Tensors: unique of \(shape) left a result undefined")
        }
        return (values, inverse, counts)
    }

    /// How often each of 0, 1, 2, ...
    ///
    /// occurs in a vector of non-negative integers, or the sum of its weights.
    ///
    /// - Parameters:
    ///   - weights: one for each element; nil counts each once.
    ///   - minimumLength: the result has at least this many places.
    /// - Returns: `[N]`, int64, or float64 sums of weights.
    public func binCount(weights: Tensor? = nil, minimumLength: Int = 0) -> Tensor {
        call("binCount", self) { pointer, error in
            withPointer(weights) { ct_bincount(pointer, $0, minimumLength, error) }
        }
    }

    /// Where `values` would be inserted into self, which ascends along its last dimension: int64 indices.
    ///
    /// - Parameters:
    ///   - values: any shape when self is a vector.
    ///   - right: behind equal elements rather than before them.
    /// - Returns: int64 in the shape of `values`.
    public func searchSorted(_ values: Tensor, right: Bool = false) -> Tensor {
        call("searchSorted", self, values) { ct_searchsorted($0, $1, right, $2) }
    }
}
