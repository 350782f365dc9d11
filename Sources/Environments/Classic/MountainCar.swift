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
    /// Of use during a step only: cosines of three times the positions.
    private let cosines: StateArray<Double>
    private let goalVelocity: Double

    /// Makes room for environments.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    public init(count: Int, options: Options) {
        position = StateArray(count)
        velocity = StateArray(count)
        cosines = StateArray(count)
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
        let start = Lanes(repeating: position[index])
        let (place, speed, isOver) = advanced(
            start, Lanes(repeating: velocity[index]), Self.cosine(start), Lanes(repeating: Double(action[0])))
        position[index] = place[0]
        velocity[index] = speed[0]
        observe(index, row.observation)
        return StepOutcome(-1, isTerminated: isOver[0])
    }

    @inline(__always)
    private static func cosine(_ position: Lanes) -> Lanes { LaneMathematics.sineAndCosine(3 * position).cosine }

    /// The equations of motion for four cars.
    @inline(__always)
    private func advanced(
        _ position: Lanes, _ velocity: Lanes, _ cosine: Lanes, _ action: Lanes
    ) -> (position: Lanes, velocity: Lanes, isOver: LaneMathematics.Mask) {
        let acceleration = (action - 1) * 0.001 + cosine * -0.0025
        var speed = LaneMathematics.cut(velocity + acceleration, -0.07, 0.07)
        let place = LaneMathematics.cut(position + speed, -1.2, 0.6)
        speed.replace(with: 0, where: (place .== -1.2) .& (speed .< 0))
        return (place, speed, (place .>= 0.5) .& (speed .>= goalVelocity))
    }

    /// Runs are stepped four at a time.
    public static var isDense: Bool { true }

    /// Four environments at a time, the cosines of all of them first: a short loop has several of its turns under way.
    public func step(
        _ range: Range<Int>, _ actions: UnsafePointer<Int64>, _ generators: UnsafeMutablePointer<EnvironmentGenerator>,
        _ rows: StepRows<Float>
    ) {
        var index = range.lowerBound
        while index &+ 4 <= range.upperBound {
            cosines.put(Self.cosine(position.lanes(index)), index)
            index &+= 4
        }
        index = range.lowerBound
        var offset = 0
        while index &+ 4 <= range.upperBound {
            let (place, speed, isOver) = advanced(
                position.lanes(index), velocity.lanes(index), cosines.lanes(index),
                LaneMathematics.real(actions + offset))
            position.put(place, index)
            velocity.put(speed, index)
            LaneMathematics.storePairs(place, speed, rows.observations + 2 * offset)
            LaneMathematics.store(isOver, rows.terminated + offset)
            LaneMathematics.store(Lanes(repeating: -1), rows.rewards + offset)
            index &+= 4
            offset &+= 4
        }
        while index < range.upperBound {
            stepAlone(index, offset, width: 2, actions, generators, rows)
            index &+= 1
            offset &+= 1
        }
    }

    /// A car on the hill, and the flag at the goal.
    static func picture(position: Double, goal: Double) -> Picture {
        var canvas = Canvas(width: 600, height: 400, scale: 600 / 1.8, origin: (400, 0))
        func hill(_ x: Double) -> Double { Mathematics.sine(3 * x) * 0.45 + 0.55 }
        for step in 0..<90 {
            let x = -1.2 + Double(step) / 50
            canvas.line((x, hill(x)), (x + 0.02, hill(x + 0.02)), width: 0.008, Canvas.black)
        }
        canvas.line((goal, hill(goal)), (goal, hill(goal) + 0.15), width: 0.006, Canvas.black)
        canvas.line((goal + 0.015, hill(goal) + 0.135), (goal + 0.05, hill(goal) + 0.135), width: 0.03, Canvas.yellow)
        let slope = 3 * 0.45 * Mathematics.cosine(3 * position)
        let norm = Mathematics.squareRoot(1 + slope * slope)
        func beside(_ along: Double, _ above: Double) -> (x: Double, y: Double) {
            (position + (along - above * slope) / norm, hill(position) + (along * slope + above) / norm)
        }
        canvas.line(beside(-0.045, 0.06), beside(0.045, 0.06), width: 0.05, Canvas.black)
        canvas.disc(beside(-0.035, 0.024), radius: 0.02, Canvas.grey)
        canvas.disc(beside(0.035, 0.024), radius: 0.02, Canvas.grey)
        return canvas.picture
    }

    /// The hill, the flag and the car.
    ///
    /// - Parameter index: the environment.
    /// - Returns: 600x400 pixels.
    public func picture(_ index: Int) -> Picture? {
        Self.picture(position: position[index], goal: 0.5)
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
