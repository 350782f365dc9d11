/// A pendulum is to be swung up and held: `Pendulum-v1`.
///
/// Observation: cosine and sine of the angle, angular velocity. Action: a torque, cut to [−2, 2]. Reward: minus angle² +
/// 0.1 velocity² + 0.001 torque². Truncated after 200 steps; never ends by itself.
///
/// Source: constants as in Gymnasium's `pendulum.py`.
public final class Pendulum: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 200
        /// Gravity.
        public var gravity = 10.0

        /// `Pendulum-v1`.
        public init() {}
    }

    /// `Pendulum-v1`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Pendulum-v1",
            observation: .box(low: [-1, -1, -8], high: [1, 1, 8], shape: [3], element: .float32),
            action: .box(low: [-2], high: [2], shape: [1], element: .float32),
            maximumEpisodeSteps: options.maximumEpisodeSteps)
    }

    private let angle: StateArray<Double>
    private let velocity: StateArray<Double>
    /// Sine of the angle.
    private let sine: StateArray<Double>
    private let gravity: Double

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        angle = StateArray(count)
        velocity = StateArray(count)
        sine = StateArray(count)
        gravity = options.gravity
    }

    /// A sine, a cosine and a remainder.
    public var stepNanoseconds: Double { 25 }

    /// Angle uniform in [−π, π), velocity in [−1, 1).
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        angle[index] = generator.uniform(-Double.pi, Double.pi)
        velocity[index] = generator.uniform(-1, 1)
        let trigonometry = Self.trigonometry(angle[index])
        sine[index] = trigonometry.sine
        row.observation[0] = Float(trigonometry.cosine)
        row.observation[1] = Float(trigonometry.sine)
        row.observation[2] = Float(velocity[index])
    }

    /// Sine and cosine of one angle, the same bits as of four.
    private static func trigonometry(_ angle: Double) -> (sine: Double, cosine: Double) {
        guard abs(angle) <= LaneMathematics.largestAngle else {
            return (Mathematics.sine(angle), Mathematics.cosine(angle))
        }
        let both = LaneMathematics.sineAndCosine(Lanes(repeating: angle))
        return (both.sine[0], both.cosine[0])
    }

    /// One step of 0.05 s.
    public func step(
        _ index: Int, _ action: UnsafePointer<Float>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let theta = angle[index]
        let next = advanced(
            Self.normalized(Lanes(repeating: theta)), Lanes(repeating: theta), Lanes(repeating: velocity[index]),
            Lanes(repeating: sine[index]), SIMD4(repeating: action[0]))
        angle[index] = next.angle[0]
        velocity[index] = next.velocity[0]
        let trigonometry = Self.trigonometry(next.angle[0])
        sine[index] = trigonometry.sine
        row.observation[0] = Float(trigonometry.cosine)
        row.observation[1] = Float(trigonometry.sine)
        row.observation[2] = Float(next.velocity[0])
        return StepOutcome(next.reward[0])
    }

    private typealias Next = (angle: Lanes, velocity: Lanes, reward: SIMD4<Float>)

    /// The equations of motion for four pendulums; products with the torque are float32, as in the reference.
    @inline(__always)
    private func advanced(
        _ deviation: Lanes, _ angle: Lanes, _ velocity: Lanes, _ sine: Lanes, _ action: SIMD4<Float>
    ) -> Next {
        let torque = action.replacing(with: -2, where: action .< -2).replacing(with: 2, where: action .> 2)
        let effort = Lanes(Float(0.001) * (torque * torque))
        let cost = deviation * deviation + 0.1 * (velocity * velocity) + effort
        let acceleration = (3 * gravity / 2) * sine + Lanes(3 * torque)
        let speed = LaneMathematics.cut(velocity + acceleration * 0.05, -8, 8)
        return (angle + speed * 0.05, speed, SIMD4<Float>(-cost))
    }

    /// The angle in [−π, π), as Python's `%` has it.
    @inline(__always)
    private static func normalized(_ angle: Lanes) -> Lanes {
        let turn = 2 * Double.pi
        // A turn in two parts, so that multiples of the first are exact.
        let high = 0x1.921fb54400000p+2
        let low = turn - high
        let shifted = angle + Double.pi
        let count = LaneMathematics.rounded(shifted * (1 / turn) - 0.5)
        var rest = (shifted - count * high) - count * low
        rest.replace(with: rest + turn, where: rest .< 0)
        rest.replace(with: rest - turn, where: rest .>= turn)
        return rest - Double.pi
    }

    /// Runs are stepped four at a time.
    public static var isDense: Bool { true }

    /// Four environments at a time, sines and cosines of all of them last: a short loop has several of its turns under
    /// way.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Float>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        let start = range.lowerBound
        let fours = range.count & ~3
        rows.terminated.update(repeating: 0, count: range.count)
        for offset in stride(from: 0, to: fours, by: 4) {
            let theta = angle.lanes(start &+ offset)
            guard all(LaneMathematics.magnitude(theta) .< LaneMathematics.largestAngle - 1) else {
                for offset in offset..<(offset &+ 4) {
                    stepAlone(start &+ offset, offset, width: 3, actions, generators, rows)
                }
                continue
            }
            let action = UnsafeRawPointer(actions + offset).loadUnaligned(as: SIMD4<Float>.self)
            let next = advanced(
                Self.normalized(theta), theta, velocity.lanes(start &+ offset), sine.lanes(start &+ offset), action)
            angle.put(next.angle, start &+ offset)
            velocity.put(next.velocity, start &+ offset)
            UnsafeMutableRawPointer(rows.rewards + offset).storeBytes(of: next.reward, as: SIMD4<Float>.self)
        }
        for offset in stride(from: 0, to: fours, by: 4) {
            let theta = angle.lanes(start &+ offset)
            // Where an angle is larger they were stepped alone.
            guard all(LaneMathematics.magnitude(theta) .<= LaneMathematics.largestAngle) else { continue }
            observe(theta, start &+ offset, rows.observations + 3 &* offset)
        }
        for offset in fours..<range.count {
            stepAlone(start &+ offset, offset, width: 3, actions, generators, rows)
        }
    }

    @inline(__always)
    private func observe(_ theta: Lanes, _ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        let both = LaneMathematics.sineAndCosine(theta)
        sine.put(both.sine, index)
        LaneMathematics.storePairs(both.cosine, both.sine, observation, stride: 3)
        let speeds = SIMD4<Float>(velocity.lanes(index))
        for lane in 0..<4 { observation[3 &* lane &+ 2] = speeds[lane] }
    }

    /// The rod, upright at angle 0.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 400x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        var canvas = Canvas(width: 400, height: 400, scale: 150, origin: (200, 200))
        let end = (x: -Mathematics.sine(angle[index]), y: Mathematics.cosine(angle[index]))
        canvas.line((0, 0), end, width: 0.2, Canvas.red)
        canvas.disc((0, 0), radius: 0.05, Canvas.black)
        return canvas.picture
    }

    /// Angle, velocity.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([angle[index], velocity[index]]) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.numbers(bytes, count: 2)
        angle[index] = state[0]
        velocity[index] = state[1]
        sine[index] = Self.trigonometry(state[0]).sine
    }
}
