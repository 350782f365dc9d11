import CTorch

/// A many-dimensional array of numbers, on which every operation makes a new tensor.
///
/// A tensor behaves like a value: no public operation changes one. Copying it copies a reference, not the elements.
/// Dimensions count from 0, and from the end with negative numbers: -1 is the last. Shapes are written `[B, T, D]`.
///
/// Operands of different shapes are broadcast: dimensions are aligned from the last, and a missing one or one of
/// size 1 is repeated. Operands of different element types are promoted as libtorch does (an integer tensor and a
/// float tensor give a float tensor). Shapes that do not fit are the caller's mistake: they trap, with the
/// operation's name, the shapes and libtorch's sentence.
public struct Tensor: @unchecked Sendable {
    // `@unchecked`: see the invariant of `TensorHandle`.
    let handle: TensorHandle

    init(_ handle: TensorHandle) {
        self.handle = handle
    }

    /// The element type.
    public var dtype: DType {
        withExtendedLifetime(handle) {
            let code = ct_dtype(handle.pointer)
            guard let dtype = DType(rawValue: code) else {
                fatalError("Tensors: libtorch returned elements of its type \(code), which has no DType")
            }
            return dtype
        }
    }

    /// Where the elements lie.
    public var device: Device {
        withExtendedLifetime(handle) {
            var type: Int8 = 0
            var index: Int8 = 0
            ct_device(handle.pointer, &type, &index)
            return Device(typeCode: type, indexCode: index)
        }
    }

    /// Size of each dimension; empty for a scalar.
    public var shape: [Int] {
        withExtendedLifetime(handle) {
            let rank = ct_rank(handle.pointer)
            // Filling an array of none writes to the empty array that all threads share (a data race).
            if rank == 0 { return [] }
            return [Int](unsafeUninitializedCapacity: rank) { buffer, count in
                if let base = buffer.baseAddress { ct_sizes(handle.pointer, base) }
                count = rank
            }
        }
    }

    /// How many dimensions there are; 0 for a scalar.
    public var rank: Int { withExtendedLifetime(handle) { ct_rank(handle.pointer) } }

    /// How many elements there are: the product of `shape`.
    public var elementCount: Int { withExtendedLifetime(handle) { ct_element_count(handle.pointer) } }

    /// The size of one dimension, without making the array of all.
    ///
    /// - Parameter dimension: in `-rank ..< rank`; other values trap.
    /// - Returns: the size.
    public func size(_ dimension: Int) -> Int {
        let rank = rank
        let index = dimension < 0 ? dimension + rank : dimension
        precondition(
            index >= 0 && index < rank, "Tensors: size of dimension \(dimension) of a tensor of shape \(shape)")
        return withExtendedLifetime(handle) { ct_size(handle.pointer, index) }
    }

    /// Whether elements lie in memory in row-major order without gaps.
    public var isContiguous: Bool { withExtendedLifetime(handle) { ct_is_contiguous(handle.pointer) } }

    /// Whether two values share one libtorch tensor, not merely equal elements.
    package func isSameReference(as other: Tensor) -> Bool { handle.pointer == other.handle.pointer }
}

extension Tensor: CustomStringConvertible {
    /// Shape, type, device where it is not the CPU, and up to 8 elements.
    public var description: String {
        let place = device == .cpu ? "" : " on \(device)"
        let shown = 8
        let elements = self.reshaped([-1]).slice(dimension: 0, end: shown)
        let numbers =
            dtype.isFloatingPoint
            ? elements.array(of: Double.self).map { "\($0)" } : elements.array(of: Int.self).map { "\($0)" }
        let more = elementCount > shown ? ", ..." : ""
        return "Tensor\(shape) \(dtype)\(place) [\(numbers.joined(separator: ", "))\(more)]"
    }
}
