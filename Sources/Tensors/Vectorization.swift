import CTorch

/// Options of `vmap`.
public struct VectorizationOptions: Sendable {
    /// The dimension of the arguments that is mapped over.
    public var argumentDimension = 0
    /// Where that dimension stands in the results.
    public var resultDimension = 0
    /// Whether all slices draw the same random numbers, rather than each its own.
    public var sharesRandomness = false

    /// The first dimension, and random numbers of their own for each slice.
    public init() {}
}

/// Applies a function to each slice of a tree of tensors, all slices at once.
///
/// Inside the function every tensor of the argument lacks the mapped dimension; what the function captures is the
/// same for each slice. Numbers cannot be read out inside (`item()` traps), since they differ from slice to slice.
///
/// - Parameters:
///   - argument: every tensor has the same size in the mapped dimension.
///   - options: which dimensions, what random numbers.
///   - function: any tree to any tree.
/// - Returns: the results of the slices, stacked along the result dimension.
/// - Precondition: at least one tensor, and one size for all; otherwise it traps.
public func vmap<Argument: TensorTree, Value: TensorTree>(
    over argument: Argument, options: VectorizationOptions = VectorizationOptions(),
    _ function: (Argument) throws -> Value
) rethrows -> Value {
    let sizes = Set(argument.tensors.map { $0.size(options.argumentDimension) })
    guard let size = sizes.first, sizes.count == 1 else {
        preconditionFailure("Tensors: vmap over dimensions of sizes \(sizes.sorted()); there must be one size for all")
    }
    var level: Int64 = 0
    perform("vmap", []) { ct_vmap_enter(size, options.sharesRandomness, &level, $0) }
    let results = try vectorized(argument, dimension: options.argumentDimension, level: level, function)
    return results.mapTensors { result in
        call("vmap", result) { ct_vmap_show($0, level, size, options.resultDimension, $1) }
    }
}

/// The results of the slices, still with the dimension hidden; closes the level.
private func vectorized<Argument: TensorTree, Value: TensorTree>(
    _ argument: Argument, dimension: Int, level: Int64, _ function: (Argument) throws -> Value
) rethrows -> Value {
    defer { ct_vmap_exit() }
    let slices = argument.mapTensors { tensor in
        let index = dimension < 0 ? dimension + tensor.rank : dimension
        return call("vmap", tensor) { ct_vmap_hide($0, index, level, $1) }
    }
    return try function(slices)
}
