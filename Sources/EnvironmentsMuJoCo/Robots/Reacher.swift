public import Environments
public import Physics

/// An arm of two links is to reach a target: `Reacher-v4` and `Reacher-v5`.
///
/// Observation: cosines and sines of both angles, the target's place, angular velocities, the way from target to
/// fingertip. Action: 2 torques in [−1, 1]. Reward: minus distance and the action's cost; the distance is that before the
/// step in v4, that after it in v5. Truncated after 50 steps; never ends by itself.
///
/// Source: constants as in Gymnasium's `reacher_v5.py`.
public struct Reacher: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Weight of the distance.
        public var distanceCostWeight = 1.0
        /// Weight of the action's squares.
        public var controlCostWeight = 1.0
        /// Whether the distance counts as it is after the step.
        public var measuresAfterStep: Bool
        /// Whether the way from target to fingertip is observed upwards too, where it is always 0.
        public var observesHeight: Bool
        /// Size of the noise of angles at the start.
        public var resetNoiseScale = 0.1
        /// Size of the noise of velocities at the start.
        public var resetVelocityScale = 0.005
        /// Farthest distance of the target from the arm's root.
        public var targetRadius = 0.2

        /// `Reacher-v4` or `Reacher-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "reacher.xml", frameSkip: 2, maximumEpisodeSteps: 50)
            measuresAfterStep = version == .v5
            observesHeight = version == .v4
        }
    }

    /// Parts of the reward.
    public struct Report: RobotReport {
        var distance = 0.0
        var control = 0.0

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 4, velocities: 4, controls: 2, bodies: 5)
    /// The distance.
    public static let memoryCount = 1
    /// Two timesteps.
    public static let stepNanoseconds = 7_000.0

    /// 11 numbers in v4, 10 in v5.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "Reacher", options.simulation, observations: options.observesHeight ? 11 : 10, actionBound: 1,
            rewardThreshold: -3.75, columns: ["reward_dist", "reward_ctrl"])
    }

    private let options: Options
    private let fingertip: Int
    private let target: Int

    /// An arm.
    public init(_ options: Options, _ model: PhysicsModel) throws(EnvironmentError) {
        self.options = options
        fingertip = try RobotModels.body("fingertip", model)
        target = try RobotModels.body("target", model)
        guard options.targetRadius > 0 else {
            throw .badOption(name: "targetRadius", reason: "it is \(options.targetRadius), must be above 0")
        }
    }

    /// No.
    public var readsExternalForces: Bool { false }

    /// Noise on the arm, the target uniform in a disc.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        // Gymnasium draws numbers for the target that it doesn't use.
        let isWhole = generator.kind == .gymnasium
        let scale = options.resetNoiseScale
        for index in 0..<(isWhole ? 4 : 2) { view.positions[index] += generator.uniform(-scale, scale) }
        let radius = options.targetRadius
        var x: Double
        var y: Double
        repeat {
            x = generator.uniform(-radius, radius)
            y = generator.uniform(-radius, radius)
        } while (x * x + y * y).squareRoot() >= radius
        view.positions[2] = x
        view.positions[3] = y
        let speed = options.resetVelocityScale
        for index in 0..<(isWhole ? 4 : 2) { view.velocities[index] += generator.uniform(-speed, speed) }
        view.velocities[2] = 0
        view.velocities[3] = 0
    }

    private func way(_ view: PhysicsView, _ axis: Int) -> Double {
        view.bodyPositions[3 * fingertip + axis] - view.bodyPositions[3 * target + axis]
    }

    /// The distance.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {
        let (x, y, z) = (way(view, 0), way(view, 1), way(view, 2))
        memory[0] = (x * x + y * y + z * z).squareRoot()
    }

    /// Angles, target, velocities, way.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(Mathematics.cosine(view.positions[0]))
        writer.append(Mathematics.cosine(view.positions[1]))
        writer.append(Mathematics.sine(view.positions[0]))
        writer.append(Mathematics.sine(view.positions[1]))
        writer.append(view.positions, 2..<4)
        writer.append(view.velocities, 0..<2)
        for axis in 0..<(options.observesHeight ? 3 : 2) { writer.append(way(view, axis)) }
    }

    /// Minus distance and cost.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        let before = memory[0]
        remember(view, memory)
        report.distance = options.distanceCostWeight * (options.measuresAfterStep ? memory[0] : before)
        report.control = Self.controlCost(action, weight: options.controlCostWeight)
        return StepOutcome(Float(-report.distance - report.control))
    }

    /// Parts of the reward.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, -report.distance)
        row.set(1, -report.control)
    }
}
