/// An underpowered car is to get up a hill by swinging: `MountainCar-v0`.
///
/// Observation: position, velocity. Actions: 0 push left, 1 nothing, 2 push right. Reward −1 a step. Ends at position 0.5;
/// truncated after 200 steps.
///
/// Source: Moore 1990; constants as in Gymnasium's `mountain_car.py`.
public final class MountainCar: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 200
        /// Least velocity at the goal.
        public var goalVelocity = 0.0

        /// `MountainCar-v0`.
        public init() {}
    }

    /// `MountainCar-v0`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "MountainCar-v0",
            observation: .box(
                low: [Double(Float(-1.2)), Double(Float(-0.07))], high: [Double(Float(0.6)), Double(Float(0.07))],
                shape: [2], element: .float32),
            action: .discrete(3), maximumEpisodeSteps: options.maximumEpisodeSteps, rewardThreshold: -110)
    }

    private let position: StateArray<Double>
    private let velocity: StateArray<Double>
    private let goalVelocity: Double

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        position = StateArray(count)
        velocity = StateArray(count)
        goalVelocity = options.goalVelocity
    }

    /// A cosine.
    public var stepNanoseconds: Double { 15 }

    /// Position uniform in [−0.6, −0.4), at rest.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        position[index] = generator.uniform(-0.6, -0.4)
        velocity[index] = 0
        observe(index, row.observation)
    }

    @inline(__always)
    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(position[index])
        observation[1] = Float(velocity[index])
    }

    /// One step.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let push = Double(action[0] - 1) * 0.001
        let isOver = Self.advance(
            &position.pointer[index], &velocity.pointer[index],
            acceleration: push + Mathematics.cosine(3 * position[index]) * -0.0025, goal: 0.5,
            goalVelocity: goalVelocity)
        observe(index, row.observation)
        return StepOutcome(-1, isTerminated: isOver)
    }

    /// What both cars have in common: limits of speed and place, a wall on the left, a goal on the right.
    @inline(__always)
    static func advance(
        _ position: inout Double, _ velocity: inout Double, acceleration: Double, goal: Double, goalVelocity: Double
    ) -> Bool {
        velocity = min(max(velocity + acceleration, -0.07), 0.07)
        position = min(max(position + velocity, -1.2), 0.6)
        if position == -1.2, velocity < 0 { velocity = 0 }
        return position >= goal && velocity >= goalVelocity
    }

    /// Position, velocity.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([position[index], velocity[index]]) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.numbers(bytes, count: 2)
        position[index] = state[0]
        velocity[index] = state[1]
    }
}

/// The car on the hill with a continuous push: `MountainCarContinuous-v0`.
///
/// Action: a force, cut to [−1, 1]. Reward 100 at the goal, position 0.45, minus 0.1 times the square of the action.
/// Truncated after 999 steps.
///
/// Source: as for ``MountainCar``; constants as in Gymnasium's `continuous_mountain_car.py`.
public final class MountainCarContinuous: EnvironmentKernel {
    /// What can be chosen.
    public struct Options: Sendable, Codable, Hashable {
        /// Steps after which an episode is truncated.
        public var maximumEpisodeSteps = 999
        /// Least velocity at the goal.
        public var goalVelocity = 0.0

        /// `MountainCarContinuous-v0`.
        public init() {}
    }

    /// `MountainCarContinuous-v0`.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "MountainCarContinuous-v0",
            observation: .box(
                low: [Double(Float(-1.2)), Double(Float(-0.07))], high: [Double(Float(0.6)), Double(Float(0.07))],
                shape: [2], element: .float32),
            action: .box(low: [-1], high: [1], shape: [1], element: .float32),
            maximumEpisodeSteps: options.maximumEpisodeSteps, rewardThreshold: 90)
    }

    private let position: StateArray<Double>
    private let velocity: StateArray<Double>
    private let goalVelocity: Double

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        position = StateArray(count)
        velocity = StateArray(count)
        goalVelocity = options.goalVelocity
    }

    /// A cosine.
    public var stepNanoseconds: Double { 15 }

    /// Position uniform in [−0.6, −0.4), at rest.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        position[index] = generator.uniform(-0.6, -0.4)
        velocity[index] = 0
        observe(index, row.observation)
    }

    @inline(__always)
    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(position[index])
        observation[1] = Float(velocity[index])
    }

    /// One step, in the reference's mix of precisions: it keeps its state in float32 from the first step on.
    ///
    /// Sums of float32 numbers are formed in float64 and rounded, which gives the same result.
    public func step(
        _ index: Int, _ action: UnsafePointer<Float>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        var place = position[index]
        var speed = velocity[index]
        let isSingle = Double(Float(place)) == place && Double(Float(speed)) == speed
        func rounded(_ x: Double) -> Double { isSingle ? Double(Float(x)) : x }
        let slope = 0.0025 * Mathematics.cosine(rounded(3 * place))
        let force = action[0]
        // A force that is cut becomes float64.
        let acceleration =
            abs(force) > 1
            ? rounded((force < 0 ? -0.0015 : 0.0015) - slope) : Double(force * Float(0.0015) - Float(slope))
        speed = rounded(speed + acceleration)
        speed = min(max(speed, rounded(-0.07)), rounded(0.07))
        place = min(max(rounded(place + speed), rounded(-1.2)), rounded(0.6))
        if place == rounded(-1.2), speed < 0 { speed = 0 }
        let isOver = place >= rounded(0.45) && speed >= rounded(goalVelocity)
        position[index] = Double(Float(place))
        velocity[index] = Double(Float(speed))
        observe(index, row.observation)
        let cost = Double(action[0]) * Double(action[0]) * 0.1
        return StepOutcome(Float((isOver ? 100 : 0) - cost), isTerminated: isOver)
    }

    /// Position, velocity.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([position[index], velocity[index]]) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.numbers(bytes, count: 2)
        position[index] = state[0]
        velocity[index] = state[1]
    }
}
