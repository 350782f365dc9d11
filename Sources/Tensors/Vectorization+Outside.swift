import CTorch

/// Whether this code runs inside `vmap`.
package var isVectorizing: Bool { ct_is_vectorizing() }

/// Runs a function once for each slice of the open `vmap`s, outside of them, and hides the stacked results again.
///
/// There numbers can be read out, and every operation works. No gradient flows through it.
///
/// - Parameters:
///   - tensors: what the function sees slices of. What it captures must not belong to an open `vmap`.
///   - body: from slices of the tensors to tensors of one shape for all slices.
/// - Returns: the results, with the slices hidden again.
package func forEachSliceOutsideVectorization(
    _ tensors: [Tensor], _ body: ([Tensor]) throws -> [Tensor]
) rethrows -> [Tensor] {
    var error = CTError()
    guard let layers = ct_layers_leave(&error) else { stop("vmap", tensors, &error) }
    let count = ct_layers_count(layers)
    var levels = [Int64](repeating: 0, count: count)
    var sizes = [Int](repeating: 0, count: count)
    ct_layers_describe(layers, &levels, &sizes)
    let stacked: [Tensor]
    do {
        defer { ct_layers_return(layers) }
        let shown = tensors.map { tensor in call("vmap", tensor) { ct_layers_show($0, layers, $1) } }
        stacked = try withoutGradients { try stackSlices(shown, sizes: sizes, body) }
    }
    return stacked.map { result in
        levels.reduce(result) { tensor, level in call("vmap", tensor) { ct_vmap_hide($0, 0, level, $1) } }
    }
}

/// The results of all slices, with the sizes in front.
private func stackSlices(
    _ tensors: [Tensor], sizes: [Int], _ body: ([Tensor]) throws -> [Tensor]
) rethrows -> [Tensor] {
    let count = sizes.reduce(1, *)
    let flat = tensors.map { $0.reshaped([count] + $0.shape.dropFirst(sizes.count)) }
    let results = try (0..<count).map { index in try body(flat.map { $0[index] }) }
    guard let first = results.first else { preconditionFailure("Tensors: vmap over no slice") }
    return first.indices.map { place in
        Tensor.stacked(results.map { $0[place] }).reshaped(sizes + first[place].shape)
    }
}
