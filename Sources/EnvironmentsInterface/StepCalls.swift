import Environments

/// Starts episodes in a synchronous pool.
///
/// - Parameters:
///   - handle: the pool.
///   - masked: 0 for all environments, else those with 1 in the pool's `mask`.
/// - Returns: the batch with the first observations as `ludus_environments_step` has it, or a code. Seeds are taken from `seeds` where `seeded` is 1.
@_cdecl("ludus_environments_reset")
public func reset(_ handle: Int64, _ masked: Int32) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        let batch = try entry.pool.reset(
            where: { masked == 0 || entry.mask[$0] == 1 }, seed: { entry.seed($0) })
        return outcome(of: batch, entry)
    }
}

/// Steps every environment with the pool's `actions`.
///
/// - Parameter handle: the pool.
/// - Returns: four times the index of the batch with the results, plus 1 where any episode has terminated, plus 2 where
///   any was truncated; or a code.
@_cdecl("ludus_environments_step")
public func step(_ handle: Int64) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        outcome(of: try entry.pool.step(entry.actions(rows: entry.rows)), entry)
    }
}

/// Steps every environment with the pool's `actions`, and copies the results.
///
/// - Parameters:
///   - handle: the pool.
///   - copy: room for the pool's `resultBytes`; gets the batch's memory from its first observation on.
/// - Returns: as `ludus_environments_step`.
@_cdecl("ludus_environments_step_copied")
public func stepCopied(_ handle: Int64, _ copy: UnsafeMutableRawPointer?) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        guard let copy else { throw .wrongCount(what: "copies", given: 0, wanted: 1) }
        let batch = try entry.pool.step(entry.actions(rows: entry.rows))
        if let start = batch.observationBytes.baseAddress {
            copy.copyMemory(from: start, byteCount: entry.resultBytes)
        }
        return outcome(of: batch, entry)
    }
}

/// Steps every environment, results written where the caller wants them.
///
/// - Parameters:
///   - handle: the pool.
///   - observations: `[R, observation]`.
///   - rewards: `[R]`.
///   - terminated: `[R]`.
///   - truncated: `[R]`.
/// - Returns: as `ludus_environments_step`; the other columns are in the batch.
@_cdecl("ludus_environments_step_into")
public func stepInto(
    _ handle: Int64, _ observations: UnsafeMutableRawPointer?, _ rewards: UnsafeMutablePointer<Float>?,
    _ terminated: UnsafeMutablePointer<UInt8>?, _ truncated: UnsafeMutablePointer<UInt8>?
) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        guard let observations, let rewards, let terminated, let truncated else {
            throw .wrongCount(what: "arrays of a rollout", given: 0, wanted: 4)
        }
        let row = RolloutRow(
            observations: observations, rewards: rewards, terminated: terminated, truncated: truncated)
        return outcome(of: try entry.pool.step(entry.actions(rows: entry.rows), into: row), entry)
    }
}

/// Sends environments of an asynchronous pool into new episodes.
///
/// - Parameters:
///   - handle: the pool.
///   - count: how many; which ones is in the pool's `environments`.
/// - Returns: 0 or a code. Seeds are taken from `seeds` where `seeded` is 1.
@_cdecl("ludus_environments_start")
public func start(_ handle: Int64, _ count: Int32) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        try entry.pool.start(try entry.environments(count), seed: { entry.seed($0) })
        return 0
    }
}

/// Gives environments of an asynchronous pool their next actions.
///
/// - Parameters:
///   - handle: the pool.
///   - count: how many; which ones is in the pool's `environments`, their actions are in `actions` in the same order.
/// - Returns: 0 or a code.
@_cdecl("ludus_environments_send")
public func send(_ handle: Int64, _ count: Int32) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        let environments = try entry.environments(count)
        var rows = 0
        for environment in environments where environment >= 0 && environment < entry.pool.count {
            rows += entry.pool.players(of: Int(environment))
        }
        guard rows <= entry.rows else { throw .wrongCount(what: "actions", given: rows, wanted: entry.rows) }
        try entry.pool.send(entry.actions(rows: rows), to: environments)
        return 0
    }
}

/// Waits for the next batch of an asynchronous pool.
///
/// - Parameter handle: the pool.
/// - Returns: as `ludus_environments_step`; the number of its rows is in the pool's `received`.
@_cdecl("ludus_environments_receive")
public func receive(_ handle: Int64) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        let batch = try entry.pool.receive()
        entry.received[0] = Int32(batch.count)
        return outcome(of: batch, entry)
    }
}

/// Four times the batch's index, and 1 where an episode has terminated, and 2 where one was truncated.
@inline(__always)
private func outcome(of batch: StepBatch, _ entry: PoolEntry) -> Int32 {
    var terminated: UInt8 = 0
    var truncated: UInt8 = 0
    for flag in batch.terminated { terminated |= flag }
    for flag in batch.truncated { truncated |= flag }
    return Int32(truncatingIfNeeded: entry.pool.latestBatch) &<< 2 | Int32(truncated) &<< 1 | Int32(terminated)
}
