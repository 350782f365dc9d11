public import Environments
public import Physics

/// A leg in a plane is to hop: `Hopper-v4` and `Hopper-v5`.
///
/// Observation: positions without the place, velocities cut to [−10, 10]. Action: 3 torques in [−1, 1]. Reward: forward
/// velocity and a reward for health, minus the action's cost. Terminated when the leg falls or its state runs away.
///
/// Source: constants as in Gymnasium's `hopper_v5.py`.
public struct Hopper: Robot {
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
        /// Bounds of all numbers of a state but place and height; on a bound is unhealthy.
        public var healthyStates = -100.0...100.0
        /// The height above which the leg is healthy.
        public var minimumHealthyHeight = 0.7
        /// Bounds of the angle; on a bound is unhealthy.
        public var healthyAngles = -0.2...0.2
        /// Bounds that observed velocities are cut to.
        public var observedVelocities = -10.0...10.0
        /// Size of the noise at the start.
        public var resetNoiseScale = 5e-3
        /// Whether the place is left out of observations.
        public var excludesPlace = true

        /// `Hopper-v4` or `Hopper-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "hopper.xml", frameSkip: 4)
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
    public static let shape = RobotShape(positions: 6, velocities: 6, controls: 3, bodies: 5)
    /// The place.
    public static let memoryCount = 1
    /// Four timesteps.
    public static let stepNanoseconds = 25_000.0

    /// 11 numbers, or 12 with the place.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "Hopper", options.simulation, observations: options.excludesPlace ? 11 : 12, actionBound: 1,
            rewardThreshold: 3800, columns: LineMotion.columns)
    }

    private let options: Options
    private let seconds: Double

    /// A hopper.
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
        writer.append(view.positions, (options.excludesPlace ? 1 : 0)..<6)
        writer.append(view.velocities, 0..<6, within: options.observedVelocities)
    }

    private func isHealthy(_ view: PhysicsView) -> Bool {
        func lies(_ number: Double, within bounds: ClosedRange<Double>) -> Bool {
            number > bounds.lowerBound && number < bounds.upperBound
        }
        guard lies(view.positions[2], within: options.healthyAngles) else { return false }
        guard view.positions[1] > options.minimumHealthyHeight else { return false }
        for index in 2..<6 where !lies(view.positions[index], within: options.healthyStates) { return false }
        for index in 0..<6 where !lies(view.velocities[index], within: options.healthyStates) { return false }
        return true
    }

    /// Forward velocity and health minus cost.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        report.motion = LineMotion(to: view.positions[0], in: seconds, memory)
        let control = Self.controlCost(action, weight: options.controlCostWeight)
        let health = Health(
            isHealthy(view), ends: options.terminatesWhenUnhealthy, isStrict: options.paysHealthStrictly)
        let forward = report.motion.velocity * options.forwardRewardWeight
        return StepOutcome(
            Float(forward + health.reward(options.healthyReward) - control), isTerminated: health.isOver)
    }

    /// Motion.
    public func write(_ report: Report, _ row: StepRow<Double>) { report.motion.write(row, from: 0) }
}
