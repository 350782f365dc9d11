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
    /// 1 where the state may not be float32: before the first step.
    private let isDouble: StateArray<UInt8>
    /// Of use during a step only: how steep the hill is, times gravity.
    private let slopes: StateArray<Float>
    private let goalVelocity: Double

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        position = StateArray(count)
        velocity = StateArray(count)
        isDouble = StateArray(count)
        slopes = StateArray(count)
        goalVelocity = options.goalVelocity
    }

    /// A cosine.
    public var stepNanoseconds: Double { 15 }

    /// Position uniform in [−0.6, −0.4), at rest.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        position[index] = generator.uniform(-0.6, -0.4)
        velocity[index] = 0
        isDouble[index] = 1
        observe(index, row.observation)
    }

    @inline(__always)
    private func observe(_ index: Int, _ observation: UnsafeMutablePointer<Float>) {
        observation[0] = Float(position[index])
        observation[1] = Float(velocity[index])
    }

    /// One step, in the reference's mix of precisions: it keeps its state in float32 from the first step on.
    public func step(
        _ index: Int, _ action: UnsafePointer<Float>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        let place = Lanes(repeating: position[index])
        let speed = Lanes(repeating: velocity[index])
        let isSingle = Self.isSingle(place, speed)[0]
        let next = advanced(place, speed, SIMD4(repeating: action[0]), isSingle: isSingle)
        position[index] = next.position[0]
        velocity[index] = next.velocity[0]
        isDouble[index] = 0
        observe(index, row.observation)
        return StepOutcome(next.reward[0], isTerminated: next.isOver[0])
    }

    private typealias Next = (position: Lanes, velocity: Lanes, reward: SIMD4<Float>, isOver: LaneMathematics.Mask)

    @inline(__always)
    private static func isSingle(_ position: Lanes, _ velocity: Lanes) -> LaneMathematics.Mask {
        (Lanes(SIMD4<Float>(position)) .== position) .& (Lanes(SIMD4<Float>(velocity)) .== velocity)
    }

    /// The equations of motion for four cars.
    ///
    /// Sums of float32 numbers are formed in float64 and rounded, which gives the same result.
    private func advanced(
        _ position: Lanes, _ velocity: Lanes, _ action: SIMD4<Float>, isSingle: Bool
    ) -> Next {
        func rounded(_ x: Lanes) -> Lanes { isSingle ? Lanes(SIMD4<Float>(x)) : x }
        func rounded(_ x: Double) -> Double { isSingle ? Double(Float(x)) : x }
        let force = Lanes(action)
        let slope = 0.0025 * LaneMathematics.sineAndCosine(rounded(3 * position)).cosine
        var acceleration = Lanes(action * Float(0.0015) - SIMD4<Float>(slope))
        // A force that is cut becomes float64.
        acceleration.replace(with: rounded(0.0015 - slope), where: force .> 1)
        acceleration.replace(with: rounded(-0.0015 - slope), where: force .< -1)
        var speed = LaneMathematics.cut(rounded(velocity + acceleration), rounded(-0.07), rounded(0.07))
        let place = LaneMathematics.cut(rounded(position + speed), rounded(-1.2), rounded(0.6))
        speed.replace(with: 0, where: (place .== rounded(-1.2)) .& (speed .< 0))
        let isOver = (place .>= rounded(0.45)) .& (speed .>= rounded(goalVelocity))
        let prize = Lanes().replacing(with: 100, where: isOver)
        return (
            Lanes(SIMD4<Float>(place)), Lanes(SIMD4<Float>(speed)), SIMD4<Float>(prize - force * force * 0.1), isOver
        )
    }

    /// Runs are stepped four at a time.
    public static var isDense: Bool { true }

    /// Four environments at a time, the cosines of all of them first: a short loop has several of its turns under way.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Float>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        let start = range.lowerBound
        let fours = range.count & ~3
        for offset in stride(from: 0, to: fours, by: 4) {
            let angle = 3 * SIMD4<Float>(position.lanes(start &+ offset))
            LaneMathematics.store(
                0.0025 * LaneMathematics.sineAndCosine(Lanes(angle)).cosine, slopes.pointer + (start &+ offset))
        }
        for offset in stride(from: 0, to: fours, by: 4) {
            let action = UnsafeRawPointer(actions + offset).loadUnaligned(as: SIMD4<Float>.self)
            let flags = UnsafeRawPointer(isDouble.pointer + (start &+ offset)).loadUnaligned(as: UInt32.self)
            if flags == 0, !any((action .> 1) .| (action .< -1)) {
                stepFour(start &+ offset, action, rows, offset)
            } else {
                for offset in offset..<(offset &+ 4) {
                    stepAlone(start &+ offset, offset, width: 2, actions, generators, rows)
                }
            }
        }
        for offset in fours..<range.count {
            stepAlone(start &+ offset, offset, width: 2, actions, generators, rows)
        }
    }

    /// The equations of motion for four cars whose states are float32 and whose forces aren't cut.
    ///
    /// A sum or a product of two float32 numbers is the same as one formed in float64 and rounded.
    @inline(__always)
    private func stepFour(_ index: Int, _ action: SIMD4<Float>, _ rows: StepRows<Float>, _ offset: Int) {
        let slope = UnsafeRawPointer(slopes.pointer + index).loadUnaligned(as: SIMD4<Float>.self)
        var speed = SIMD4<Float>(velocity.lanes(index)) + (action * Float(0.0015) - slope)
        speed = LaneMathematics.cut(speed, Float(-0.07), Float(0.07))
        let place = LaneMathematics.cut(SIMD4<Float>(position.lanes(index)) + speed, Float(-1.2), Float(0.6))
        speed.replace(with: 0, where: (place .== Float(-1.2)) .& (speed .< 0))
        let isOver = (place .>= Float(0.45)) .& (speed .>= Float(goalVelocity))
        let force = Lanes(action)
        let prize = SIMD4<Float>().replacing(with: 100, where: isOver)
        LaneMathematics.store(Lanes(prize) - force * force * 0.1, rows.rewards + offset)
        LaneMathematics.store(isOver, rows.terminated + offset)
        position.put(Lanes(place), index)
        velocity.put(Lanes(speed), index)
        var both = SIMD8<Float>()
        both.evenHalf = place
        both.oddHalf = speed
        UnsafeMutableRawPointer(rows.observations + 2 &* offset).storeBytes(of: both, as: SIMD8<Float>.self)
    }

    /// The hill, the flag and the car.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 600x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        MountainCar.picture(position: position[index], goal: 0.45)
    }

    /// Position, velocity.
    public func snapshot(_ index: Int) -> [UInt8] { Snapshot.bytes([position[index], velocity[index]]) }

    /// Takes what ``snapshot(_:)`` gave.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let state = try Snapshot.numbers(bytes, count: 2)
        position[index] = state[0]
        velocity[index] = state[1]
        isDouble[index] = 1
    }
}
