import CTorch

extension Tensor {
    /// A tensor whose elements are host memory that someone else holds: nothing is copied.
    ///
    /// - Parameters:
    ///   - start: address of the first element, aligned for it; elements lie in row-major order without gaps.
    ///   - shape: sizes of the dimensions, at least 0.
    ///   - dtype: the elements' type.
    ///   - owner: kept alive until the last tensor that looks at the memory is gone.
    /// - Precondition: the memory holds all elements, and nobody writes to it while a tensor looks at it.
    public init(viewing start: UnsafeMutableRawPointer, shape: [Int], dtype: DType, owner: AnyObject) {
        precondition(
            Int(bitPattern: start) % dtype.byteCount == 0,
            "Tensors: memory at \(start) is not aligned for \(dtype); copy it to aligned memory first")
        let context = Unmanaged.passRetained(owner).toOpaque()
        self = make("init(viewing:)") { error in
            ct_view_host(
                start, shape, shape.count, dtype.rawValue, { Unmanaged<AnyObject>.fromOpaque($0).release() }, context,
                error)
        }
    }
}
