import CMPI
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a reduction makes of every process's numbers.
public enum Reduction: Sendable, CaseIterable {
    /// Their sum.
    case sum
    /// Their sum over the number of processes; whole numbers are rounded towards zero.
    case mean
    /// The largest.
    case maximum
    /// The smallest.
    case minimum
}

/// The processes that run a program together.
///
/// Every process calls the same operations in the same order; each call waits for the others. One process alone needs
/// no MPI: then every operation returns what it was given.
///
///     try await Communicator.withWorld { world in
///         var gradient = gradientOfMyShare(world.rank, world.size)
///         try world.allReduce(&gradient, .mean)
///     }
public final class Communicator: Sendable {
    /// This process's number, from 0.
    public let rank: Int

    /// Number of processes, ≥ 1.
    public let size: Int

    /// One call at a time, from whichever thread.
    private let lock = Mutex(())

    private init(rank: Int, size: Int) {
        self.rank = rank
        self.size = size
    }

    /// One process by itself.
    public static let alone = Communicator(rank: 0, size: 1)

    /// Runs work of all processes that `mpirun`, or Slurm, started together; or of this one alone.
    ///
    /// When the work throws, the process says so under its rank on standard error and ends all others, since they would
    /// wait for it for ever. A process that dies without a word is noticed by `mpirun`, which names it and ends the rest.
    /// Under several processes the work can run once only.
    ///
    /// - Parameter body: the work, with the processes.
    /// - Returns: what the work returned.
    /// - Throws: with one process, what the work threw; `CollectivesError.unavailable` when several were started and there
    ///   is no Open MPI.
    public static func withWorld<Result>(
        _ body: (Communicator) async throws -> Result
    ) async throws -> Result {
        guard ProcessLaunch.current.size > 1 else { return try await body(alone) }
        let world = try joined()
        do {
            let result = try await body(world)
            try world.perform("finish") { cmpi_finish($0, $1) }
            return result
        } catch {
            world.abort("\(error)")
        }
    }

    /// Joins the other processes.
    private static func joined() throws(CollectivesError) -> Communicator {
        let path = getenv("LUDUS_MPI").map { String(cString: $0) }
        do {
            try call("start") { message, capacity in
                guard let path else { return cmpi_start(nil, message, capacity) }
                return cmpi_start(path, message, capacity)
            }
        } catch {
            guard case .failed(_, let reason) = error else { throw error }
            throw .unavailable(reason: reason)
        }
        return Communicator(rank: Int(cmpi_rank()), size: Int(cmpi_size()))
    }

    /// For example `rank 1 of 2 on node7`.
    public var name: String {
        if size == 1 { return "rank 0 of 1" }
        let host = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String in
            guard let base = buffer.baseAddress else { return "" }
            cmpi_host(base, buffer.count)
            return String(cString: base)
        }
        return "rank \(rank) of \(size) on \(host)"
    }

    /// Ends all processes, this one included, with exit code 1.
    ///
    /// - Parameter reason: a sentence for standard error, where it follows this process's name.
    public func abort(_ reason: String) -> Never {
        let line = Array("\(name): \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        if size > 1 { cmpi_abort(1) }
        exit(1)
    }

    /// Reduces every process's numbers; afterwards all have the result, with the same bits.
    ///
    /// - Parameters:
    ///   - elements: as many in every process; replaced.
    ///   - reduction: what is made of them.
    /// - Throws: `CollectivesError.failed`.
    public func allReduce<Element: CollectiveNumber>(
        _ elements: UnsafeMutableBufferPointer<Element>, _ reduction: Reduction
    ) throws(CollectivesError) {
        guard size > 1, let start = elements.baseAddress else { return }
        try perform("allReduce") { message, capacity in
            cmpi_all_reduce(
                start, elements.count, Element.collectiveType.rawValue, reduction.code, message, capacity)
        }
        guard reduction == .mean else { return }
        for index in elements.indices { elements[index] = elements[index].divided(by: size) }
    }

    /// Reduces every process's numbers; afterwards all have the result, with the same bits.
    ///
    /// - Parameters:
    ///   - elements: as many in every process; replaced.
    ///   - reduction: what is made of them.
    /// - Throws: `CollectivesError.failed`.
    public func allReduce<Element: CollectiveNumber>(
        _ elements: inout [Element], _ reduction: Reduction
    ) throws(CollectivesError) {
        try elements.withUnsafeMutableBufferPointer { (buffer) throws(CollectivesError) in
            try allReduce(buffer, reduction)
        }
    }

    /// Gives every process the numbers of one.
    ///
    /// - Parameters:
    ///   - elements: as many in every process; replaced by those of `root`.
    ///   - root: the rank of the one.
    /// - Throws: `CollectivesError.failed`.
    /// - Precondition: `root` is in `0 ..< size`; violations trap.
    public func broadcast<Element: CollectiveElement>(
        _ elements: UnsafeMutableBufferPointer<Element>, from root: Int = 0
    ) throws(CollectivesError) {
        precondition(root >= 0 && root < size, "broadcast: from rank \(root) of \(size)")
        guard size > 1, let start = elements.baseAddress else { return }
        try perform("broadcast") { message, capacity in
            cmpi_broadcast(
                start, elements.count, Element.collectiveType.rawValue, Int32(root), message, capacity)
        }
    }

    /// Gives every process the numbers of one.
    ///
    /// - Parameters:
    ///   - elements: as many in every process; replaced by those of `root`.
    ///   - root: the rank of the one.
    /// - Throws: `CollectivesError.failed`.
    /// - Precondition: `root` is in `0 ..< size`; violations trap.
    public func broadcast<Element: CollectiveElement>(
        _ elements: inout [Element], from root: Int = 0
    ) throws(CollectivesError) {
        try elements.withUnsafeMutableBufferPointer { (buffer) throws(CollectivesError) in
            try broadcast(buffer, from: root)
        }
    }

    /// Every process's numbers, in the order of ranks.
    ///
    /// - Parameter elements: as many in every process.
    /// - Returns: `size` arrays.
    /// - Throws: `CollectivesError.failed`.
    public func allGather<Element: CollectiveElement>(_ elements: [Element]) throws(CollectivesError) -> [[Element]] {
        guard size > 1, let first = elements.first else { return Array(repeating: elements, count: size) }
        var all = Array(repeating: first, count: elements.count * size)
        try all.withUnsafeMutableBufferPointer { (buffer) throws(CollectivesError) in
            try elements.withUnsafeBufferPointer { (own) throws(CollectivesError) in
                guard let target = buffer.baseAddress, let source = own.baseAddress else { return }
                try perform("allGather") { message, capacity in
                    cmpi_all_gather(
                        source, target, own.count, Element.collectiveType.rawValue, message, capacity)
                }
            }
        }
        return (0..<size).map { Array(all[($0 * elements.count)..<(($0 + 1) * elements.count)]) }
    }

    /// Waits until every process has come here.
    ///
    /// - Throws: `CollectivesError.failed`.
    public func barrier() throws(CollectivesError) {
        guard size > 1 else { return }
        try perform("barrier") { cmpi_barrier($0, $1) }
    }

    private func perform(
        _ operation: String, _ body: (UnsafeMutablePointer<CChar>, Int) -> Int32
    ) throws(CollectivesError) {
        try lock.withLock { _ throws(CollectivesError) in try Self.call(operation, body) }
    }

    /// Runs a call of MPI with room for its sentence.
    private static func call(
        _ operation: String, _ body: (UnsafeMutablePointer<CChar>, Int) -> Int32
    ) throws(CollectivesError) {
        var message = [CChar](repeating: 0, count: 1024)
        let status = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { body($0, buffer.count) } ?? 1
        }
        guard status != 0 else { return }
        let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        throw .failed(operation: operation, reason: String(decoding: bytes, as: UTF8.self))
    }
}

extension Reduction {
    /// The code of the operation of MPI that it begins with.
    fileprivate var code: Int32 {
        switch self {
        case .sum, .mean: 0
        case .maximum: 1
        case .minimum: 2
        }
    }
}
