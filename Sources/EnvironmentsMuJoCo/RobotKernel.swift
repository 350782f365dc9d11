public import Environments
import Physics

/// The dynamics of a robot's task: MuJoCo moves, the robot's description judges.
///
/// All environments share one model. Actions go to the model as they are: it cuts them to the range of its actuators,
/// while costs count them in full, as in EnvPool and Gymnasium.
///
/// Where a simulation becomes unstable (MuJoCo warns of bad positions, velocities or accelerations, reports an error,
/// or numbers are no longer finite), the episode is terminated with reward 0, columns as after a reset, and the
/// observation of the model's start, so that all numbers stay finite.
public final class RobotKernel<Body: Robot>: EnvironmentKernel {
    /// What can be chosen.
    public typealias Options = Body.Options

    private let robot: Body
    private let datas: [PhysicsData]
    /// `[N, memoryCount]`.
    private let memory: StateArray<Double>
    private let frameSkip: Int
    private let computesForces: Bool

    /// The robot's task.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification { Body.specification(options) }

    /// Reads the model and makes a state of it for each environment.
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
            var datas: [PhysicsData] = []
            for _ in 0..<count { datas.append(try PhysicsData(model)) }
            self.datas = datas
        } catch {
            throw .badOption(name: "count", reason: "\(count) states of \(simulation.file) can't be made: \(error)")
        }
        memory = StateArray(count * Body.memoryCount)
        frameSkip = simulation.frameSkip
        computesForces = simulation.computesExternalForces && robot.readsExternalForces
    }

    /// As the robot says.
    public var stepNanoseconds: Double { Body.stepNanoseconds }

    private func memory(_ index: Int) -> UnsafeMutablePointer<Double> { memory.pointer + index * Body.memoryCount }

    /// The model's start, with noise as the robot says.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Double>) {
        start(datas[index]) { robot.place($0.view, &generator) }
        show(index, row)
    }

    /// Puts a state to the model's start and changes it.
    private func start(_ data: PhysicsData, _ change: (PhysicsData) -> Void) {
        do {
            try data.reset()
            change(data)
            try data.forward()
        } catch {
            // A start that the engine can't compute isn't the caller's mistake, and the next step will end the episode.
            try? data.reset()
        }
    }

    /// Writes a row without a reward.
    private func show(_ index: Int, _ row: StepRow<Double>) {
        let view = datas[index].view
        robot.remember(view, memory(index))
        robot.observe(view, row.observation)
        robot.write(Body.Report(), row)
    }

    /// Some timesteps with the same controls.
    public func step(
        _ index: Int, _ action: UnsafePointer<Double>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Double>
    ) -> StepOutcome {
        let data = datas[index]
        let view = data.view
        view.controls.update(from: action, count: Body.shape.controls)
        guard advance(data) else {
            start(data) { _ in }
            show(index, row)
            return StepOutcome(0, isTerminated: true)
        }
        var report = Body.Report()
        let outcome = robot.judge(view, action, memory(index), &report)
        robot.observe(view, row.observation)
        robot.write(report, row)
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

    /// All that later steps depend on, as numbers of 8 bytes.
    public func snapshot(_ index: Int) -> [UInt8] {
        let numbers = datas[index].state() + UnsafeBufferPointer(start: memory(index), count: Body.memoryCount)
        return numbers.withUnsafeBytes { Array($0) }
    }

    /// Takes what ``snapshot(_:)`` gave for the same model.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let data = datas[index]
        let count = data.model.stateCount
        guard bytes.count == 8 * (count + Body.memoryCount) else {
            throw .badSnapshot(
                reason: "it has \(bytes.count) bytes, the robot needs \(8 * (count + Body.memoryCount))")
        }
        let numbers = bytes.withUnsafeBytes { buffer in
            (0..<(count + Body.memoryCount)).map { buffer.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
        do {
            // So that no warning of the episode before is left.
            try data.reset()
            try data.restore(Array(numbers[..<count]))
        } catch {
            throw .badSnapshot(reason: error.description)
        }
        for place in 0..<Body.memoryCount { memory(index)[place] = numbers[count + place] }
    }
}
