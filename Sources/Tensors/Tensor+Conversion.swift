import CTorch

extension Tensor {
    /// The same elements as another type, on another device; itself where nothing changes.
    ///
    /// Differentiable.
    ///
    /// Converting floats to integers drops the fraction.
    public func to(_ dtype: DType, device: Device? = nil) -> Tensor {
        let device = device ?? self.device
        if dtype == self.dtype && device == self.device { return self }
        return call("to", self) { ct_to($0, CTOptions(dtype, device), $1) }
    }

    /// The same elements on another device; itself where it lies there already.
    public func to(_ device: Device) -> Tensor { to(dtype, device: device) }

    /// A copy of the elements in memory of its own.
    ///
    /// Differentiable.
    public func copied() -> Tensor { call("copied", self, ct_clone) }

    /// The same elements in row-major order without gaps; itself where they lie so.
    public func contiguous() -> Tensor { call("contiguous", self, ct_contiguous) }

    /// The same elements, cut off from the graph: gradients stop here.
    public func detached() -> Tensor {
        ct_is_vectorizing() ? call("detached", self, ct_detach_deep) : call("detached", self, ct_detach)
    }

    /// The value of a tensor of one element.
    ///
    /// - Precondition: `elementCount == 1`; otherwise it traps.
    public func item() -> Double { scalarItem().real }

    /// The value of a tensor of one element as an integer.
    ///
    /// - Precondition: `elementCount == 1` and an integer or bool type; otherwise it traps.
    public func integerItem() -> Int {
        let value = scalarItem()
        precondition(value.is_integer, "Tensors: integerItem of a tensor of \(dtype); convert it with to(.int64) first")
        return value.integer
    }

    private func scalarItem() -> CTScalar {
        var value = CTScalar(0)
        perform("item", [self]) { ct_item(handle.pointer, &value, $0) }
        return value
    }

    /// All elements in row-major order, converted to the Swift type where theirs is another.
    public func array<Element: TensorElement>(of type: Element.Type = Element.self) -> [Element] {
        let count = elementCount
        // Filling an array of none writes to the empty array that all threads share (a data race).
        if count == 0 { return [] }
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            perform("array", [self]) {
                ct_copy_to_host(
                    handle.pointer, Element.dtype.rawValue, bytes.baseAddress, count * MemoryLayout<Element>.stride, $0)
            }
            initialized = count
        }
    }

    /// Lends the elements of a contiguous tensor in host memory, without a copy of them.
    ///
    /// - Parameter body: gets the bytes in row-major order; they must not leave it.
    /// - Returns: what the body returns.
    /// - Precondition: the tensor lies on the CPU; a tensor with gaps is made contiguous first.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        precondition(device == .cpu, "Tensors: withUnsafeBytes of a tensor on \(device); move it with to(.cpu) first")
        let plain = contiguous()
        return try withExtendedLifetime(plain.handle) {
            let count = plain.elementCount * plain.dtype.byteCount
            let start = count == 0 ? nil : ct_data(plain.handle.pointer)
            precondition(
                count == 0 || start != nil, "Tensors: withUnsafeBytes of a tensor without storage (inside vmap?)")
            return try body(UnsafeRawBufferPointer(start: start, count: count))
        }
    }
}
