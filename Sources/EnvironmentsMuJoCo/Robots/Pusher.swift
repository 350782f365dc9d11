public import Environments
public import Physics

/// An arm is to push a cylinder to a goal: `Pusher-v4` and `Pusher-v5`.
///
/// Observation: 7 angles and their velocities, places of the arm's tip, of the cylinder and of the goal. Action: 7 torques
/// in [−2, 2]. Reward: minus the cylinder's distances from goal and tip, minus the action's cost; distances are those
/// before the step in v4, those after it in v5. Truncated after 100 steps; never ends by itself.
///
/// Source: constants as in Gymnasium's `pusher_v5.py`.
public struct Pusher: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Weight of the action's squares.
        public var controlCostWeight = 0.1
        /// Weight of the distance from cylinder to goal.
        public var goalCostWeight = 1.0
        /// Weight of the distance from cylinder to tip.
        public var tipCostWeight = 0.5
        /// Whether distances count as they are after the step.
        public var measuresAfterStep: Bool
        /// Whether the columns of distance and action are weighted.
        public var weighsColumns: Bool
        /// Size of the noise of velocities at the start.
        public var resetVelocityScale = 0.005
        /// Where the cylinder may start, before the goal.
        public var cylinderX = -0.3...0.0
        /// Where the cylinder may start, beside the goal.
        public var cylinderY = -0.2...0.2
        /// The distance from the goal that the cylinder starts beyond.
        public var minimumGoalDistance = 0.17

        /// `Pusher-v4`, or `Pusher-v5`, whose cylinder has a mass that fits its size.
        public init(_ version: RobotVersion = .v5) {
            let file = version == .v5 ? "pusher_v5.xml" : "pusher.xml"
            simulation = RobotSimulation(version, file: file, frameSkip: 5, maximumEpisodeSteps: 100)
            measuresAfterStep = version == .v5
            weighsColumns = version == .v5
        }
    }

    /// Parts of the reward.
    public struct Report: RobotReport {
        var goal = 0.0
        var control = 0.0
        var tip = 0.0

        /// Zero.
        public init() {}
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 11, velocities: 11, controls: 7, bodies: 13)
    /// Two distances.
    public static let memoryCount = 2
    /// Five timesteps.
    public static let stepNanoseconds = 30_000.0

    /// 23 numbers.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "Pusher", options.simulation, observations: 23, actionBound: 2, rewardThreshold: 0,
            columns: ["reward_dist", "reward_ctrl", "reward_near"])
    }

    private let options: Options
    private let tip: Int
    private let cylinder: Int
    private let goal: Int

    /// An arm.
    public init(_ options: Options, _ model: PhysicsModel) throws(EnvironmentError) {
        self.options = options
        tip = try RobotModels.body("tips_arm", model)
        cylinder = try RobotModels.body("object", model)
        goal = try RobotModels.body("goal", model)
        let x = max(abs(options.cylinderX.lowerBound), abs(options.cylinderX.upperBound))
        let y = max(abs(options.cylinderY.lowerBound), abs(options.cylinderY.upperBound))
        guard (x * x + y * y).squareRoot() > options.minimumGoalDistance else {
            throw .badOption(
                name: "minimumGoalDistance",
                reason: "it is \(options.minimumGoalDistance); the cylinder may not start so far away")
        }
    }

    /// No.
    public var readsExternalForces: Bool { false }

    /// The cylinder uniform in a rectangle without a disc, noise on velocities of the arm.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        var x: Double
        var y: Double
        repeat {
            x = generator.uniform(options.cylinderX.lowerBound, options.cylinderX.upperBound)
            y = generator.uniform(options.cylinderY.lowerBound, options.cylinderY.upperBound)
        } while (x * x + y * y).squareRoot() <= options.minimumGoalDistance
        view.positions[7] = x
        view.positions[8] = y
        view.positions[9] = 0
        view.positions[10] = 0
        // Gymnasium draws numbers for cylinder and goal that it doesn't use.
        let speed = options.resetVelocityScale
        for index in 0..<(generator.kind == .gymnasium ? 11 : 7) {
            view.velocities[index] += generator.uniform(-speed, speed)
        }
        for index in 7..<11 { view.velocities[index] = 0 }
    }

    private func distance(_ view: PhysicsView, _ first: Int, _ second: Int) -> Double {
        let x = view.bodyPositions[3 * first] - view.bodyPositions[3 * second]
        let y = view.bodyPositions[3 * first + 1] - view.bodyPositions[3 * second + 1]
        let z = view.bodyPositions[3 * first + 2] - view.bodyPositions[3 * second + 2]
        return (x * x + y * y + z * z).squareRoot()
    }

    /// Distances from cylinder to tip and to goal.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {
        memory[0] = distance(view, cylinder, tip)
        memory[1] = distance(view, cylinder, goal)
    }

    /// Angles, velocities, places.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, 0..<7)
        writer.append(view.velocities, 0..<7)
        writer.append(view.bodyPositions, (3 * tip)..<(3 * tip + 3))
        writer.append(view.bodyPositions, (3 * cylinder)..<(3 * cylinder + 3))
        writer.append(view.bodyPositions, (3 * goal)..<(3 * goal + 3))
    }

    /// Minus distances and cost.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome {
        let before = (tip: memory[0], goal: memory[1])
        remember(view, memory)
        report.tip = options.measuresAfterStep ? memory[0] : before.tip
        report.goal = options.measuresAfterStep ? memory[1] : before.goal
        report.control = Self.controlCost(action, weight: 1)
        let control = report.control * options.controlCostWeight
        return StepOutcome(Float(-control - report.goal * options.goalCostWeight - report.tip * options.tipCostWeight))
    }

    /// Parts of the reward.
    public func write(_ report: Report, _ row: StepRow<Double>) {
        row.set(0, options.weighsColumns ? -report.goal * options.goalCostWeight : -report.goal)
        row.set(1, options.weighsColumns ? -report.control * options.controlCostWeight : -report.control)
        row.set(2, -report.tip * options.tipCostWeight)
    }
}
