/// A two-link pendulum, driven at the joint between the links, is to swing its end up: `Acrobot-v1`.
///
/// Observation: cosine and sine of both angles, both angular velocities. Actions: torque −1, 0, 1. Reward −1 a step, 0 at
/// the end, which is when the tip is one link above the base. Truncated after 500 steps.
///
/// Source: Sutton 1996; equations of Sutton and Barto's book, fourth-order Runge-Kutta steps of 0.2 s, as in Gymnasium's
/// `acrobot.py`.
public final class Acrobot: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 500

        /// `Acrobot-v1`.
        public init() {}
    }

    /// `Acrobot-v1`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        let high = [1, 1, 1, 1, Double(Float(4 * Double.pi)), Double(Float(9 * Double.pi))]
        return EnvironmentSpecification(
            id: "Acrobot-v1", observation: .box(low: high.map { -$0 }, high: high, shape: [6], element: .float32),
            action: .discrete(3), maximumEpisodeSteps: options.maximumEpisodeSteps, rewardThreshold: -100)
    }

    /// `[8, stride]`, see ``AcrobotRun``: angle of the first link, 0 when it hangs; angle of the second against the
    /// first; their velocities; sines and cosines.
    private let state: StateArray<Double>
    /// `[N, 12]`, of use during a step only.
    private let room: StateArray<Double>
    private let stride: Int

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        // One cache line more than needed, so that quantities of one environment don't fall on each other in the cache.
        stride = (count + 7) & ~7 + 8
        state = StateArray(AcrobotRun.stateSize * stride)
        room = StateArray(AcrobotRun.roomSize * count)
    }

    /// Some 16 trigonometric functions.
    public var stepNanoseconds: Double { 40 }

    /// All four numbers uniform in [−0.1, 0.1), rounded to float32 as in the reference.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        for place in 0..<4 { state[place * stride + index] = Double(Float(generator.uniform(-0.1, 0.1))) }
        alone(index) { $0.refresh() }
        observe(index, row.observation)
    }

    /// Does something with an environment as if it were the first of four, so that it comes to the same bits as many.
    private func alone(_ index: Int, _ body: (AcrobotRun) -> Void) {
        let size = 4 * (AcrobotRun.stateSize + AcrobotRun.roomSize)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { numbers in
            guard let start = numbers.baseAddress else { return }
            start.update(repeating: 0, count: size)
            for place in 0..<AcrobotRun.stateSize { start[4 * place] = state[place * stride + index] }
            body(AcrobotRun(state: start, stride: 4, room: start + 4 * AcrobotRun.stateSize, count: 4))
            for place in 0..<AcrobotRun.stateSize { state[place * stride + index] = start[4 * place] }
        }
    }

    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(state[5 * stride + index])
        observation[1] = Float(state[4 * stride + index])
        observation[2] = Float(state[7 * stride + index])
        observation[3] = Float(state[6 * stride + index])
        observation[4] = Float(state[2 * stride + index])
        observation[5] = Float(state[3 * stride + index])
    }

    /// One step of 0.2 s.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        var actions = SIMD4<Int64>(repeating: action[0])
        var isOver = false
        withUnsafeBytes(of: &actions) { actions in
            guard let actions = actions.baseAddress?.assumingMemoryBound(to: Int64.self) else { return }
            alone(index) { run in
                run.advance(actions)
                isOver = run.isHigh(0)[0]
            }
        }
        observe(index, row.observation)
        return StepOutcome(isOver ? 0 : -1, isTerminated: isOver)
    }

    /// Runs are stepped four at a time.
    public static var isDense: Bool { true }

    /// A block of environments at a time.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        var offset = 0
        while offset &+ 4 <= range.count {
            let index = range.lowerBound &+ offset
            let run = AcrobotRun(
                state: state.pointer + index, stride: stride, room: room.pointer + AcrobotRun.roomSize * index,
                count: min(Self.block, (range.count - offset) & ~3))
            run.advance(actions + offset)
            run.observe(rows, offset)
            offset &+= run.count
        }
        while offset < range.count {
            stepAlone(range.lowerBound &+ offset, offset, width: 6, actions, generators, rows)
            offset &+= 1
        }
    }

    /// Environments that are stepped together.
    private static var block: Int { 32 }

    /// Both links, and the height that is to be reached.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 400x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        var canvas = Canvas(width: 400, height: 400, scale: 90, origin: (200, 200))
        let first = state[index]
        let second = first + state[stride + index]
        let elbow = (x: Mathematics.sine(first), y: -Mathematics.cosine(first))
        let hand = (x: elbow.x + Mathematics.sine(second), y: elbow.y - Mathematics.cosine(second))
        canvas.line((-2.2, 1), (2.2, 1), width: 0.01, Canvas.black)
        canvas.line((0, 0), elbow, width: 0.2, Canvas.teal)
        canvas.line(elbow, hand, width: 0.2, Canvas.teal)
        canvas.disc((0, 0), radius: 0.1, Canvas.yellow)
        canvas.disc(elbow, radius: 0.1, Canvas.yellow)
        return canvas.picture
    }

    /// Both angles, both velocities.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes((0..<4).map { state[$0 * stride + index] }) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let numbers = try Snapshot.numbers(bytes, count: 4)
        guard abs(numbers[0]) <= LaneMathematics.largestAngle, abs(numbers[1]) <= LaneMathematics.largestAngle else {
            throw .badSnapshot(reason: "its angles \(numbers[0]) and \(numbers[1]) are no angles of this task")
        }
        for (place, number) in numbers.enumerated() { state[place * stride + index] = number }
        alone(index) { $0.refresh() }
    }
}
