import Environments
import Physics

extension Robot {
    /// The weighted sum of squares of an action.
    @inline(__always)
    static func controlCost(_ action: UnsafePointer<Double>, weight: Double) -> Double {
        var cost = 0.0
        for index in 0..<shape.controls { cost += weight * action[index] * action[index] }
        return cost
    }

    /// Adds uniform noise to all positions.
    static func scatterPositions(_ view: PhysicsView, _ generator: inout EnvironmentGenerator, scale: Double) {
        for index in 0..<shape.positions { view.positions[index] += generator.uniform(-scale, scale) }
    }

    /// Adds uniform noise to all velocities.
    static func scatterVelocities(_ view: PhysicsView, _ generator: inout EnvironmentGenerator, scale: Double) {
        for index in 0..<shape.velocities { view.velocities[index] += generator.uniform(-scale, scale) }
    }

    /// Adds normal noise to all velocities.
    static func scatterNormally(_ view: PhysicsView, _ generator: inout EnvironmentGenerator, scale: Double) {
        for index in 0..<shape.velocities {
            view.velocities[index] += generator.normal(mean: 0, standardDeviation: scale)
        }
    }

    /// The specification of a task without bounds on observations.
    static func specification(
        _ name: String, _ simulation: RobotSimulation, observations: Int, actionBound: Double,
        rewardThreshold: Double?, columns: [String]
    ) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "\(name)-\(simulation.version.rawValue)",
            observation: .unbounded([observations], .float64),
            action: .box(low: [-actionBound], high: [actionBound], shape: [shape.controls], element: .float64),
            maximumEpisodeSteps: simulation.maximumEpisodeSteps, rewardThreshold: rewardThreshold,
            columns: columns.map { EnvironmentSpecification.Column($0, .float64) })
    }
}

extension StepRow where Observation == Double {
    /// Writes a number of an extra column.
    @inline(__always)
    func set(_ place: Int, _ value: Double) { column(place, as: Double.self).pointee = value }
}

/// Writes an observation, part by part.
struct ObservationWriter {
    private var next: UnsafeMutablePointer<Double>

    @inline(__always)
    init(_ observation: UnsafeMutablePointer<Double>) { next = observation }

    /// One number.
    @inline(__always)
    mutating func append(_ number: Double) {
        next.pointee = number
        next += 1
    }

    /// A range of numbers.
    @inline(__always)
    mutating func append(_ numbers: UnsafePointer<Double>, _ range: Range<Int>) {
        next.update(from: numbers + range.lowerBound, count: range.count)
        next += range.count
    }

    /// A range of numbers, cut to bounds.
    @inline(__always)
    mutating func append(_ numbers: UnsafePointer<Double>, _ range: Range<Int>, within bounds: ClosedRange<Double>) {
        for index in range { append(min(max(numbers[index], bounds.lowerBound), bounds.upperBound)) }
    }
}

/// Where a robot is in the plane, and how fast it moved there.
struct PlaneMotion: Sendable {
    var x = 0.0
    var y = 0.0
    var xVelocity = 0.0
    var yVelocity = 0.0

    /// At rest at the origin.
    init() {}

    /// A motion from the place in memory, which becomes the new one.
    @inline(__always)
    init(to x: Double, _ y: Double, in seconds: Double, _ memory: UnsafeMutablePointer<Double>) {
        self.x = x
        self.y = y
        xVelocity = (x - memory[0]) / seconds
        yVelocity = (y - memory[1]) / seconds
        memory[0] = x
        memory[1] = y
    }

    static let columns = ["x_position", "y_position", "distance_from_origin", "x_velocity", "y_velocity"]

    /// Writes the columns of a motion.
    @inline(__always)
    func write(_ row: StepRow<Double>, from place: Int) {
        row.set(place, x)
        row.set(place + 1, y)
        row.set(place + 2, (x * x + y * y).squareRoot())
        row.set(place + 3, xVelocity)
        row.set(place + 4, yVelocity)
    }
}

/// Where a robot is on a line, and how fast it moved there.
struct LineMotion: Sendable {
    var x = 0.0
    var velocity = 0.0

    /// At rest at the origin.
    init() {}

    /// A motion from the place in memory, which becomes the new one.
    @inline(__always)
    init(to x: Double, in seconds: Double, _ memory: UnsafeMutablePointer<Double>) {
        self.x = x
        velocity = (x - memory[0]) / seconds
        memory[0] = x
    }

    static let columns = ["x_position", "x_velocity"]

    /// Writes the columns of a motion.
    @inline(__always)
    func write(_ row: StepRow<Double>, from place: Int) {
        row.set(place, x)
        row.set(place + 1, velocity)
    }
}

/// Whether a robot is healthy, what that pays, and whether it ends the episode.
struct Health {
    /// Whether the reward is paid.
    let isPaid: Bool
    /// Whether the episode is over.
    let isOver: Bool

    /// Health by the rules of a task.
    ///
    /// Where the end of health ends the episode, tasks that aren't strict pay the last step too.
    @inline(__always)
    init(_ isHealthy: Bool, ends: Bool, isStrict: Bool) {
        isPaid = isHealthy || ends && !isStrict
        isOver = ends && !isHealthy
    }

    @inline(__always)
    func reward(_ reward: Double) -> Double { isPaid ? reward : 0 }
}
