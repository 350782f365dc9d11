public import Environments
public import Physics

/// A robot and what it is to do: all that differs between the tasks of this family.
///
/// ``RobotKernel`` does the rest. Reads and writes happen at the sizes of ``shape``, which every model is checked for.
public protocol Robot: Sendable {
    /// What can be chosen about the task.
    associatedtype Options: RobotOptions
    /// Parts of the reward and what else is reported beside an observation; the zero value belongs to resets.
    associatedtype Report: RobotReport

    /// Sizes of the model.
    static var shape: RobotShape { get }

    /// Numbers that a step needs from the one before it.
    static var memoryCount: Int { get }

    /// What a step costs, in nanoseconds, roughly.
    static var stepNanoseconds: Double { get }

    /// Ids, spaces, time limit and columns.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    static func specification(_ options: Options) -> EnvironmentSpecification

    /// A robot.
    ///
    /// - Parameters:
    ///   - options: what was chosen.
    ///   - model: the model, whose sizes are right.
    /// - Throws: `badOption` where the model lacks a body.
    init(_ options: Options, _ model: PhysicsModel) throws(EnvironmentError)

    /// Whether rewards or observations depend on `PhysicsView.externalForces`.
    var readsExternalForces: Bool { get }

    /// Moves a robot from where its model starts to where an episode starts.
    ///
    /// - Parameters:
    ///   - view: the state.
    ///   - generator: the environment's random numbers.
    func place(_ view: PhysicsView, _ generator: inout EnvironmentGenerator)

    /// Keeps what the next step needs.
    ///
    /// - Parameters:
    ///   - view: the state.
    ///   - memory: ``memoryCount`` numbers.
    func remember(_ view: PhysicsView, _ memory: UnsafeMutablePointer<Double>)

    /// Writes an observation.
    ///
    /// - Parameters:
    ///   - view: the state.
    ///   - observation: where it goes.
    func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>)

    /// Judges a step that was done, and keeps what the next one needs.
    ///
    /// - Parameters:
    ///   - view: the state after it.
    ///   - action: what was done.
    ///   - memory: ``memoryCount`` numbers.
    ///   - report: parts of the reward.
    /// - Returns: reward and whether the episode ended.
    func judge(
        _ view: PhysicsView, _ action: UnsafePointer<Double>, _ memory: UnsafeMutablePointer<Double>,
        _ report: inout Report
    ) -> StepOutcome

    /// Writes the extra columns.
    ///
    /// - Parameters:
    ///   - report: what they say.
    ///   - row: where they go.
    func write(_ report: Report, _ row: StepRow<Double>)
}

/// Parts of a reward.
public protocol RobotReport: Sendable {
    /// Zero.
    init()
}

/// Nothing to report.
public struct EmptyReport: RobotReport {
    /// Nothing.
    public init() {}
}

/// What can be chosen about a robot's task.
public protocol RobotOptions: Sendable, Codable, Hashable {
    /// The task as a version of it has it.
    ///
    /// - Parameter version: the version.
    init(_ version: RobotVersion)

    /// Model and time.
    var simulation: RobotSimulation { get set }
}

/// Versions of the tasks.
public enum RobotVersion: String, Sendable, Codable, Hashable, CaseIterable {
    /// As Gymnasium has them since it uses MuJoCo's own bindings.
    ///
    /// As in EnvPool forces of contacts are 0; ``RobotSimulation/computesExternalForces`` gives Gymnasium's.
    case v4
    /// Corrected rewards and observations.
    case v5
}

/// Model and time of a robot's task.
public struct RobotSimulation: Sendable, Codable, Hashable {
    /// The version of the task; on its own it changes the id only.
    public var version: RobotVersion
    /// The model: a file in the folder.
    public var file: String
    /// Where models are; nil for the folder that ``RobotModels`` finds.
    public var folder: String?
    /// Timesteps of the model in a step of the environment, at least 1.
    public var frameSkip: Int
    /// Steps after which an episode is truncated.
    public var maximumEpisodeSteps: Int
    /// Whether forces of contacts are computed, where something depends on them; else they are 0.
    public var computesExternalForces: Bool

    /// Model and time.
    ///
    /// - Parameters:
    ///   - version: the version of the task.
    ///   - file: the model.
    ///   - frameSkip: timesteps in a step.
    ///   - maximumEpisodeSteps: steps after which an episode is truncated.
    public init(_ version: RobotVersion, file: String, frameSkip: Int, maximumEpisodeSteps: Int = 1000) {
        self.version = version
        self.file = file
        self.frameSkip = frameSkip
        self.maximumEpisodeSteps = maximumEpisodeSteps
        computesExternalForces = version == .v5
    }
}

/// Sizes of a robot's model.
public struct RobotShape: Sendable, Hashable {
    /// Numbers of a position.
    public let positions: Int
    /// Numbers of a velocity.
    public let velocities: Int
    /// Numbers of a control.
    public let controls: Int
    /// Bodies, the world included.
    public let bodies: Int
    /// Sites that the task looks at.
    public let sites: Int

    /// Sizes.
    ///
    /// - Parameters:
    ///   - positions: numbers of a position.
    ///   - velocities: numbers of a velocity.
    ///   - controls: numbers of a control.
    ///   - bodies: bodies, the world included.
    ///   - sites: sites that the task looks at.
    public init(positions: Int, velocities: Int, controls: Int, bodies: Int, sites: Int = 0) {
        self.positions = positions
        self.velocities = velocities
        self.controls = controls
        self.bodies = bodies
        self.sites = sites
    }
}
