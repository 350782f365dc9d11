import Environments

/// A pool with the memory through which a caller talks to it.
///
/// `N` environments, `R` rows: one for each player of each environment.
final class PoolEntry {
    let task: String
    let pool: EnvironmentPool
    let rows: Int
    /// Bytes of a row's action.
    let actionBytes: Int
    /// Bytes of a batch's results.
    let resultBytes: Int
    /// `[R, action]`, what the next step or send takes.
    let actions: UnsafeMutableRawPointer
    /// `[N]`, which environments a send or start is for.
    let environments: UnsafeMutablePointer<Int32>
    /// `[N]`, 1 where a reset is wanted.
    let mask: UnsafeMutablePointer<UInt8>
    /// `[N]`, seeds for a reset or start.
    let seeds: UnsafeMutablePointer<UInt64>
    /// `[N]`, 1 where a seed is to be used.
    let seeded: UnsafeMutablePointer<UInt8>
    /// Rows of the batch that was received last.
    let received: UnsafeMutablePointer<Int32>

    init(task: String, pool: EnvironmentPool) {
        self.task = task
        self.pool = pool
        rows = (0..<pool.count).reduce(0) { $0 + pool.players(of: $1) }
        resultBytes = pool.resultBytes
        let action = pool.specification.action
        actionBytes = action.count * action.element.size
        let size = max(64, rows * actionBytes)
        actions = .allocate(byteCount: size, alignment: 64)
        actions.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        environments = Self.zeros(pool.count)
        mask = Self.zeros(pool.count)
        seeds = Self.zeros(pool.count)
        seeded = Self.zeros(pool.count)
        received = Self.zeros(1)
        for index in 0..<pool.count { environments[index] = Int32(index) }
    }

    deinit {
        actions.deallocate()
        environments.deallocate()
        mask.deallocate()
        seeds.deallocate()
        seeded.deallocate()
        received.deallocate()
    }

    private static func zeros<Number: FixedWidthInteger>(_ count: Int) -> UnsafeMutablePointer<Number> {
        let pointer = UnsafeMutablePointer<Number>.allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
        return pointer
    }

    /// The actions of the first rows.
    func actions(rows: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: actions, count: rows * actionBytes)
    }

    /// The first of ``environments``.
    func environments(_ count: Int32) throws(EnvironmentError) -> UnsafeBufferPointer<Int32> {
        guard count >= 0, count <= pool.count else {
            throw .wrongCount(what: "environments", given: Int(count), wanted: pool.count)
        }
        return UnsafeBufferPointer(start: environments, count: Int(count))
    }

    /// The seed of an environment where one is given.
    func seed(_ index: Int) -> UInt64? { seeded[index] == 1 ? seeds[index] : nil }
}
