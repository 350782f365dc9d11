import CTorch

extension Tensor {
    /// The slice at one index of a dimension, which goes away; negative indices count from the end.
    public func select(dimension: Int, index: Int) -> Tensor {
        call("select", self) { ct_select($0, dimension, index, $1) }
    }

    /// A range of a dimension, `start ..< end` by `step`; negative ones count from the end, ends beyond it are cut.
    public func slice(dimension: Int, start: Int = 0, end: Int = .max, step: Int = 1) -> Tensor {
        call("slice", self) { ct_slice($0, dimension, start, end, step, $1) }
    }

    /// The slices at the indices of an integer vector, along a dimension.
    public func indexSelect(dimension: Int, _ indices: Tensor) -> Tensor {
        call("indexSelect", self, indices) { ct_index_select($0, dimension, $1, $2) }
    }

    /// out[i][j] = self[i][indices[i][j]] for dimension 1, and so on: the shape is that of `indices`, int64.
    public func gather(dimension: Int, _ indices: Tensor) -> Tensor {
        call("gather", self, indices) { ct_gather($0, dimension, $1, $2) }
    }

    /// `gather` with all other dimensions broadcast.
    public func takeAlong(dimension: Int, _ indices: Tensor) -> Tensor {
        call("takeAlong", self, indices) { ct_take_along($0, $1, dimension, $2) }
    }

    /// A copy with out[i][indices[i][j]] = source[i][j] for dimension 1, and so on.
    ///
    /// Which wins twice is undefined.
    public func scatter(dimension: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
        call("scatter", self, indices, source) { ct_scatter($0, dimension, $1, $2, $3) }
    }

    /// A copy with `value` at the indices along a dimension.
    public func scatter(dimension: Int, _ indices: Tensor, value: Double) -> Tensor {
        call("scatter", self, indices) { ct_scatter_scalar($0, dimension, $1, CTScalar(value), $2) }
    }

    /// A copy with source[i][j] added to out[i][indices[i][j]] for dimension 1, and so on.
    public func scatterAdd(dimension: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
        call("scatterAdd", self, indices, source) { ct_scatter_add($0, dimension, $1, $2, $3) }
    }

    /// A copy with the slices of `source` added at the indices of a vector, along a dimension.
    public func indexAdd(dimension: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
        call("indexAdd", self, indices, source) { ct_index_add($0, dimension, $1, $2, $3) }
    }

    /// A copy with the slices of `source` in the place of those at the indices of a vector, along a dimension.
    public func indexReplace(dimension: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
        call("indexReplace", self, indices, source) { ct_index_copy($0, dimension, $1, $2, $3) }
    }

    /// A copy with `source` in the place of the slice at one index.
    public func replacing(dimension: Int, index: Int, with source: Tensor) -> Tensor {
        call("replacing", self, source) { ct_select_scatter($0, $1, dimension, index, $2) }
    }

    /// A copy with `source` in the place of a range of a dimension.
    public func replacing(
        dimension: Int, start: Int = 0, end: Int = .max, step: Int = 1, with source: Tensor
    ) -> Tensor {
        call("replacing", self, source) { ct_slice_scatter($0, $1, dimension, start, end, step, $2) }
    }

    /// The elements where a bool mask (broadcast) is true, as a vector.
    public func maskedSelect(_ mask: Tensor) -> Tensor { call("maskedSelect", self, mask, ct_masked_select) }

    /// Elements at index tensors, one for each of the first dimensions; nil stands for all of a dimension.
    ///
    /// Index tensors are broadcast against each other, as in NumPy; bool ones select where they are true.
    public func index(_ indices: [Tensor?]) -> Tensor {
        withOptionalPointers(indices) { pointers in
            call("index", self) { ct_index($0, pointers, indices.count, $1) }
        }
    }

    /// A copy with `values` at index tensors, or added there.
    public func indexPut(_ indices: [Tensor?], _ values: Tensor, accumulate: Bool = false) -> Tensor {
        withOptionalPointers(indices) { pointers in
            call("indexPut", self, values) { ct_index_put($0, pointers, indices.count, $1, accumulate, $2) }
        }
    }

    /// Where elements are not 0: int64 `[count, rank]`.
    public func nonzero() -> Tensor { call("nonzero", self, ct_nonzero) }

    /// A new last dimension with 1 at the element's own index, 0 elsewhere: int64 `[..., classes]`.
    public func oneHot(classes: Int) -> Tensor { call("oneHot", self) { ct_one_hot($0, classes, $1) } }

    /// Rows of a table at integer indices: self `[V, D]`, indices `[...]`, result `[..., D]`.
    ///
    /// - Parameters:
    ///   - indices: int64 or int32 in `0 ..< V`.
    ///   - paddingIndex: the row of this index gets no gradient.
    /// - Returns: `[..., D]`.
    public func embedding(_ indices: Tensor, paddingIndex: Int? = nil) -> Tensor {
        call("embedding", self, indices) { ct_embedding($0, $1, paddingIndex ?? -1, $2) }
    }
}
