public import Environments
public import Physics

/// A humanoid is to walk: `Humanoid-v4` and `Humanoid-v5`.
///
/// Observation: positions without the place, velocities, inertias and velocities of bodies, forces. Action: 17 torques in
/// [−0.4, 0.4]. Reward: forward velocity of the centre of mass and a reward for health, minus the costs of action and
/// contacts. Terminated when the humanoid is too low or too high.
///
/// Source: constants as in Gymnasium's `humanoid_v5.py`.
public struct Humanoid: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// What is observed.
        public var senses: HumanoidSenses
        /// Weight of the forward velocity.
        public var forwardRewardWeight = 1.25
        /// Weight of the action's squares.
        public var controlCostWeight = 0.1
        /// Whether contacts cost.
        public var countsContacts: Bool
        /// Weight of the squares of contact forces.
        public var contactCostWeight = 5e-7
        /// The most that contacts cost in a step.
        public var maximumContactCost = 10.0
        /// Reward of a step in health.
        public var healthyReward = 5.0
        /// Whether the end of health ends the episode.
        public var terminatesWhenUnhealthy = true
        /// Whether the last step of an episode that ends with health is without the reward for it.
        public var paysHealthStrictly: Bool
        /// Heights of a healthy humanoid; on a bound is unhealthy.
        public var healthyHeights = 1.0...2.0
        /// Size of the noise at the start.
        public var resetNoiseScale = 1e-2

        /// `Humanoid-v4` or `Humanoid-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "humanoid.xml", frameSkip: 5)
            senses = HumanoidSenses(version)
            countsContacts = version == .v5
            paysHealthStrictly = version == .v5
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
    public static let shape = HumanoidSenses.shape
    /// The place of the centre of mass.
    public static let memoryCount = 2
    /// Five timesteps.
    public static let stepNanoseconds = 180_000.0

    /// 376 numbers in v4, 348 in v5.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "Humanoid", options.simulation, observations: options.senses.count, actionBound: 0.4,
            rewardThreshold: nil,
            columns: ["reward_linvel", "reward_quadctrl", "reward_alive", "reward_impact"] + PlaneMotion.columns)
    }

    private let options: Options
    private let seconds: Double
    /// Outlives the masses' pointer.
    private let model: PhysicsModel
    private let mass: Double

    /// A humanoid.
    public init(_ options: Options, _ model: PhysicsModel) {
        self.options = options
        self.model = model
        seconds = Double(options.simulation.frameSkip) * model.timestep
        mass = (0..<14).reduce(0) { $0 + model.masses[$1] }
    }

    /// Where contacts cost or are observed.
    public var readsExternalForces: Bool { options.countsContacts || options.senses.observesContacts }

    /// Uniform noise.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterVelocities(view, &generator, scale: options.resetNoiseScale)
    }

    private func massCenter(_ view: PhysicsView) -> (x: Double, y: Double) {
        var x = 0.0
        var y = 0.0
        for body in 0..<14 {
            x += model.masses[body] * view.massCenters[3 * body]
            y += model.masses[body] * view.massCenters[3 * body + 1]
        }
        return (x / mass, y / mass)
    }

    /// The place of the centre of mass.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {
        (memory[0], memory[1]) = massCenter(view)
    }

    /// What the senses say.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        options.senses.observe(view, observation)
    }

    /// Forward velocity and health minus costs.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        let center = massCenter(view)
        report.motion = PlaneMotion(to: center.x, center.y, in: seconds, memory)
        report.control = Self.controlCost(action, weight: options.controlCostWeight)
        if options.countsContacts {
            report.contact = HumanoidSenses.contactCost(
                view, weight: options.contactCostWeight, maximum: options.maximumContactCost)
        }
        let height = view.positions[2]
        let health = Health(
            options.healthyHeights.lowerBound < height && height < options.healthyHeights.upperBound,
            ends: options.terminatesWhenUnhealthy, isStrict: options.paysHealthStrictly)
        report.health = health.reward(options.healthyReward)
        report.forward = report.motion.xVelocity * options.forwardRewardWeight
        return StepOutcome(
            Float(report.forward + report.health - report.control - report.contact), isTerminated: health.isOver)
    }

    /// Parts of the reward, motion.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, report.forward)
        row.set(1, -report.control)
        row.set(2, report.health)
        row.set(3, -report.contact)
        report.motion.write(row, from: 4)
    }
}
