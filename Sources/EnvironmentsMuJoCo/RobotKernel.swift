public import Environments
import Physics

/// The dynamics of a robot's task: MuJoCo moves, the robot's description judges.
///
/// All environments share one model, and those that are worked on by one thread a simulator. Actions go to the model as they are: it cuts them to the range of its actuators,
/// while costs count them in full, as in EnvPool and Gymnasium.
///
/// Where a simulation becomes unstable (MuJoCo warns of bad positions, velocities or accelerations, reports an error,
/// or numbers are no longer finite), the episode is terminated with reward 0, columns as after a reset, and the
/// observation of the model's start, so that all numbers stay finite.
public final class RobotKernel<Body: Robot>: EnvironmentKernel {
    /// What can be chosen.
    public typealias Options = Body.Options

    private let robot: Body
    private let states: RobotStates
    private let frameSkip: Int
    private let computesForces: Bool

    /// The robot's task.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification { Body.specification(options) }

    /// Reads the model and makes room for a state of each environment.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    /// - Throws: `missingFile` or `badOption`.
    public init(count: Int, options: Options) throws(EnvironmentError) {
        let simulation = options.simulation
        let model = try RobotModels.load(simulation, Body.shape)
        robot = try Body(options, model)
        do {
            states = try RobotStates(model, count: count, memoryCount: Body.memoryCount)
        } catch {
            throw .badOption(name: "file", reason: "a state of \(simulation.file) can't be made: \(error)")
        }
        frameSkip = simulation.frameSkip
        computesForces = simulation.computesExternalForces && robot.readsExternalForces
    }

    /// As the robot says.
    public var stepNanoseconds: Double { Body.stepNanoseconds }

    /// The model's start, with noise as the robot says.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Double>) {
        let data = states.take()
        start(data) { robot.place($0, &generator) }
        show(index, data.view, row)
        states.put(data)
    }

    /// Puts a simulator to the model's start and changes it.
    private func start(_ data: PhysicsData, _ change: (PhysicsView) -> Void) {
        do {
            try data.reset()
            change(data.view)
            try data.forward()
        } catch {
            // A start that the simulator can't compute isn't the caller's mistake; the next step will end the episode.
            try? data.reset()
        }
    }

    /// Keeps a state that wasn't reached by a step, and writes its row.
    private func show(_ index: Int, _ view: PhysicsView, _ row: StepRow<Double>) {
        robot.remember(view, states.memory(index))
        robot.observe(view, row.observation)
        robot.write(Body.Report(), row)
        states.store(index, from: view)
    }

    /// Some timesteps with the same controls.
    public func step(
        _ index: Int, _ action: UnsafePointer<Double>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Double>
    ) -> StepOutcome {
        let data = states.take()
        defer { states.put(data) }
        let view = data.view
        states.load(index, into: view)
        view.controls.update(from: action, count: Body.shape.controls)
        guard advance(data) else {
            start(data) { _ in }
            show(index, view, row)
            return StepOutcome(0, isTerminated: true)
        }
        var report = Body.Report()
        let outcome = robot.judge(view, action, states.memory(index), &report)
        robot.observe(view, row.observation)
        robot.write(report, row)
        states.store(index, from: view)
        return outcome
    }

    /// Moves; tells whether the simulation is sound.
    @inline(__always)
    private func advance(_ data: PhysicsData) -> Bool {
        do {
            try data.step(frameSkip)
            if computesForces { try data.computeExternalForces() }
        } catch {
            return false
        }
        return data.breakdownCount == 0 && data.isFinite
    }

    /// Positions, velocities, where the solver of constraints starts, and what the robot keeps; as float64 numbers.
    public func snapshot(_ index: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: states.row(index), count: 8 * states.stride))
    }

    /// Takes what ``snapshot(_:)`` gave for the same model.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let size = 8 * states.stride
        guard bytes.count == size else {
            throw .badSnapshot(reason: "it has \(bytes.count) bytes, the robot needs \(size)")
        }
        UnsafeMutableRawBufferPointer(start: states.row(index), count: size).copyBytes(from: bytes)
    }
}
