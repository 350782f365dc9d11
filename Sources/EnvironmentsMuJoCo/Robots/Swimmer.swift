public import Environments
public import Physics

/// A swimmer of three links is to swim: `Swimmer-v4` and `Swimmer-v5`.
///
/// Observation: positions without the place, velocities. Action: 2 torques in [−1, 1]. Reward: forward velocity minus the
/// action's cost. Never ends by itself.
///
/// Source: constants as in Gymnasium's `swimmer_v5.py`.
public struct Swimmer: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Weight of the forward velocity.
        public var forwardRewardWeight = 1.0
        /// Weight of the action's squares.
        public var controlCostWeight = 1e-4
        /// Size of the noise at the start.
        public var resetNoiseScale = 0.1
        /// Whether the place is left out of observations.
        public var excludesPlace = true

        /// `Swimmer-v4` or `Swimmer-v5`; they are the same.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "swimmer.xml", frameSkip: 4)
        }
    }

    /// Parts of the reward.
    public struct Report: RobotReport {
        var motion = PlaneMotion()
        var forward = 0.0
        var control = 0.0

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 5, velocities: 5, controls: 2, bodies: 4)
    /// The place.
    public static let memoryCount = 2
    /// Four timesteps.
    public static let stepNanoseconds = 12_000.0

    /// 8 numbers, or 10 with the place.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "Swimmer", options.simulation, observations: options.excludesPlace ? 8 : 10, actionBound: 1,
            rewardThreshold: 360, columns: ["reward_fwd", "reward_ctrl"] + PlaneMotion.columns)
    }

    private let options: Options
    private let seconds: Double

    /// A swimmer.
    public init(_ options: Options, _ model: PhysicsModel) {
        self.options = options
        seconds = Double(options.simulation.frameSkip) * model.timestep
    }

    /// No.
    public var readsExternalForces: Bool { false }

    /// Uniform noise.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterVelocities(view, &generator, scale: options.resetNoiseScale)
    }

    /// The place.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {
        memory[0] = view.positions[0]
        memory[1] = view.positions[1]
    }

    /// Positions, velocities.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, (options.excludesPlace ? 2 : 0)..<5)
        writer.append(view.velocities, 0..<5)
    }

    /// Forward velocity minus cost.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        report.motion = PlaneMotion(to: view.positions[0], view.positions[1], in: seconds, memory)
        report.control = Self.controlCost(action, weight: options.controlCostWeight)
        report.forward = report.motion.xVelocity * options.forwardRewardWeight
        return StepOutcome(Float(report.forward - report.control))
    }

    /// Parts of the reward, motion.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, report.forward)
        row.set(1, -report.control)
        report.motion.write(row, from: 2)
    }
}
