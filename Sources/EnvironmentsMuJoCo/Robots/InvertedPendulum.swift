public import Environments
public import Physics

/// A pole on a cart is to be held upright: `InvertedPendulum-v4` and `InvertedPendulum-v5`.
///
/// Observation: positions, velocities. Action: a force in [−3, 3]. Reward: 1 for each step; in v5 none for the last one.
/// Terminated when the pole leans too far.
///
/// Source: constants as in Gymnasium's `inverted_pendulum_v5.py`.
public struct InvertedPendulum: Robot {
    /// What can be chosen.
    public struct Options: RobotOptions {
        /// Model and time.
        public var simulation: RobotSimulation
        /// Whether the step that ends an episode is without reward.
        public var paysHealthStrictly: Bool
        /// Angles of a healthy pole.
        public var healthyAngles = -0.2...0.2
        /// Size of the noise at the start.
        public var resetNoiseScale = 0.01

        /// `InvertedPendulum-v4` or `InvertedPendulum-v5`.
        public init(_ version: RobotVersion = .v5) {
            simulation = RobotSimulation(version, file: "inverted_pendulum.xml", frameSkip: 2)
            paysHealthStrictly = version == .v5
        }
    }

    /// Of the model.
    public static let shape = RobotShape(positions: 2, velocities: 2, controls: 1, bodies: 3)
    /// Nothing.
    public static let memoryCount = 0
    /// Two timesteps.
    public static let stepNanoseconds = 4_000.0

    /// 4 numbers.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        specification(
            "InvertedPendulum", options.simulation, observations: 4, actionBound: 3, rewardThreshold: 950, columns: [])
    }

    private let options: Options

    /// A pole.
    public init(_ options: Options, _ model: PhysicsModel) { self.options = options }

    /// No.
    public var readsExternalForces: Bool { false }

    /// Uniform noise.
    public func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator) {
        Self.scatterPositions(view, &generator, scale: options.resetNoiseScale)
        Self.scatterVelocities(view, &generator, scale: options.resetNoiseScale)
    }

    /// Nothing.
    public func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>) {}

    /// Positions, velocities.
    public func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, 0..<2)
        writer.append(view.velocities, 0..<2)
    }

    /// 1 while the pole stands.
    public func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout EmptyReport
    ) -> StepOutcome {
        let health = Health(
            options.healthyAngles.contains(view.positions[1]), ends: true, isStrict: options.paysHealthStrictly)
        return StepOutcome(Float(health.reward(1)), isTerminated: health.isOver)
    }

    /// Nothing.
    public func write(_ report: EmptyReport, _ row: StepRow<Double>) {}
}
