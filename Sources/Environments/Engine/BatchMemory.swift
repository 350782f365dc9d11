/// Memory for the results of one batch: a 64-byte aligned array for each column, all in one block.
///
/// `R` rows (environments × players), `O` numbers in an observation.
struct BatchMemory: @unchecked Sendable {
    // Unchecked: rows are written by one thread each, and read when all are written.
    private let memory: AlignedMemory
    /// R.
    let rows: Int
    /// Bytes from the first observation to the end of the last extra column: all results but the final ones.
    let resultBytes: Int
    /// `[R, O]`.
    let observations: UnsafeMutableRawPointer
    /// `[R, O]`, last observations of episodes that ended in this batch; nil unless the mode needs them.
    let finalObservations: UnsafeMutableRawPointer?
    /// `[R]`.
    let rewards: UnsafeMutablePointer<Float>
    /// `[R]`, 0 or 1.
    let terminated: UnsafeMutablePointer<UInt8>
    /// `[R]`, 0 or 1.
    let truncated: UnsafeMutablePointer<UInt8>
    /// `[R]`, steps of the episode so far.
    let elapsedSteps: UnsafeMutablePointer<Int32>
    /// `[R]`, sum of the episode's rewards so far.
    let episodeReturns: UnsafeMutablePointer<Float>
    /// `[R]`, which environment a row is of.
    let environments: UnsafeMutablePointer<Int32>
    /// First byte of each extra column.
    let columns: UnsafeMutablePointer<UnsafeMutableRawPointer>
    /// As ``columns``, of episodes that ended in this batch; nil unless the mode needs them.
    let finalColumns: UnsafeMutablePointer<UnsafeMutableRawPointer>?

    init(rows: Int, specification: EnvironmentSpecification, keepsFinal: Bool) {
        let width = specification.observation.count
        self.rows = rows
        var size = 0
        func place(_ bytes: Int) -> Int {
            defer { size += (bytes + 127) & ~63 }
            return size
        }
        let observationBytes = rows * width * specification.observation.element.size
        let offsets = [observationBytes, rows * 4, rows, rows, rows * 4, rows * 4, rows * 4].map(place)
        let extra = specification.columns.map { place(rows * $0.rowSize) }
        resultBytes = size
        // Last, so that the results of a step lie side by side.
        let final = place(keepsFinal ? observationBytes : 0)
        let finalExtra = keepsFinal ? specification.columns.map { place(rows * $0.rowSize) } : []
        let pointerBytes = max(1, extra.count) * MemoryLayout<UnsafeMutableRawPointer>.stride
        let pointers = place(pointerBytes)
        let finalPointers = place(pointerBytes)
        memory = AlignedMemory(size: size)
        observations = memory.start + offsets[0]
        finalObservations = keepsFinal ? memory.start + final : nil
        rewards = memory.pointer(to: Float.self, offset: offsets[1])
        terminated = memory.pointer(to: UInt8.self, offset: offsets[2])
        truncated = memory.pointer(to: UInt8.self, offset: offsets[3])
        elapsedSteps = memory.pointer(to: Int32.self, offset: offsets[4])
        episodeReturns = memory.pointer(to: Float.self, offset: offsets[5])
        environments = memory.pointer(to: Int32.self, offset: offsets[6])
        let memory = memory
        func list(_ place: Int, _ offsets: [Int]) -> UnsafeMutablePointer<UnsafeMutableRawPointer> {
            let list = (memory.start + place).bindMemory(
                to: UnsafeMutableRawPointer.self, capacity: max(1, offsets.count))
            for (index, offset) in offsets.enumerated() { list[index] = memory.start + offset }
            return list
        }
        columns = list(pointers, extra)
        finalColumns = keepsFinal ? list(finalPointers, finalExtra) : nil
    }
}

/// Where a batch's rows go: the pool's own memory, or in part the caller's.
public struct BatchTarget: @unchecked Sendable {
    // Unchecked: rows are written by one thread each, and read when all are written.
    @usableFromInline var observations: UnsafeMutableRawPointer
    @usableFromInline var rewards: UnsafeMutablePointer<Float>
    @usableFromInline var terminated: UnsafeMutablePointer<UInt8>
    @usableFromInline var truncated: UnsafeMutablePointer<UInt8>
    @usableFromInline let finalObservations: UnsafeMutableRawPointer?
    @usableFromInline let elapsedSteps: UnsafeMutablePointer<Int32>
    @usableFromInline let episodeReturns: UnsafeMutablePointer<Float>
    @usableFromInline let environments: UnsafeMutablePointer<Int32>
    @usableFromInline let columns: UnsafeMutablePointer<UnsafeMutableRawPointer>
    @usableFromInline let finalColumns: UnsafeMutablePointer<UnsafeMutableRawPointer>?

    init(_ memory: BatchMemory) {
        observations = memory.observations
        rewards = memory.rewards
        terminated = memory.terminated
        truncated = memory.truncated
        finalObservations = memory.finalObservations
        elapsedSteps = memory.elapsedSteps
        episodeReturns = memory.episodeReturns
        environments = memory.environments
        columns = memory.columns
        finalColumns = memory.finalColumns
    }
}
