public import Environments
public import Physics

/// A body on four legs is to walk: `Ant-v4` and `Ant-v5`.
///
/// Observation: positions without the place, velocities, in v5 the forces of contacts cut to [−1, 1]. Action: 8 torques in
/// [−1, 1]. Reward: forward velocity and a reward for health, minus the costs of action and contacts. Terminated when
/// the torso is too low or too high.
///
/// Source: constants as in Gymnasium's `ant_v5.py`.
public struct Ant: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Weight of the forward velocity.
        public var forwardRewardWeight = 1.0
        /// Weight of the action's squares.
        public var controlCostWeight = 0.5
        /// Weight of the squares of contact forces.
        public var contactCostWeight = 5e-4
        /// Reward of a step in health.
        public var healthyReward = 1.0
        /// Whether the end of health ends the episode.
        public var terminatesWhenUnhealthy = true
        /// Whether the last step of an episode that ends with health is without the reward for it.
        public var paysHealthStrictly: Bool
        /// Heights of a healthy torso.
        public var healthyHeights = 0.2...1.0
        /// Bounds that forces are cut to.
        public var contactForces = -1.0...1.0
        /// Whether contacts cost.
        public var countsContacts: Bool
        /// Whether forces are observed.
        public var observesContacts: Bool
        /// Whether forces on the world are left out.
        public var excludesWorld: Bool
        /// Size of the noise at the start.
        public var resetNoiseScale = 0.1
        /// Whether the place is left out of observations.
        public var excludesPlace = true
        /// The body whose place counts.
        public var mainBody = "torso"

        /// `Ant-v4` or `Ant-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "ant.xml", frameSkip: 5)
            paysHealthStrictly = version == .v5
            countsContacts = version == .v5
            observesContacts = version == .v5
            excludesWorld = version == .v5
        }
    }

    /// Parts of the reward.
    public struct Report: RobotReport {
        var motion = PlaneMotion()
        var forward = 0.0
        var control = 0.0
        var contact = 0.0
        var health = 0.0

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 15, velocities: 14, controls: 8, bodies: 14)
    /// The place.
    public static let memoryCount = 2
    /// Five timesteps.
    public static let stepNanoseconds = 160_000.0

    /// 27 numbers in v4, 105 in v5; 2 more with the place.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        let place = options.excludesPlace ? 0 : 2
        let forces = options.observesContacts ? options.forces.count : 0
        return specification(
            "Ant", options.simulation, observations: 27 + place + forces, actionBound: 1, rewardThreshold: 6000,
            columns: ["reward_forward", "reward_ctrl", "reward_contact", "reward_survive"] + PlaneMotion.columns)
    }

    private let options: Options
    private let seconds: Double
    private let body: Int

    /// An ant.
    public init(_ options: Options, _ model: PhysicsModel) throws(EnvironmentError) {
        self.options = options
        seconds = Double(options.simulation.frameSkip) * model.timestep
        body = try RobotModels.body(options.mainBody, model)
    }

    /// Where contacts cost or are observed.
    public var readsExternalForces: Bool { options.countsContacts || options.observesContacts }

    /// Uniform noise on positions, normal noise on velocities.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterNormally(view, &generator, scale: options.resetNoiseScale)
    }

    /// The place.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {
        memory[0] = view.bodyPositions[3 * body]
        memory[1] = view.bodyPositions[3 * body + 1]
    }

    /// Positions, velocities, forces.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, (options.excludesPlace ? 2 : 0)..<15)
        writer.append(view.velocities, 0..<14)
        guard options.observesContacts else { return }
        writer.append(view.externalForces, options.forces, within: options.contactForces)
    }

    /// Forward velocity and health minus costs.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        report.motion = PlaneMotion(
            to: view.bodyPositions[3 * body], view.bodyPositions[3 * body + 1], in: seconds, memory)
        report.control = Self.controlCost(action, weight: options.controlCostWeight)
        if options.countsContacts {
            for index in options.forces {
                let bounds = options.contactForces
                let force = min(max(view.externalForces[index], bounds.lowerBound), bounds.upperBound)
                report.contact += options.contactCostWeight * force * force
            }
        }
        let health = Health(
            options.healthyHeights.contains(view.positions[2]), ends: options.terminatesWhenUnhealthy,
            isStrict: options.paysHealthStrictly)
        report.health = health.reward(options.healthyReward)
        report.forward = report.motion.xVelocity * options.forwardRewardWeight
        return StepOutcome(
            Float(report.forward + report.health - report.control - report.contact), isTerminated: health.isOver)
    }

    /// Parts of the reward, motion.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, report.forward)
        row.set(1, -report.control)
        row.set(2, -report.contact)
        row.set(3, report.health)
        report.motion.write(row, from: 4)
    }
}

extension Ant.Options {
    /// Which numbers of `[bodies, 6]` count.
    fileprivate var forces: Range<Int> { (excludesWorld ? 6 : 0)..<(6 * Ant.shape.bodies) }
}
