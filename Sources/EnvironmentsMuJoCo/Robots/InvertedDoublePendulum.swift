public import Environments
public import Physics

/// Two poles on a cart, one on the other, are to be held upright: `InvertedDoublePendulum-v4` and
/// `InvertedDoublePendulum-v5`.
///
/// Observation: place of the cart, sines and cosines of both angles, velocities, forces of constraints. Action: a force in
/// [−1, 1]. Reward: a constant minus costs of the tip's distance and of velocities; in v5 the last step has no constant.
/// Terminated when the tip is too low.
///
/// Source: constants as in Gymnasium's `inverted_double_pendulum_v5.py`.
public struct InvertedDoublePendulum: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Reward of a step in health.
        public var healthyReward = 10.0
        /// Whether the step that ends an episode is without that.
        public var paysHealthStrictly: Bool
        /// Forces of constraints that are observed, from 0 to 3.
        public var observedConstraints: Int
        /// The height above which the tip is healthy.
        public var minimumHealthyHeight = 1.0
        /// Bounds that observed velocities and forces are cut to.
        public var observedNumbers = -10.0...10.0
        /// Size of the noise at the start.
        public var resetNoiseScale = 0.1

        /// `InvertedDoublePendulum-v4` or `InvertedDoublePendulum-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "inverted_double_pendulum.xml", frameSkip: 5)
            paysHealthStrictly = version == .v5
            observedConstraints = version == .v5 ? 1 : 3
        }
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 3, velocities: 3, controls: 1, bodies: 4, sites: 1)
    /// Nothing.
    public static let memoryCount = 0
    /// Five timesteps.
    public static let stepNanoseconds = 18_000.0

    /// 11 numbers in v4, 9 in v5.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "InvertedDoublePendulum", options.simulation, observations: 8 + options.observedConstraints,
            actionBound: 1, rewardThreshold: 9100, columns: [])
    }

    private let options: Options

    /// Two poles.
    public init(_ options: Options, _ model: PhysicsModel) throws(EnvironmentError) {
        guard (0...3).contains(options.observedConstraints) else {
            throw .badOption(
                name: "observedConstraints", reason: "it is \(options.observedConstraints), must be from 0 to 3")
        }
        self.options = options
    }

    /// No.
    public var readsExternalForces: Bool { false }

    /// Uniform noise on positions, normal noise on velocities.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterNormally(view, &generator, scale: options.resetNoiseScale)
    }

    /// Nothing.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {}

    /// Place, angles, velocities, forces.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions[0])
        writer.append(Mathematics.sine(view.positions[1]))
        writer.append(Mathematics.sine(view.positions[2]))
        writer.append(Mathematics.cosine(view.positions[1]))
        writer.append(Mathematics.cosine(view.positions[2]))
        writer.append(view.velocities, 0..<3, within: options.observedNumbers)
        writer.append(view.constraintForces, 0..<options.observedConstraints, within: options.observedNumbers)
    }

    /// A constant minus costs of distance and velocities.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout EmptyReport
    ) -> StepOutcome {
        let x = view.sitePositions[0]
        let height = view.sitePositions[2]
        let distance = 0.01 * x * x + (height - 2) * (height - 2)
        let first = view.velocities[1]
        let second = view.velocities[2]
        let speed = 1e-3 * first * first + 5e-3 * second * second
        let health = Health(height > options.minimumHealthyHeight, ends: true, isStrict: options.paysHealthStrictly)
        return StepOutcome(
            Float(health.reward(options.healthyReward) - distance - speed), isTerminated: health.isOver)
    }

    /// Nothing.
    public func write(_ report: EmptyReport, _ row: StepRow<Double>) {}
}
