import CTorch

extension Tensor {
    /// The same elements in row-major order under another shape; one size may be -1 and is then worked out.
    public func reshaped(_ shape: [Int]) -> Tensor { call("reshaped", self) { ct_reshape($0, shape, shape.count, $1) } }

    /// Repeats dimensions of size 1, and new ones in front, to reach `shape` without copying; -1 keeps a size.
    public func expanded(_ shape: [Int]) -> Tensor { call("expanded", self) { ct_expand($0, shape, shape.count, $1) } }

    /// Dimensions in another order: result dimension i is dimension `order[i]`.
    public func permuted(_ order: [Int]) -> Tensor { call("permuted", self) { ct_permute($0, order, order.count, $1) } }

    /// Two dimensions exchanged.
    public func transposed(_ a: Int = -2, _ b: Int = -1) -> Tensor {
        call("transposed", self) { ct_transpose($0, a, b, $1) }
    }

    /// One dimension moved to another place; the others keep their order.
    public func movedDimension(from source: Int, to destination: Int) -> Tensor {
        call("movedDimension", self) { ct_movedim($0, source, destination, $1) }
    }

    /// Without the dimension, if its size is 1; else unchanged.
    public func squeezed(_ dimension: Int) -> Tensor { call("squeezed", self) { ct_squeeze($0, dimension, $1) } }

    /// Without any dimension of size 1.
    public func squeezed() -> Tensor { call("squeezed", self, ct_squeeze_all) }

    /// With a new dimension of size 1 at a place.
    public func unsqueezed(_ dimension: Int) -> Tensor { call("unsqueezed", self) { ct_unsqueeze($0, dimension, $1) } }

    /// The dimensions from `start` through `end` merged into one.
    public func flattened(from start: Int = 0, through end: Int = -1) -> Tensor {
        call("flattened", self) { ct_flatten($0, start, end, $1) }
    }

    /// One dimension split into several, whose sizes multiply to its own.
    public func unflattened(_ dimension: Int, into sizes: [Int]) -> Tensor {
        call("unflattened", self) { ct_unflatten($0, dimension, sizes, sizes.count, $1) }
    }

    /// The whole tensor repeated along each dimension: one count for each, more counts add dimensions in front.
    public func tiled(_ counts: [Int]) -> Tensor { call("tiled", self) { ct_repeat($0, counts, counts.count, $1) } }

    /// Each slice along a dimension repeated in place: a b becomes a a b b.
    public func repeated(_ count: Int, dimension: Int) -> Tensor {
        call("repeated", self) { ct_repeat_interleave($0, count, dimension, $1) }
    }

    /// The order of slices reversed along dimensions.
    public func flipped(dimensions: [Int]) -> Tensor {
        call("flipped", self) { ct_flip($0, dimensions, dimensions.count, $1) }
    }

    /// Slices moved along a dimension by `shift` places; what leaves at one end enters at the other.
    public func rolled(by shift: Int, dimension: Int) -> Tensor {
        call("rolled", self) { ct_roll($0, shift, dimension, $1) }
    }

    /// The diagonals of the matrices in two dimensions; they become the last dimension.
    public func diagonal(offset: Int = 0, _ a: Int = -2, _ b: Int = -1) -> Tensor {
        call("diagonal", self) { ct_diagonal($0, offset, a, b, $1) }
    }

    /// Matrices with the last dimension on their diagonals: `[..., N]` gives `[..., N + |offset|, N + |offset|]`.
    public func diagonalMatrix(offset: Int = 0) -> Tensor {
        call("diagonalMatrix", self) { ct_diag_embed($0, offset, $1) }
    }

    /// The lower triangles of the last two dimensions, zero above the k-th diagonal.
    public func lowerTriangle(_ diagonal: Int = 0) -> Tensor {
        call("lowerTriangle", self) { ct_tril($0, diagonal, $1) }
    }

    /// The upper triangles of the last two dimensions, zero below the k-th diagonal.
    public func upperTriangle(_ diagonal: Int = 0) -> Tensor {
        call("upperTriangle", self) { ct_triu($0, diagonal, $1) }
    }

    /// Windows of `size` along a dimension, `step` apart; the window becomes the last dimension.
    public func windows(dimension: Int, size: Int, step: Int = 1) -> Tensor {
        call("windows", self) { ct_unfold($0, dimension, size, step, $1) }
    }

    /// Filled up with `value` along the last dimensions.
    ///
    /// - Parameters:
    ///   - amounts: how many before and after, for the last dimension first; negative amounts cut off.
    ///   - value: what the new places hold.
    /// - Returns: the shape of self with the amounts added.
    public func padded(_ amounts: [(before: Int, after: Int)], value: Double = 0) -> Tensor {
        let flat = amounts.flatMap { [$0.before, $0.after] }
        return call("padded", self) { ct_pad($0, flat, flat.count, CTScalar(value), $1) }
    }

    /// Tensors joined along a dimension that exists; the other sizes must agree.
    public static func concatenated(_ tensors: [Tensor], dimension: Int = 0) -> Tensor {
        withPointers(tensors) { pointers in
            var error = CTError()
            guard let result = ct_cat(pointers, tensors.count, dimension, &error) else {
                stop("concatenated", tensors, &error)
            }
            return Tensor(TensorHandle(owning: result))
        }
    }

    /// Tensors of one shape joined along a new dimension.
    public static func stacked(_ tensors: [Tensor], dimension: Int = 0) -> Tensor {
        withPointers(tensors) { pointers in
            var error = CTError()
            guard let result = ct_stack(pointers, tensors.count, dimension, &error) else {
                stop("stacked", tensors, &error)
            }
            return Tensor(TensorHandle(owning: result))
        }
    }

    /// Parts of given sizes along a dimension.
    ///
    /// - Precondition: the sizes add up to the dimension's; otherwise it traps.
    public func split(_ sizes: [Int], dimension: Int = 0) -> [Tensor] {
        precondition(
            sizes.reduce(0, +) == size(dimension),
            "Tensors: split of \(shape) along \(dimension) into \(sizes), which do not add up to \(size(dimension))")
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return slice(dimension: dimension, start: start, end: start + size)
        }
    }

    /// `count` parts along a dimension, as equal as can be; the earlier ones are larger by at most 1.
    public func chunked(_ count: Int, dimension: Int = 0) -> [Tensor] {
        precondition(count > 0, "Tensors: chunked into \(count) parts")
        let total = size(dimension)
        return split((0..<count).map { total / count + ($0 < total % count ? 1 : 0) }, dimension: dimension)
    }
}
