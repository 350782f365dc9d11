public import Environments
public import Physics

/// A humanoid on the ground is to stand up: `HumanoidStandup-v4` and `HumanoidStandup-v5`.
///
/// Observation: as ``Humanoid``. Action: 17 torques in [−0.4, 0.4]. Reward: height by the timestep and a constant, minus
/// the costs of action and contacts. Never ends by itself.
///
/// Source: constants as in Gymnasium's `humanoidstandup_v5.py`.
public struct HumanoidStandup: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// What is observed.
        public var senses: HumanoidSenses
        /// Weight of the height.
        public var heightRewardWeight = 1.0
        /// Weight of the action's squares.
        public var controlCostWeight = 0.1
        /// Weight of the squares of contact forces.
        public var contactCostWeight = 5e-7
        /// The most that contacts cost in a step.
        public var maximumContactCost = 10.0
        /// Reward of each step.
        public var healthyReward = 1.0
        /// Size of the noise at the start.
        public var resetNoiseScale = 1e-2

        /// `HumanoidStandup-v4` or `HumanoidStandup-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "humanoidstandup.xml", frameSkip: 5)
            senses = HumanoidSenses(version)
        }
    }

    /// Parts of the reward.
    public struct Report: RobotReport {
        var height = 0.0
        var control = 0.0
        var contact = 0.0

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = HumanoidSenses.shape
    /// Nothing.
    public static let memoryCount = 0
    /// Five timesteps.
    public static let stepNanoseconds = 250_000.0

    /// 376 numbers in v4, 348 in v5.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "HumanoidStandup", options.simulation, observations: options.senses.count, actionBound: 0.4,
            rewardThreshold: nil, columns: ["reward_linup", "reward_quadctrl", "reward_alive", "reward_impact"])
    }

    private let options: Options
    private let timestep: Double

    /// A humanoid.
    public init(_ options: Options, _ model: PhysicsModel) {
        self.options = options
        timestep = model.timestep
    }

    /// Yes.
    public var readsExternalForces: Bool { true }

    /// Uniform noise.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterVelocities(view, &generator, scale: options.resetNoiseScale)
    }

    /// Nothing.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {}

    /// What the senses say.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        options.senses.observe(view, observation)
    }

    /// Height and constant minus costs.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        report.height = view.positions[2] / timestep * options.heightRewardWeight
        report.control = Self.controlCost(action, weight: options.controlCostWeight)
        report.contact = HumanoidSenses.contactCost(
            view, weight: options.contactCostWeight, maximum: options.maximumContactCost)
        return StepOutcome(Float(report.height + options.healthyReward - report.control - report.contact))
    }

    /// Parts of the reward.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, report.height)
        row.set(1, -report.control)
        row.set(2, options.healthyReward)
        row.set(3, -report.contact)
    }
}
