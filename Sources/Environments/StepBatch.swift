/// Results of a batch of environments, in the pool's own memory.
///
/// `R` rows: one for each player of each environment, those of one environment side by side. Valid until the pool is asked for the next
/// batch but one (synchronous), or for the next (asynchronous); copy what has to last.
public struct StepBatch: @unchecked Sendable {
    // Unchecked: reads memory that the pool doesn't write while the batch is valid.
    let target: BatchTarget
    let layout: BatchLayout

    /// R.
    public let count: Int
    /// Numbers in an observation.
    public var observationCount: Int { layout.observationCount }

    /// `[R, observation.count]`, row by row.
    ///
    /// - Parameter type: the type of the observation space's numbers.
    /// - Returns: the observations.
    /// - Precondition: the type fits; violations trap.
    public func observations<Number: ColumnElement>(as type: Number.Type = Number.self) -> UnsafeBufferPointer<Number> {
        numbers(target.observations)
    }

    /// The observations as bytes.
    public var observationBytes: UnsafeRawBufferPointer {
        let size = layout.specification.observation.element.size
        return UnsafeRawBufferPointer(start: target.observations, count: count * observationCount * size)
    }

    /// The last observations of episodes that ended in this step, in their rows; only with `AutoresetMode.sameStep`.
    ///
    /// - Parameter type: the type of the observation space's numbers.
    /// - Returns: `[R, observation.count]`; rows of episodes that go on hold nothing of use.
    public func finalObservations<Number: ColumnElement>(
        as type: Number.Type = Number.self
    ) -> UnsafeBufferPointer<Number>? {
        target.finalObservations.map { numbers($0) }
    }

    /// ``finalObservations(as:)`` as bytes.
    public var finalObservationBytes: UnsafeRawBufferPointer? {
        let size = layout.specification.observation.element.size
        return target.finalObservations.map {
            UnsafeRawBufferPointer(start: $0, count: count * observationCount * size)
        }
    }

    private func numbers<Number: ColumnElement>(_ start: UnsafeMutableRawPointer) -> UnsafeBufferPointer<Number> {
        let element = layout.specification.observation.element
        precondition(
            element == Number.elementType, "observations: their numbers are \(element.rawValue), not \(Number.self)")
        return UnsafeBufferPointer(
            start: start.assumingMemoryBound(to: Number.self), count: count * observationCount)
    }

    /// `[R]`.
    public var rewards: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: target.rewards, count: count) }

    /// `[R]`, 1 where the task ended the episode.
    public var terminated: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: target.terminated, count: count) }

    /// `[R]`, 1 where a limit cut the episode off.
    public var truncated: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: target.truncated, count: count) }

    /// `[R]`, steps of the episode so far, this one included.
    public var elapsedSteps: UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: target.elapsedSteps, count: count)
    }

    /// `[R]`, rewards of the episode so far, this one included.
    public var episodeReturns: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: target.episodeReturns, count: count)
    }

    /// `[R]`, which environment a row is of.
    public var environments: UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: target.environments, count: count)
    }

    /// An extra column.
    ///
    /// - Parameters:
    ///   - name: its name in the specification.
    ///   - type: the type of its numbers.
    /// - Returns: its rows.
    /// - Precondition: the task has such a column of such numbers; violations trap.
    public func column<Element: ColumnElement>(_ name: String, as type: Element.Type) -> UnsafeBufferPointer<Element> {
        let specification = layout.specification
        guard let index = specification.columns.firstIndex(where: { $0.name == name }) else {
            preconditionFailure(
                "\(specification.id) has no column \(name); it has \(specification.columns.map(\.name))")
        }
        let column = specification.columns[index]
        precondition(
            column.element == Element.elementType,
            "column(\(name)): its numbers are \(column.element.rawValue), not \(Element.elementType.rawValue)")
        let start = target.columns[index].assumingMemoryBound(to: Element.self)
        return UnsafeBufferPointer(start: start, count: count * column.rowSize / column.element.size)
    }
}

extension StepBatch {
    /// Rows of an extra column as bytes.
    ///
    /// - Parameters:
    ///   - index: the column's place in the specification.
    ///   - rows: which rows.
    /// - Returns: their bytes.
    public func columnBytes(_ index: Int, rows: Range<Int>) -> UnsafeRawBufferPointer {
        let size = layout.specification.columns[index].rowSize
        return UnsafeRawBufferPointer(start: target.columns[index] + rows.lowerBound * size, count: rows.count * size)
    }

    /// As ``columnBytes(_:rows:)`` for episodes that ended in this step; only with `AutoresetMode.sameStep`.
    ///
    /// - Parameters:
    ///   - index: the column's place in the specification.
    ///   - rows: which rows; those of episodes that go on hold nothing of use.
    /// - Returns: their bytes.
    public func finalColumnBytes(_ index: Int, rows: Range<Int>) -> UnsafeRawBufferPointer? {
        let size = layout.specification.columns[index].rowSize
        return target.finalColumns.map {
            UnsafeRawBufferPointer(start: $0[index] + rows.lowerBound * size, count: rows.count * size)
        }
    }
}

/// What is the same for all batches of a pool.
final class BatchLayout: Sendable {
    let specification: EnvironmentSpecification
    let observationCount: Int

    init(_ specification: EnvironmentSpecification) {
        self.specification = specification
        observationCount = specification.observation.count
    }
}
