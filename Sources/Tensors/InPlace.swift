import CTorch

/// Operations that write into a tensor: for optimisers and caches inside this package only.
///
/// Whoever calls them must be the only holder of the tensor that is written, and it must be part of no graph: that
/// is what makes `Tensor` a value for everyone else. None of them records a graph.
package enum InPlace {
    /// target ← source, broadcast and converted.
    package static func copy(_ target: Tensor, from source: Tensor) {
        write("copy", target, source) { ct_set_copy($0, $1, $2) }
    }
    /// target ← target + scale · other.
    package static func add(_ target: Tensor, _ other: Tensor, scale: Double = 1) {
        let factor = scale == 1 ? CTScalar(1) : CTScalar(scale)
        write("add", target, other) { ct_set_add($0, $1, factor, $2) }
    }
    /// target ← target + value.
    package static func add(_ target: Tensor, _ value: Double) {
        write("add", target, target) { pointer, _, error in ct_set_add_scalar(pointer, CTScalar(value), error) }
    }
    /// target ← target · other.
    package static func multiply(_ target: Tensor, _ other: Tensor) {
        write("multiply", target, other) { ct_set_mul($0, $1, $2) }
    }
    /// target ← target · value.
    package static func multiply(_ target: Tensor, _ value: Double) {
        write("multiply", target, target) { pointer, _, error in ct_set_mul_scalar(pointer, CTScalar(value), error) }
    }
    /// target ← value.
    package static func fill(_ target: Tensor, _ value: Double) {
        write("fill", target, target) { pointer, _, error in ct_set_fill(pointer, CTScalar(value), error) }
    }
    /// target ← value where the mask is true.
    package static func fill(_ target: Tensor, where mask: Tensor, with value: Double) {
        write("fill(where:)", target, mask) { ct_set_masked_fill($0, $1, CTScalar(value), $2) }
    }
    /// target ← (1 − weight) target + weight · other.
    package static func interpolate(_ target: Tensor, to other: Tensor, weight: Double) {
        write("interpolate", target, other) { ct_set_lerp($0, $1, weight, $2) }
    }
    /// target ← target + scale · a · b.
    package static func addProduct(_ target: Tensor, _ a: Tensor, _ b: Tensor, scale: Double = 1) {
        perform("InPlace.addProduct", [target, a, b]) {
            ct_set_addcmul(target.handle.pointer, a.handle.pointer, b.handle.pointer, scale, $0)
        }
    }
    /// target ← target + scale · a / b.
    package static func addQuotient(_ target: Tensor, _ a: Tensor, _ b: Tensor, scale: Double = 1) {
        perform("InPlace.addQuotient", [target, a, b]) {
            ct_set_addcdiv(target.handle.pointer, a.handle.pointer, b.handle.pointer, scale, $0)
        }
    }
    /// The slices of target at the indices of a vector ← those of source.
    package static func indexCopy(_ target: Tensor, dimension: Int, indices: Tensor, from source: Tensor) {
        perform("InPlace.indexCopy", [target, indices, source]) {
            ct_set_index_copy(
                target.handle.pointer, dimension, indices.handle.pointer, source.handle.pointer, $0)
        }
    }
    /// The slices of target at the indices of a vector ← themselves + those of source.
    package static func indexAdd(_ target: Tensor, dimension: Int, indices: Tensor, _ source: Tensor) {
        perform("InPlace.indexAdd", [target, indices, source]) {
            ct_set_index_add(
                target.handle.pointer, dimension, indices.handle.pointer, source.handle.pointer, $0)
        }
    }
    /// The range of target from `start` on, as long as source ← source.
    package static func copySlice(_ target: Tensor, dimension: Int, start: Int, from source: Tensor) {
        write("copySlice", target, source) { ct_set_slice($0, dimension, start, $1, $2) }
    }

    private static func write(
        _ operation: StaticString, _ target: Tensor, _ other: Tensor,
        _ body: (OpaquePointer, OpaquePointer, ErrorPointer) -> Int32
    ) {
        perform(operation, [target, other]) { error in
            body(target.handle.pointer, other.handle.pointer, error)
        }
    }
}
