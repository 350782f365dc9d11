import Environments

/// Where the memory of a pool is: addresses for callers that make views of it.
struct PoolDescription: Encodable {
    /// Addresses of a batch's columns.
    struct Batch: Encodable {
        var observations: UInt
        var finalObservations: UInt?
        var rewards: UInt
        var terminated: UInt
        var truncated: UInt
        var elapsedSteps: UInt
        var episodeReturns: UInt
        var environments: UInt
        var columns: [UInt]
        var finalColumns: [UInt]?

        init(_ batch: StepBatch, columns count: Int) {
            observations = UInt(bitPattern: batch.observationBytes.baseAddress)
            finalObservations = batch.finalObservationBytes.map { UInt(bitPattern: $0.baseAddress) }
            rewards = UInt(bitPattern: batch.rewards.baseAddress)
            terminated = UInt(bitPattern: batch.terminated.baseAddress)
            truncated = UInt(bitPattern: batch.truncated.baseAddress)
            elapsedSteps = UInt(bitPattern: batch.elapsedSteps.baseAddress)
            episodeReturns = UInt(bitPattern: batch.episodeReturns.baseAddress)
            environments = UInt(bitPattern: batch.environments.baseAddress)
            let rows = 0..<batch.count
            columns = (0..<count).map { UInt(bitPattern: batch.columnBytes($0, rows: rows).baseAddress) }
            let final = (0..<count).compactMap { batch.finalColumnBytes($0, rows: rows)?.baseAddress }
            finalColumns = batch.finalObservationBytes == nil ? nil : final.map { UInt(bitPattern: $0) }
        }
    }

    var id: String
    var specification: EnvironmentSpecification
    var options: PoolOptions
    var count: Int
    var batchSize: Int
    var rows: Int
    var batchRows: Int
    var resultBytes: Int
    var isAsynchronous: Bool
    var players: [Int]
    var actions: UInt
    var environments: UInt
    var mask: UInt
    var seeds: UInt
    var seeded: UInt
    var received: UInt
    var batches: [Batch]

    init(_ entry: PoolEntry) {
        let pool = entry.pool
        id = entry.task
        specification = pool.specification
        options = pool.options
        count = pool.count
        batchSize = pool.batchSize
        rows = entry.rows
        batchRows = pool.memory(ofBatch: 0).count
        resultBytes = pool.resultBytes
        isAsynchronous = pool.isAsynchronous
        players = (0..<pool.count).map { pool.players(of: $0) }
        actions = UInt(bitPattern: entry.actions)
        environments = UInt(bitPattern: entry.environments)
        mask = UInt(bitPattern: entry.mask)
        seeds = UInt(bitPattern: entry.seeds)
        seeded = UInt(bitPattern: entry.seeded)
        received = UInt(bitPattern: entry.received)
        batches = (0..<pool.batchCount).map {
            Batch(pool.memory(ofBatch: $0), columns: pool.specification.columns.count)
        }
    }
}
