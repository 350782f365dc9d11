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

    /// Angle of the first link, 0 when it hangs; angle of the second against the first; their velocities.
    private let quantities: [StateArray<Double>]
    /// Sine and cosine of the first angle, then of the second.
    private let trigonometry: [StateArray<Double>]

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        quantities = (0..<4).map { _ in StateArray(count) }
        trigonometry = (0..<4).map { _ in StateArray(count) }
    }

    /// Some 16 trigonometric functions.
    public var stepNanoseconds: Double { 60 }

    /// All four numbers uniform in [−0.1, 0.1), rounded to float32 as in the reference.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        for place in 0..<4 { quantities[place][index] = Double(Float(generator.uniform(-0.1, 0.1))) }
        refresh(index)
        observe(index, row.observation)
    }

    /// Computes the sines and cosines of an environment whose angles were set.
    private func refresh(_ index: Int) {
        let first = LaneMathematics.sineAndCosine(Lanes(repeating: quantities[0][index]))
        let second = LaneMathematics.sineAndCosine(Lanes(repeating: quantities[1][index]))
        trigonometry[0][index] = first.sine[0]
        trigonometry[1][index] = first.cosine[0]
        trigonometry[2][index] = second.sine[0]
        trigonometry[3][index] = second.cosine[0]
    }

    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(trigonometry[1][index])
        observation[1] = Float(trigonometry[0][index])
        observation[2] = Float(trigonometry[3][index])
        observation[3] = Float(trigonometry[2][index])
        observation[4] = Float(quantities[2][index])
        observation[5] = Float(quantities[3][index])
    }

    /// One step of 0.2 s.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        func lanes(_ array: StateArray<Double>) -> Lanes { Lanes(repeating: array[index]) }
        let motion = AcrobotMotion(
            first: lanes(quantities[0]), second: lanes(quantities[1]), firstSpeed: lanes(quantities[2]),
            secondSpeed: lanes(quantities[3]))
        let start = AcrobotTrigonometry(
            firstSine: lanes(trigonometry[0]), firstCosine: lanes(trigonometry[1]), secondSine: lanes(trigonometry[2]),
            secondCosine: lanes(trigonometry[3]))
        let end = motion.advanced(start, torque: Lanes(repeating: Double(action[0])) - 1)
        quantities[0][index] = end.motion.first[0]
        quantities[1][index] = end.motion.second[0]
        quantities[2][index] = end.motion.firstSpeed[0]
        quantities[3][index] = end.motion.secondSpeed[0]
        trigonometry[0][index] = end.trigonometry.firstSine[0]
        trigonometry[1][index] = end.trigonometry.firstCosine[0]
        trigonometry[2][index] = end.trigonometry.secondSine[0]
        trigonometry[3][index] = end.trigonometry.secondCosine[0]
        observe(index, row.observation)
        let isOver = end.trigonometry.isHigh[0]
        return StepOutcome(isOver ? 0 : -1, isTerminated: isOver)
    }

    /// Runs are stepped four at a time.
    public static var isDense: Bool { true }

    /// Four environments at a time.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        var index = range.lowerBound
        var offset = 0
        while index &+ 4 <= range.upperBound {
            stepFour(index, actions + offset, rows, offset)
            index &+= 4
            offset &+= 4
        }
        while index < range.upperBound {
            stepAlone(index, offset, width: 6, actions, generators, rows)
            index &+= 1
            offset &+= 1
        }
    }

    private func stepFour(_ index: Int, _ actions: UnsafePointer<Int64>, _ rows: StepRows<Float>, _ offset: Int) {
        let motion = AcrobotMotion(
            first: quantities[0].lanes(index), second: quantities[1].lanes(index),
            firstSpeed: quantities[2].lanes(index), secondSpeed: quantities[3].lanes(index))
        let start = AcrobotTrigonometry(
            firstSine: trigonometry[0].lanes(index), firstCosine: trigonometry[1].lanes(index),
            secondSine: trigonometry[2].lanes(index), secondCosine: trigonometry[3].lanes(index))
        let end = motion.advanced(start, torque: LaneMathematics.real(actions) - 1)
        quantities[0].put(end.motion.first, index)
        quantities[1].put(end.motion.second, index)
        quantities[2].put(end.motion.firstSpeed, index)
        quantities[3].put(end.motion.secondSpeed, index)
        trigonometry[0].put(end.trigonometry.firstSine, index)
        trigonometry[1].put(end.trigonometry.firstCosine, index)
        trigonometry[2].put(end.trigonometry.secondSine, index)
        trigonometry[3].put(end.trigonometry.secondCosine, index)
        let isOver = end.trigonometry.isHigh
        LaneMathematics.store(isOver, rows.terminated + offset)
        LaneMathematics.store(Lanes(repeating: -1).replacing(with: 0, where: isOver), rows.rewards + offset)
        for lane in 0..<4 { observe(index + lane, rows.observations + 6 * (offset + lane)) }
    }

    /// Both links, and the height that is to be reached.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 400x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        var canvas = Canvas(width: 400, height: 400, scale: 90, origin: (200, 200))
        let first = quantities[0][index]
        let second = first + quantities[1][index]
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
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes(quantities.map { $0[index] }) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.numbers(bytes, count: 4)
        guard abs(state[0]) <= LaneMathematics.largestAngle, abs(state[1]) <= LaneMathematics.largestAngle else {
            throw .badSnapshot(reason: "its angles \(state[0]) and \(state[1]) are no angles of this task")
        }
        for (quantity, number) in zip(quantities, state) { quantity[index] = number }
        refresh(index)
    }
}
