import CTorch

/// Where a tensor's elements lie and its operations run.
public enum Device: Sendable, Hashable {
    /// The processor and its memory.
    case cpu
    /// The CUDA device with this index. `openCUDA()` must have succeeded before.
    case cuda(Int)

    // c10::DeviceType codes.
    var typeCode: Int8 {
        switch self {
        case .cpu: 0
        case .cuda: 1
        }
    }

    var indexCode: Int8 {
        switch self {
        case .cpu: -1
        case .cuda(let index): Int8(clamping: index)
        }
    }

    init(typeCode: Int8, indexCode: Int8) {
        self = typeCode == 1 ? .cuda(Int(indexCode)) : .cpu
    }

    /// Opens libtorch's CUDA library, which is looked for beside the CPU one; doing it again changes nothing.
    ///
    /// - Throws: `TensorError.cudaUnavailable` with the system's reason.
    public static func openCUDA() throws(TensorError) {
        var error = CTError()
        if ct_open_cuda(&error) != 0 {
            throw .cudaUnavailable(reason: takeSentence(&error))
        }
    }

    /// Whether CUDA was opened and has a device.
    public static var hasCUDA: Bool { ct_has_cuda() }
}

extension Device: CustomStringConvertible {
    /// `cpu`, or `cuda:0` with the index.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        }
    }
}

/// Sets how many threads one operation may use.
///
/// It is 1 until this is called.
///
/// More threads help large products and slow small networks down. Call it once, before the first operation: threads
/// that have run operations already may keep the former number.
///
/// - Parameter count: at least 1.
public func setIntraOpThreads(_ count: Int) {
    precondition(count >= 1, "setIntraOpThreads: \(count) threads were asked for; give at least 1")
    ct_set_thread_count(count)
}

/// How many threads one operation started from this thread may use.
public var intraOpThreads: Int { ct_thread_count() }

/// Has the process keep memory that tensors let go, up to a limit, instead of handing it back to the system at once.
///
/// Tensors of more than 128 KiB otherwise come from the system, which clears each page when it is first touched: a loop
/// that makes and drops such tensors can spend half of its time there. Call it once, when the program starts; a library
/// should leave it to the program. Does nothing where the C library is not glibc.
///
/// - Parameter limit: bytes, ≥ 0; with 0 what is kept is handed back, too.
/// - Precondition: `limit ≥ 0`; violations trap.
public func keepFreedMemory(limit: Int = 1 << 30) {
    precondition(limit >= 0, "keepFreedMemory: a limit of \(limit) bytes, must be at least 0")
    ct_keep_freed_memory(limit)
}

/// The version of libtorch that the library was built against, such as `2.13.0`.
public var libtorchVersion: String { String(cString: ct_version()) }
