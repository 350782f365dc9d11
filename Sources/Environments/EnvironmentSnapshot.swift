/// The state of one environment: dynamics, random numbers, and how far the episode is.
public struct EnvironmentSnapshot: Sendable, Codable {
    /// The task's id.
    public let task: String
    let state: [UInt8]
    let generator: EnvironmentGenerator
    let hasEnded: Bool
    let elapsedSteps: Int32
    let returns: [Float]

    /// The dynamics' numbers, for tasks whose state is float64 numbers: all of classic control.
    public var numbers: [Double] {
        state.withUnsafeBytes { buffer in
            (0..<(state.count / 8)).map { buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }
}

extension EnvironmentPool {
    /// Gives an environment's dynamics new numbers, for tasks whose state is float64 numbers; the episode goes on.
    ///
    /// - Parameters:
    ///   - numbers: as many as ``EnvironmentSnapshot/numbers``.
    ///   - index: the environment.
    /// - Throws: `badEnvironment`, or `badSnapshot` for a wrong count.
    public func setState(_ numbers: [Double], of index: Int) throws(EnvironmentError) {
        let old = try snapshot(of: index)
        try restore(
            index,
            to: EnvironmentSnapshot(
                task: old.task, state: Snapshot.bytes(numbers), generator: old.generator, hasEnded: false,
                elapsedSteps: old.elapsedSteps, returns: old.returns))
    }
}
