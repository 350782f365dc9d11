extension EnvironmentPool {
    /// Batches that the pool's memory holds; they are written in turn.
    public var batchCount: Int { ring.count }

    /// Which of the pool's batches the last call gave.
    public var latestBatch: Int {
        arrivals.map { ($0.received + ring.count - 1) % ring.count } ?? place
    }

    /// Bytes from a batch's first observation to the end of its last extra column, its arrays all between.
    ///
    /// Only what `AutoresetMode.sameStep` keeps of episodes that have ended is elsewhere. The arrays start at the same
    /// bytes in all batches.
    public var resultBytes: Int { ring[0].resultBytes }

    /// One of the pool's batches with all rows that it has room for: memory to look at after calls that give it.
    ///
    /// - Parameter index: from 0 to ``batchCount`` - 1.
    /// - Returns: the batch.
    /// - Precondition: the pool has it; violations trap.
    public func memory(ofBatch index: Int) -> StepBatch {
        precondition(
            index >= 0 && index < ring.count, "memory(ofBatch: \(index)): the pool has batches 0 to \(ring.count - 1)")
        return batch(BatchTarget(ring[index]), rows: ring[index].rows)
    }
}
