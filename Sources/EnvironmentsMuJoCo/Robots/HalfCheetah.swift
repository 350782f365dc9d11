public import Environments
public import Physics

/// A cheetah in a plane is to run: `HalfCheetah-v4` and `HalfCheetah-v5`.
///
/// Observation: positions without the place, velocities. Action: 6 torques in [−1, 1]. Reward: forward velocity minus the
/// action's cost. Never ends by itself.
///
/// Source: constants as in Gymnasium's `half_cheetah_v5.py`.
public struct HalfCheetah: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Weight of the forward velocity.
        public var forwardRewardWeight = 1.0
        /// Weight of the action's squares.
        public var controlCostWeight = 0.1
        /// Size of the noise at the start.
        public var resetNoiseScale = 0.1
        /// Whether the place is left out of observations.
        public var excludesPlace = true

        /// `HalfCheetah-v4` or `HalfCheetah-v5`; they are the same.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "half_cheetah.xml", frameSkip: 5)
        }
    }

    /// Parts of the reward.
    public struct Report: RobotReport {
        var motion = LineMotion()
        var forward = 0.0
        var control = 0.0

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 9, velocities: 9, controls: 6, bodies: 8)
    /// The place.
    public static let memoryCount = 1
    /// Five timesteps.
    public static let stepNanoseconds = 22_000.0

    /// 17 numbers, or 18 with the place.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "HalfCheetah", options.simulation, observations: options.excludesPlace ? 17 : 18, actionBound: 1,
            rewardThreshold: 4800, columns: ["reward_run", "reward_ctrl"] + LineMotion.columns)
    }

    private let options: Options
    private let seconds: Double

    /// A cheetah.
    public init(_ options: Options, _ model: PhysicsModel) {
        self.options = options
        seconds = Double(options.simulation.frameSkip) * model.timestep
    }

    /// No.
    public var readsExternalForces: Bool { false }

    /// Uniform noise on positions, normal noise on velocities.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterNormally(view, &generator, scale: options.resetNoiseScale)
    }

    /// The place.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {
        memory[0] = view.positions[0]
    }

    /// Positions, velocities.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, (options.excludesPlace ? 1 : 0)..<9)
        writer.append(view.velocities, 0..<9)
    }

    /// Forward velocity minus cost.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        report.motion = LineMotion(to: view.positions[0], in: seconds, memory)
        report.control = Self.controlCost(action, weight: options.controlCostWeight)
        report.forward = report.motion.velocity * options.forwardRewardWeight
        return StepOutcome(Float(report.forward - report.control))
    }

    /// Parts of the reward, motion.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, report.forward)
        row.set(1, -report.control)
        report.motion.write(row, from: 2)
    }
}
