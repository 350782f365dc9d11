/// A falling ball is to be caught: `Catch-v0`.
///
/// Observation: a board of 10x5, 1 at ball and paddle. Actions: 0 left, 1 stay, 2 right. Reward 1 or −1 when the ball is
/// down, which ends the episode.
///
/// Source: Mnih et al. 2014; as in bsuite's `catch.py`.
public final class Catch: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Rows of the board, at least 2.
        public var height = 10
        /// Columns of the board, at least 1.
        public var width = 5

        /// `Catch-v0`.
        public init() {}
    }

    /// `Catch-v0`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Catch-v0",
            observation: .box(low: [0], high: [1], shape: [options.height, options.width], element: .float32),
            action: .discrete(3), maximumEpisodeSteps: options.height)
    }

    /// Ball column, ball row, paddle column; three numbers an environment.
    private let places: StateArray<Int64>
    private let height: Int
    private let width: Int

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    /// - Throws: `badOption` for a board that is too small.
    public init(count: Int, options: Options) throws(EnvironmentError) {
        guard options.height >= 2, options.width >= 1 else {
            throw .badOption(name: "height", reason: "a board of \(options.height)x\(options.width) is too small")
        }
        places = StateArray(3 * count)
        height = options.height
        width = options.width
    }

    /// A board to be drawn.
    public var stepNanoseconds: Double { 20 }

    /// The ball at the top somewhere, the paddle in the middle.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        places[3 * index] = Int64(generator.integer(below: width))
        places[3 * index + 1] = 0
        places[3 * index + 2] = Int64(width / 2)
        draw(index, row.observation)
    }

    @inline(__always)
    private func draw(_ index: Int, _ board: UnsafeMutablePointer<Float>) {
        board.update(repeating: 0, count: height * width)
        mark(index, board)
    }

    @inline(__always)
    private func mark(_ index: Int, _ board: UnsafeMutablePointer<Float>) {
        board[Int(places[3 * index + 1]) * width + Int(places[3 * index])] = 1
        board[(height - 1) * width + Int(places[3 * index + 2])] = 1
    }

    /// One step.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let outcome = move(index, action[0])
        draw(index, row.observation)
        return outcome
    }

    @inline(__always)
    private func move(_ index: Int, _ action: Int64) -> StepOutcome {
        let state = places.pointer + 3 * index
        state[2] = min(max(state[2] + action - 1, 0), Int64(width - 1))
        state[1] = min(state[1] + 1, Int64(height - 1))
        guard state[1] == Int64(height - 1) else { return StepOutcome(0) }
        return StepOutcome(state[0] == state[2] ? 1 : -1, isTerminated: true)
    }

    /// Boards of a run are cleared together.
    public static var isDense: Bool { true }

    /// Some boards are cleared, then drawn while they are in the cache.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        let size = height * width
        var start = 0
        while start < range.count {
            let end = min(start + Self.block, range.count)
            (rows.observations + start * size).update(repeating: 0, count: (end - start) * size)
            for offset in start..<end {
                let index = range.lowerBound &+ offset
                let outcome = move(index, actions[offset])
                mark(index, rows.observations + offset &* size)
                rows.rewards[offset] = outcome.reward
                rows.terminated[offset] = outcome.isTerminated ? 1 : 0
            }
            start = end
        }
    }

    /// Boards that are cleared together: 6 KiB of the usual ones.
    private static var block: Int { 32 }

    /// Ball and paddle.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes((0..<3).map { places[3 * index + $0] }) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let numbers = try Snapshot.integers(bytes, count: 3)
        guard (0..<width).contains(numbers[0]), (0..<height).contains(numbers[1]), (0..<width).contains(numbers[2])
        else {
            throw .badSnapshot(reason: "ball and paddle at \(numbers) are off the board of \(height)x\(width)")
        }
        for (place, number) in numbers.enumerated() {
            places[3 * index + place] = Int64(number)
        }
    }
}
