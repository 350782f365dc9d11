#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Zeroed memory that starts at a cache line and belongs to one owner.
final class AlignedMemory: @unchecked Sendable {
    // Unchecked: this class only frees the bytes; who may write which of them is for the owner to arrange.
    let start: UnsafeMutableRawPointer
    let size: Int

    /// Allocates and touches every page, so that no step meets a page fault.
    init(size: Int) {
        let rounded = max(64, (size + 63) & ~63)
        start = .allocate(byteCount: rounded, alignment: 64)
        start.initializeMemory(as: UInt8.self, repeating: 0, count: rounded)
        self.size = rounded
    }

    deinit { start.deallocate() }

    /// The memory as numbers.
    func pointer<Element: ColumnElement>(to type: Element.Type, offset: Int = 0) -> UnsafeMutablePointer<Element> {
        (start + offset).bindMemory(to: Element.self, capacity: (size - offset) / MemoryLayout<Element>.stride)
    }
}

/// An array of numbers at a cache line: what kernels keep their states in.
///
/// Freed with its last reference. Reading and writing through ``pointer`` is unchecked.
public final class StateArray<Element: ColumnElement>: @unchecked Sendable {
    // Unchecked: the engine never works on one index from two threads at a time.
    /// First number.
    public let pointer: UnsafeMutablePointer<Element>
    /// Numbers.
    public let count: Int
    private let memory: AlignedMemory

    /// Zeros, with room for another 64 bytes behind them, so that vectors may reach over the end.
    ///
    /// - Parameter count: numbers, at least 0.
    public init(_ count: Int) {
        self.count = count
        memory = AlignedMemory(size: count * MemoryLayout<Element>.stride + 64)
        pointer = memory.pointer(to: Element.self)
    }

    /// The number at an index, unchecked.
    @inlinable
    public subscript(index: Int) -> Element {
        get { pointer[index] }
        set { pointer[index] = newValue }
    }
}

/// Lets another thread have the processor.
func yieldProcessor() { _ = sched_yield() }
