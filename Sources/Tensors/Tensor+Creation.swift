import CTorch

extension CTOptions {
    init(_ dtype: DType?, _ device: Device) {
        self.init(dtype: dtype?.rawValue ?? -1, device_type: device.typeCode, device_index: device.indexCode)
    }
}

extension CTScalar {
    init(_ value: Double) { self.init(real: value, integer: 0, is_integer: false) }
    init(_ value: Int) { self.init(real: Double(value), integer: value, is_integer: true) }
}

extension Tensor {
    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        make("zeros") { ct_zeros(shape, shape.count, CTOptions(dtype, device), $0) }
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        make("ones") { ct_ones(shape, shape.count, CTOptions(dtype, device), $0) }
    }

    /// A tensor whose elements are all `value`.
    public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        make("full") { ct_full(shape, shape.count, CTScalar(value), CTOptions(dtype, device), $0) }
    }

    /// An integer tensor whose elements are all `value`.
    public static func full(_ shape: [Int], _ value: Int, dtype: DType = .int64, device: Device = .cpu) -> Tensor {
        make("full") { ct_full(shape, shape.count, CTScalar(value), CTOptions(dtype, device), $0) }
    }

    /// The identity matrix `[rows, columns]`; square when `columns` is nil.
    public static func identity(
        _ rows: Int, columns: Int? = nil, dtype: DType = .float32, device: Device = .cpu
    ) -> Tensor {
        make("identity") { ct_eye(rows, columns ?? rows, CTOptions(dtype, device), $0) }
    }

    /// The integers `start, start + step, ...` below `end`: `[⌈(end − start) / step⌉]`.
    public static func arange(
        _ start: Int, _ end: Int, step: Int = 1, dtype: DType = .int64, device: Device = .cpu
    ) -> Tensor {
        make("arange") {
            ct_arange(CTScalar(start), CTScalar(end), CTScalar(step), CTOptions(dtype, device), $0)
        }
    }

    /// The integers `0 ..< end`: `[end]`.
    public static func arange(_ end: Int, dtype: DType = .int64, device: Device = .cpu) -> Tensor {
        arange(0, end, dtype: dtype, device: device)
    }

    /// `count` numbers, evenly spaced from `start` to `end`, both included: `[count]`.
    public static func linspace(
        _ start: Double, _ end: Double, count: Int, dtype: DType = .float32, device: Device = .cpu
    ) -> Tensor {
        make("linspace") { ct_linspace(start, end, count, CTOptions(dtype, device), $0) }
    }

    /// Zeros with the shape, type and device of `other`.
    public static func zeros(like other: Tensor) -> Tensor { call("zeros(like:)", other, ct_zeros_like) }

    /// Ones with the shape, type and device of `other`.
    public static func ones(like other: Tensor) -> Tensor { call("ones(like:)", other, ct_ones_like) }

    /// `value` everywhere, with the shape, type and device of `other`.
    public static func full(like other: Tensor, _ value: Double) -> Tensor {
        call("full(like:)", other) { ct_full_like($0, CTScalar(value), $1) }
    }

    /// A scalar: shape `[]`.
    public init(_ value: Double, dtype: DType = .float32, device: Device = .cpu) {
        self = make("scalar") { ct_scalar(CTScalar(value), CTOptions(dtype, device), $0) }
    }

    /// An integer scalar: shape `[]`.
    public init(_ value: Int, dtype: DType = .int64, device: Device = .cpu) {
        self = make("scalar") { ct_scalar(CTScalar(value), CTOptions(dtype, device), $0) }
    }

    /// A copy of the elements of an array, in row-major order.
    ///
    /// - Parameters:
    ///   - elements: as many as `shape` has places; another number traps.
    ///   - shape: nil means `[elements.count]`.
    ///   - dtype: nil means the one that belongs to the Swift type.
    ///   - device: where the copy lies.
    public init<Element: TensorElement>(
        _ elements: [Element], shape: [Int]? = nil, dtype: DType? = nil, device: Device = .cpu
    ) {
        let shape = shape ?? [elements.count]
        precondition(
            shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count,
            "Tensors: \(elements.count) elements do not fill the shape \(shape)")
        let host = elements.withUnsafeBytes { bytes in
            make("init") { ct_from_host(bytes.baseAddress, shape, shape.count, Element.dtype.rawValue, $0) }
        }
        self = host.to(dtype ?? Element.dtype, device: device)
    }

    /// A copy of raw elements of host memory.
    init(hostBytes bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) {
        self = make("init") { ct_from_host(bytes.baseAddress, shape, shape.count, dtype.rawValue, $0) }
    }

    /// A matrix from its rows, which must all have one length: `[rows.count, rows[0].count]`.
    public init<Element: TensorElement>(rows: [[Element]], dtype: DType? = nil, device: Device = .cpu) {
        let width = rows.first?.count ?? 0
        precondition(
            rows.allSatisfy { $0.count == width },
            "Tensors: rows of different lengths \(rows.map(\.count)) make no matrix")
        self.init(rows.flatMap { $0 }, shape: [rows.count, width], dtype: dtype, device: device)
    }
}
