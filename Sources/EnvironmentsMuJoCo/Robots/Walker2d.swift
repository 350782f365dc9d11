public import Environments
public import Physics

/// Two legs in a plane are to walk: `Walker2d-v4` and `Walker2d-v5`.
///
/// Observation: positions without the place, velocities cut to [−10, 10]. Action: 6 torques in [−1, 1]. Reward: forward
/// velocity and a reward for health, minus the action's cost. Terminated when the walker falls.
///
/// Source: constants as in Gymnasium's `walker2d_v5.py`.
public struct Walker2d: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Weight of the forward velocity.
        public var forwardRewardWeight = 1.0
        /// Weight of the action's squares.
        public var controlCostWeight = 1e-3
        /// Reward of a step in health.
        public var healthyReward = 1.0
        /// Whether the end of health ends the episode.
        public var terminatesWhenUnhealthy = true
        /// Whether the last step of an episode that ends with health is without the reward for it.
        public var paysHealthStrictly: Bool
        /// Heights of a healthy walker.
        public var healthyHeights = 0.8...2.0
        /// Angles of a healthy walker.
        public var healthyAngles = -1.0...1.0
        /// Bounds that observed velocities are cut to.
        public var observedVelocities = -10.0...10.0
        /// Size of the noise at the start.
        public var resetNoiseScale = 5e-3
        /// Whether the place is left out of observations.
        public var excludesPlace = true

        /// `Walker2d-v4`, or `Walker2d-v5`, whose feet have the same friction.
        public init(_ version: RobotVersion = .v5) {
            let file = version == .v5 ? "walker2d_v5.xml" : "walker2d.xml"
            simulation = RobotSimulation(version, file: file, frameSkip: 4)
            paysHealthStrictly = version == .v5
        }
    }

    /// Motion.
    public struct Report: RobotReport {
        var motion = LineMotion()

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 9, velocities: 9, controls: 6, bodies: 8)
    /// The place.
    public static let memoryCount = 1
    /// Four timesteps.
    public static let stepNanoseconds = 35_000.0

    /// 17 numbers, or 18 with the place.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "Walker2d", options.simulation, observations: options.excludesPlace ? 17 : 18, actionBound: 1,
            rewardThreshold: nil, columns: LineMotion.columns)
    }

    private let options: Options
    private let seconds: Double

    /// A walker.
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
    }

    /// Positions, velocities.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, (options.excludesPlace ? 1 : 0)..<9)
        writer.append(view.velocities, 0..<9, within: options.observedVelocities)
    }

    /// Forward velocity and health minus cost.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        report.motion = LineMotion(to: view.positions[0], in: seconds, memory)
        let control = Self.controlCost(action, weight: options.controlCostWeight)
        let isHealthy =
            options.healthyHeights.contains(view.positions[1]) && options.healthyAngles.contains(view.positions[2])
        let health = Health(
            isHealthy, ends: options.terminatesWhenUnhealthy, isStrict: options.paysHealthStrictly)
        let forward = report.motion.velocity * options.forwardRewardWeight
        return StepOutcome(
            Float(forward + health.reward(options.healthyReward) - control), isTerminated: health.isOver)
    }

    /// Motion.
    public func write(_ report: Report, _ row: StepRow<Double>) { report.motion.write(row, from: 0) }
}
