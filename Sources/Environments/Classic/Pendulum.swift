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
    private let gravity: Double

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        angle = StateArray(count)
        velocity = StateArray(count)
        gravity = options.gravity
    }

    /// A few trigonometric functions.
    public var stepNanoseconds: Double { 45 }

    /// Angle uniform in [−π, π), velocity in [−1, 1).
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        angle[index] = generator.uniform(-Double.pi, Double.pi)
        velocity[index] = generator.uniform(-1, 1)
        observe(index, row.observation)
    }

    @inline(__always)
    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(Mathematics.cosine(angle[index]))
        observation[1] = Float(Mathematics.sine(angle[index]))
        observation[2] = Float(velocity[index])
    }

    /// One step of 0.05 s; products with the torque are float32, as in the reference.
    public func step(
        _ index: Int, _ action: UnsafePointer<Float>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let torque = min(max(action[0], -2), 2)
        let theta = angle[index]
        let speed = velocity[index]
        let deviation = Self.normalized(theta)
        let cost = deviation * deviation + 0.1 * (speed * speed) + Double(Float(0.001) * (torque * torque))
        let acceleration = 3 * gravity / 2 * Mathematics.sine(theta) + Double(3 * torque)
        let next = min(max(speed + acceleration * 0.05, -8), 8)
        velocity[index] = next
        angle[index] = theta + next * 0.05
        observe(index, row.observation)
        return StepOutcome(Float(-cost))
    }

    /// The angle in [−π, π), as Python's `%` has it.
    private static func normalized(_ angle: Double) -> Double {
        let turn = 2 * Double.pi
        var rest = Mathematics.remainder(angle + Double.pi, turn)
        if rest < 0 { rest += turn }
        return rest - Double.pi
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
    }
}
