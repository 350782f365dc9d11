/// A pole on a cart is to be kept upright: `CartPole-v1`.
///
/// Observation: cart position (m), velocity, pole angle (rad), angular velocity. Actions: 0 push left, 1 push right.
/// Reward 1 a step. Ends when |position| > 2.4 or |angle| > 12°; truncated after 500 steps.
///
/// Source: Barto, Sutton and Anderson 1983; constants and Euler steps as in Gymnasium's `cartpole.py`.
public final class CartPole: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 500
        /// Reward 0 a step and −1 at the end, instead of 1 a step (Sutton and Barto).
        public var usesSuttonBartoReward = false

        /// `CartPole-v1`.
        public init() {}
    }

    /// `CartPole-v1`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        let largest = Double(Float.greatestFiniteMagnitude)
        let angle = Double(Float(2 * angleLimit))
        let high = [Double(Float(2 * positionLimit)), largest, angle, largest]
        let isShort = options.maximumEpisodeSteps <= 200
        return EnvironmentSpecification(
            id: isShort ? "CartPole-v0" : "CartPole-v1",
            observation: .box(low: high.map { -$0 }, high: high, shape: [4], element: .float32),
            action: .discrete(2), maximumEpisodeSteps: options.maximumEpisodeSteps,
            rewardThreshold: isShort ? 195 : 475)
    }

    private static let positionLimit = 2.4
    private static let angleLimit = 12 * 2 * Double.pi / 360
    private static let gravity = 9.8
    private static let poleMass = 0.1
    private static let totalMass = poleMass + 1.0
    private static let length = 0.5
    private static let poleMassLength = poleMass * length
    private static let force = 10.0
    private static let timeStep = 0.02
    private static let inverseMass = 1 / totalMass
    /// Square of the angle up to which the series are long enough; only a restored state can be beyond it.
    private static let seriesLimit = 0.09

    /// Position, velocity, angle, angular velocity.
    let position: StateArray<Double>
    let velocity: StateArray<Double>
    let angle: StateArray<Double>
    let rotation: StateArray<Double>
    private let stepReward: Float
    private let endReward: Float

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        position = StateArray(count)
        velocity = StateArray(count)
        angle = StateArray(count)
        rotation = StateArray(count)
        stepReward = options.usesSuttonBartoReward ? 0 : 1
        endReward = options.usesSuttonBartoReward ? -1 : 1
    }

    /// A few nanoseconds.
    public var stepNanoseconds: Double { 8 }

    /// All four numbers uniform in [−0.05, 0.05).
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        position[index] = generator.uniform(-0.05, 0.05)
        velocity[index] = generator.uniform(-0.05, 0.05)
        angle[index] = generator.uniform(-0.05, 0.05)
        rotation[index] = generator.uniform(-0.05, 0.05)
        observe(index, row.observation)
    }

    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(position[index])
        observation[1] = Float(velocity[index])
        observation[2] = Float(angle[index])
        observation[3] = Float(rotation[index])
    }

    /// One Euler step of 0.02 s.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let isOver = stepOne(index, action[0], row.observation)
        return StepOutcome(isOver ? endReward : stepReward, isTerminated: isOver)
    }

    /// One environment through the formulas of many, so that both come to the same bits.
    private func stepOne(_ index: Int, _ action: Int64, _ observation: UnsafeMutablePointer<Float>) -> Bool {
        let theta = angle[index]
        let vector = Vector(repeating: theta)
        let isSmall = theta * theta <= Self.seriesLimit
        let next = Self.advanced(
            position: Vector(repeating: position[index]), velocity: Vector(repeating: velocity[index]), angle: vector,
            rotation: Vector(repeating: rotation[index]),
            force: Vector(repeating: action == 1 ? Self.force : -Self.force),
            sine: isSmall ? Self.sine(vector) : Vector(repeating: Mathematics.sine(theta)),
            cosine: isSmall ? Self.cosine(vector) : Vector(repeating: Mathematics.cosine(theta)))
        position[index] = next.position[0]
        velocity[index] = next.velocity[0]
        angle[index] = next.angle[0]
        rotation[index] = next.rotation[0]
        observe(index, observation)
        return abs(next.position[0]) > Self.positionLimit || abs(next.angle[0]) > Self.angleLimit
    }

    private typealias Vector = SIMD4<Double>
    private typealias State = (position: Vector, velocity: Vector, angle: Vector, rotation: Vector)

    /// The equations of motion and one Euler step.
    @inline(__always)
    private static func advanced(
        position: Vector, velocity: Vector, angle: Vector, rotation: Vector, force: Vector, sine: Vector, cosine: Vector
    ) -> State {
        let temporary = (force + poleMassLength * (rotation * rotation) * sine) * inverseMass
        let angularAcceleration =
            (gravity * sine - cosine * temporary)
            / (length * (4.0 / 3.0 - (poleMass * inverseMass) * (cosine * cosine)))
        let acceleration = temporary - (poleMassLength * inverseMass) * angularAcceleration * cosine
        return (
            position + timeStep * velocity, velocity + timeStep * acceleration, angle + timeStep * rotation,
            rotation + timeStep * angularAcceleration
        )
    }

    /// Runs are stepped four at a time.
    public static var isDense: Bool { true }

    /// Four environments at a time; sine and cosine by their series, which near 0 is as exact.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        var index = range.lowerBound
        var offset = 0
        while index + 4 <= range.upperBound {
            stepFour(index, actions + offset, rows, offset)
            index += 4
            offset += 4
        }
        while index < range.upperBound {
            stepOne(index, actions[offset], rows, offset)
            index += 1
            offset += 1
        }
    }

    @inline(__always)
    private func stepFour(_ index: Int, _ actions: UnsafePointer<Int64>, _ rows: StepRows<Float>, _ offset: Int) {
        let theta = Self.load(angle, index)
        if any(theta * theta .> Self.seriesLimit) {
            for lane in 0..<4 { stepOne(index + lane, actions[lane], rows, offset + lane) }
            return
        }
        // Action 1 is the force, action 0 the force with its sign bit set.
        let choice = UnsafeRawPointer(actions).loadUnaligned(as: SIMD4<UInt64>.self)
        let force = unsafeBitCast(((1 &- choice) &<< 63) | Self.force.bitPattern, to: Vector.self)
        let next = Self.advanced(
            position: Self.load(position, index), velocity: Self.load(velocity, index), angle: theta,
            rotation: Self.load(rotation, index), force: force, sine: Self.sine(theta), cosine: Self.cosine(theta))
        Self.store(next.position, position, index)
        Self.store(next.velocity, velocity, index)
        Self.store(next.angle, angle, index)
        Self.store(next.rotation, rotation, index)
        let isOver =
            (Self.magnitude(next.position) .> Self.positionLimit) .| (Self.magnitude(next.angle) .> Self.angleLimit)
        // One byte for each lane, put together in halves.
        let bits = unsafeBitCast(isOver, to: SIMD4<UInt64>.self) & SIMD4(1, 1 << 8, 1 << 16, 1 << 24)
        let two = bits.lowHalf | bits.highHalf
        UnsafeMutableRawPointer(rows.terminated + offset).storeBytes(
            of: UInt32(truncatingIfNeeded: two[0] | two[1]), as: UInt32.self)
        UnsafeMutableRawPointer(rows.rewards + offset).storeBytes(
            of: SIMD4<Float>(repeating: stepReward), as: SIMD4<Float>.self)
        if endReward != stepReward {
            for lane in 0..<4 where isOver[lane] { rows.rewards[offset + lane] = endReward }
        }
        // Position, velocity, angle and rotation of one environment after another.
        let observations = rows.observations + 4 &* offset
        LaneMathematics.storePairs(next.position, next.velocity, observations, stride: 4)
        LaneMathematics.storePairs(next.angle, next.rotation, observations + 2, stride: 4)
    }

    private func stepOne(_ index: Int, _ action: Int64, _ rows: StepRows<Float>, _ offset: Int) {
        let isOver = stepOne(index, action, rows.observations + 4 * offset)
        rows.rewards[offset] = isOver ? endReward : stepReward
        rows.terminated[offset] = isOver ? 1 : 0
    }

    @inline(__always)
    private static func load(_ array: StateArray<Double>, _ index: Int) -> SIMD4<Double> {
        UnsafeRawPointer(array.pointer + index).loadUnaligned(as: SIMD4<Double>.self)
    }

    @inline(__always)
    private static func store(_ value: SIMD4<Double>, _ array: StateArray<Double>, _ index: Int) {
        UnsafeMutableRawPointer(array.pointer + index).storeBytes(of: value, as: SIMD4<Double>.self)
    }

    @inline(__always)
    private static func magnitude(_ x: Vector) -> Vector {
        unsafeBitCast(unsafeBitCast(x, to: SIMD4<UInt64>.self) & UInt64(Int64.max), to: Vector.self)
    }

    /// sin(x) by its series up to x¹³: exact to 1 ulp where x² is below ``seriesLimit``.
    @inline(__always)
    private static func sine(_ x: Vector) -> Vector {
        let s = x * x
        var sum = Vector(repeating: 1 / 6_227_020_800)
        sum = sum * s - 1 / 39_916_800
        sum = sum * s + 1 / 362_880
        sum = sum * s - 1 / 5_040
        sum = sum * s + 1 / 120
        sum = sum * s - 1 / 6
        return x + x * s * sum
    }

    /// cos(x) by its series up to x¹².
    @inline(__always)
    private static func cosine(_ x: Vector) -> Vector {
        let s = x * x
        var sum = Vector(repeating: 1 / 479_001_600)
        sum = sum * s - 1 / 3_628_800
        sum = sum * s + 1 / 40_320
        sum = sum * s - 1 / 720
        sum = sum * s + 1 / 24
        sum = sum * s - 0.5
        return sum * s + 1
    }

    /// The track, the cart and the pole.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 600x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        var canvas = Canvas(width: 600, height: 400, scale: 125, origin: (300, 120))
        let x = position[index]
        canvas.line((-3, 0), (3, 0), width: 0.01, Canvas.black)
        canvas.rectangle(center: (x, 0), width: 0.4, height: 0.24, Canvas.black)
        let tip = (x: x + 1.6 * Mathematics.sine(angle[index]), y: 0.08 + 1.6 * Mathematics.cosine(angle[index]))
        canvas.line((x, 0.08), tip, width: 0.08, Canvas.brown)
        canvas.disc((x, 0.08), radius: 0.04, Canvas.blue)
        return canvas.picture
    }

    /// Position, velocity, angle, angular velocity.
    public func snapshot(_ index: Int) -> [UInt8] {
        Snapshot.bytes([position[index], velocity[index], angle[index], rotation[index]])
    }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.numbers(bytes, count: 4)
        position[index] = state[0]
        velocity[index] = state[1]
        angle[index] = state[2]
        rotation[index] = state[3]
    }
}
