import Foundation
import Physics
import Testing

/// What is said when tests are skipped.
private let notice: Comment = "needs MuJoCo in .deps/mujoco, put there by Scripts/bootstrap"

/// Models and states of small scenes.
@Suite(.enabled(if: PhysicsModel.isAvailable, notice)) struct PhysicsTests {
    /// Reads a model from a text.
    static func model(_ text: String) throws -> PhysicsModel {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-\(UUID().uuidString).xml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try PhysicsModel(path: file.path)
    }

    /// A ball in the air, with an actuator along x.
    static let ball = """
        <mujoco><option timestep="0.001"/><worldbody>
        <body name="ball" pos="0 0 5"><joint name="x" type="slide" axis="1 0 0"/><joint name="z" type="slide" axis="0 0 1"/>
        <geom name="shape" size="0.1" mass="2"/><site name="top" pos="0 0 0.1"/></body>
        </worldbody><actuator><motor name="push" joint="x" ctrllimited="true" ctrlrange="-3 3"/></actuator></mujoco>
        """

    @Test func versionIsKnown() throws {
        let version = try #require(PhysicsModel.version)
        #expect(version.split(separator: ".").count == 3)
    }

    @Test func modelsTellWhatTheyHold() throws {
        let model = try Self.model(Self.ball)
        #expect(model.positionCount == 2)
        #expect(model.velocityCount == 2)
        #expect(model.controlCount == 1)
        #expect(model.bodyCount == 2)
        #expect(model.siteCount == 1)
        #expect(model.timestep == 0.001)
        #expect(model.masses[1] == 2)
        #expect(model.index(of: "ball", .body) == 1)
        #expect(model.index(of: "z", .joint) == 1)
        #expect(model.index(of: "top", .site) == 0)
        #expect(model.index(of: "push", .actuator) == 0)
        #expect(model.index(of: "shape", .geometry) == 0)
        #expect(model.index(of: "bell", .body) == nil)
        #expect(model.controlRange(0) == (-3, 3))
    }

    @Test func ballsFallAsTheyShould() throws {
        let data = try PhysicsData(Self.model(Self.ball))
        try data.forward()
        #expect(data.view.bodyPositions[3 + 2] == 5)
        #expect(abs(data.view.sitePositions[2] - 5.1) < 1e-15)
        data.view.controls[0] = 4
        try data.step(1000)
        // Euler's method, velocity first: after n steps of h, x = a·h²·n(n+1)/2. The control is cut to 3, the mass is 2.
        let factor = 1e-6 * 1000 * 1001 / 2
        #expect(abs(data.view.time.pointee - 1) < 1e-12)
        #expect(abs(data.view.positions[0] - 1.5 * factor) < 1e-12)
        #expect(abs(data.view.positions[1] + 9.81 * factor) < 1e-11)
        #expect(abs(data.view.velocities[1] + 9.81) < 1e-11)
        #expect(data.breakdownCount == 0)
        try data.reset()
        #expect(data.view.positions[1] == 0)
        #expect(data.view.time.pointee == 0)
    }

    @Test func statesReplay() throws {
        let data = try PhysicsData(Self.model(Self.ball))
        data.view.controls[0] = 1
        try data.step(10)
        let state = data.state()
        try data.step(25)
        let other = try PhysicsData(data.model)
        try other.restore(state)
        try other.step(25)
        #expect(other.state() == data.state())
        #expect(throws: PhysicsError.badState(given: 1, wanted: data.model.stateCount)) { try other.restore([0]) }
    }

    @Test func restingBallsAreHeldByTheGround() throws {
        let model = try Self.model(
            """
            <mujoco><worldbody><geom type="plane" size="1 1 1"/>
            <body pos="0 0 0.1"><freejoint/><geom size="0.1" mass="2"/></body></worldbody></mujoco>
            """)
        let data = try PhysicsData(model)
        try data.step(2000)
        try data.computeExternalForces()
        // Torque, then force: the contact bears the weight. The ball rests to this accuracy after 4 s.
        #expect(abs(data.view.externalForces[6 + 5] - 2 * 9.81) < 1e-3)
        #expect(data.isFinite)
    }

    @Test func breakdownsAreCounted() throws {
        let folder = FileManager.default.currentDirectoryPath
        let data = try PhysicsData(Self.model(Self.ball))
        let before = PhysicsModel.warningCount
        data.view.velocities[0] = .nan
        #expect(!data.isFinite)
        try data.step()
        #expect(data.breakdownCount == 1)
        #expect(data.isFinite)
        #expect(PhysicsModel.warningCount > before)
        #expect(!FileManager.default.fileExists(atPath: folder + "/MUJOCO_LOG.TXT"))
        try data.reset()
        #expect(data.breakdownCount == 0)
    }

    /// Scenes with too little memory, of which some can be read but not be moved once all balls touch each other.
    @Test func errorsOfTheEngineComeBack() throws {
        let count = 8
        let balls = (0..<count).map { "<body pos='\($0) 0 0'><freejoint/><geom size='0.1'/></body>" }.joined()
        var refusals = 0
        var failures = 0
        for size in stride(from: 1, to: 100, by: 3) {
            let text = "<mujoco><size memory='\(size)K'/><worldbody>\(balls)</worldbody></mujoco>"
            guard let model = try? Self.model(text) else {
                refusals += 1
                continue
            }
            let data = try PhysicsData(model)
            for ball in 0..<count { data.view.positions[7 * ball] = 0.01 * Double(ball) }
            do {
                try data.step()
            } catch {
                #expect("\(error)".contains("can't go on: mj_stackAlloc: out of memory"), "\(error)")
                failures += 1
            }
            try data.reset()
            try data.step()
        }
        #expect(refusals > 0)
        #expect(failures > 0)
    }

    @Test func badFilesAreErrors() throws {
        #expect(throws: PhysicsError.self) { try PhysicsModel(path: "/nowhere/robot.xml") }
        for text in ["", "no model", "<mujoco><worldbody><body></worldbody></mujoco>", "<mujoco><nonsense/></mujoco>"] {
            do {
                _ = try Self.model(text)
                Issue.record("\(text) was taken for a model")
            } catch let error as PhysicsError {
                guard case .badModel(let path, let reason) = error else { throw error }
                #expect(path.hasSuffix(".xml"))
                #expect(!reason.isEmpty)
                #expect(error.description.contains(reason))
            }
        }
    }

    /// Texts with changed bytes never end the program.
    @Test func changedFilesAreErrorsOrModels() throws {
        var generator: UInt32 = 11
        func next(_ bound: Int) -> Int {
            generator = generator &* 1_664_525 &+ 1_013_904_223
            return Int(generator >> 16) % bound
        }
        let original = Array(Self.ball.utf8)
        for _ in 0..<100 {
            var bytes = original
            for _ in 0..<(1 + next(4)) { bytes[next(bytes.count)] = UInt8(32 + next(95)) }
            do {
                let data = try PhysicsData(Self.model(String(decoding: bytes, as: UTF8.self)))
                try data.step(3)
            } catch is PhysicsError {}
        }
    }

    @Test func threadsShareAModel() async throws {
        let model = try Self.model(Self.ball)
        let states = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let data = try PhysicsData(model)
                    data.view.controls[0] = 2
                    try data.step(200)
                    return data.state()
                }
            }
            return try await group.reduce(into: [[Double]]()) { $0.append($1) }
        }
        #expect(states.allSatisfy { $0 == states[0] })
    }
}
