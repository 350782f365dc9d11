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

    private typealias Vector = SIMD4<Double>
    /// Both angles, both velocities; four numbers an environment.
    private let states: StateArray<Double>

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        states = StateArray(4 * count)
    }

    /// Some 24 trigonometric functions.
    public var stepNanoseconds: Double { 300 }

    /// All four numbers uniform in [−0.1, 0.1), rounded to float32 as in the reference.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        for place in 0..<4 { states[4 * index + place] = Double(Float(generator.uniform(-0.1, 0.1))) }
        observe(index, row.observation)
    }

    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        let state = states.pointer + 4 * index
        observation[0] = Float(Mathematics.cosine(state[0]))
        observation[1] = Float(Mathematics.sine(state[0]))
        observation[2] = Float(Mathematics.cosine(state[1]))
        observation[3] = Float(Mathematics.sine(state[1]))
        observation[4] = Float(state[2])
        observation[5] = Float(state[3])
    }

    /// One step of 0.2 s.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let state = states.pointer + 4 * index
        let start = Vector(state[0], state[1], state[2], state[3])
        let torque = Double(action[0] - 1)
        let first = Self.derivative(start, torque)
        let second = Self.derivative(start + 0.1 * first, torque)
        let third = Self.derivative(start + 0.1 * second, torque)
        let fourth = Self.derivative(start + 0.2 * third, torque)
        let middle: Vector = 2 * second + 2 * third
        let slope: Vector = first + middle + fourth
        let end: Vector = start + (0.2 / 6) * slope
        state[0] = Self.wrapped(end[0])
        state[1] = Self.wrapped(end[1])
        state[2] = min(max(end[2], -4 * Double.pi), 4 * Double.pi)
        state[3] = min(max(end[3], -9 * Double.pi), 9 * Double.pi)
        observe(index, row.observation)
        let isOver = -Mathematics.cosine(state[0]) - Mathematics.cosine(state[1] + state[0]) > 1
        return StepOutcome(isOver ? 0 : -1, isTerminated: isOver)
    }

    /// Links of length 1, mass 1 and moment 1, with their centres in the middle.
    private static func derivative(_ state: Vector, _ torque: Double) -> Vector {
        let gravity = 9.8
        let sine = Mathematics.sine(state[1])
        let cosine = Mathematics.cosine(state[1])
        let inertia: Double = 0.25 + (1 + 0.25 + cosine) + 1 + 1
        let coupling: Double = (0.25 + 0.5 * cosine) + 1
        let outer = 0.5 * gravity * Mathematics.cosine(state[0] + state[1] - Double.pi / 2)
        let centrifugal: Double = -0.5 * (state[3] * state[3]) * sine - state[3] * state[2] * sine
        let weight: Double = 1.5 * gravity * Mathematics.cosine(state[0] - Double.pi / 2)
        let inner: Double = centrifugal + weight + outer
        let push: Double = torque + coupling / inertia * inner - 0.5 * (state[2] * state[2]) * sine - outer
        let elbow: Double = push / (0.25 + 1 - coupling * coupling / inertia)
        let shoulder = -(coupling * elbow + inner) / inertia
        return Vector(state[2], state[3], shoulder, elbow)
    }

    private static func wrapped(_ angle: Double) -> Double {
        var angle = angle
        while angle > Double.pi { angle -= 2 * Double.pi }
        while angle < -Double.pi { angle += 2 * Double.pi }
        return angle
    }

    /// Both links, and the height that is to be reached.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 400x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        var canvas = Canvas(width: 400, height: 400, scale: 90, origin: (200, 200))
        let first = states[4 * index]
        let second = first + states[4 * index + 1]
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
    public func snapshot(_ index: Int) -> [UInt8] {
        Snapshot.bytes((0..<4).map { states[4 * index + $0] })
    }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        for (place, number) in try Snapshot.numbers(bytes, count: 4).enumerated() { states[4 * index + place] = number }
    }
}
