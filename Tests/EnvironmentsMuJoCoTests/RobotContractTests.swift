import AllocationCounter
import Environments
import EnvironmentsMuJoCo
import TestSupport
import Testing

/// What the engine asks of every task, and what is special about robots.
@Suite(.enabled(if: hasMuJoCo, muJoCoNotice)) struct RobotContractTests {
    @Test(arguments: EnvironmentCatalogue.mujoco.tasks.map(\.id))
    func contract(id: String) throws {
        let task = try EnvironmentCatalogue.mujoco.task(id)
        #expect(try checkEnvironment(task, steps: 24, count: 4) == [])
    }

    @Test(
        .enabled(if: ludus_allocations_of_this_thread() >= 0, "allocations can't be counted here"),
        arguments: ["Ant-v5", "Hopper-v4", "HumanoidStandup-v5", "InvertedPendulum-v5"])
    func stepsAllocateNothing(id: String) throws {
        let pool = try EnvironmentCatalogue.mujoco.task(id).pool(
            count: 4, options: PoolOptions(maximumEpisodeSteps: 10))
        let actions = [Double](repeating: 0.2, count: 4 * pool.specification.action.count)
        _ = try pool.reset()
        for _ in 0..<20 { _ = try pool.step(actions) }
        let before = ludus_allocations_of_this_thread()
        for _ in 0..<30 { _ = try pool.step(actions) }
        let count = ludus_allocations_of_this_thread() - before
        #expect(count == 0, "\(count) allocations in 30 steps")
    }

    @Test func catalogueIsWhole() {
        let ids = EnvironmentCatalogue.mujoco.tasks.map(\.id)
        #expect(ids.count == 22)
        #expect(Set(ids).count == 22)
        #expect(EnvironmentCatalogue.mujoco.tasks.allSatisfy { $0.family == .mujoco && $0.specification.id == $0.id })
    }

    @Test func missingModelIsAnError() {
        var options = Ant.Options(.v5)
        options.simulation.folder = "/nowhere"
        #expect(throws: EnvironmentError.self) {
            try EnvironmentPool(RobotKernel<Ant>.self, count: 1, task: options)
        }
        do {
            _ = try EnvironmentPool(RobotKernel<Ant>.self, count: 1, task: options)
        } catch {
            guard case .missingFile(let path, let advice) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(path == "/nowhere/ant.xml")
            #expect(advice.contains("LUDUS_MUJOCO"))
        }
    }

    @Test func modelOfAnotherRobotIsAnError() {
        var options = Ant.Options(.v5)
        options.simulation.file = "hopper.xml"
        do {
            _ = try EnvironmentPool(RobotKernel<Ant>.self, count: 1, task: options)
            Issue.record("a hopper was taken for an ant")
        } catch {
            guard case .badOption(let name, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(name == "file")
        }
    }

    @Test func badOptionsAreErrors() {
        var skip = Hopper.Options()
        skip.simulation.frameSkip = 0
        #expect(throws: EnvironmentError.self) {
            try EnvironmentPool(RobotKernel<Hopper>.self, count: 1, task: skip)
        }
        var constraints = InvertedDoublePendulum.Options()
        constraints.observedConstraints = 4
        #expect(throws: EnvironmentError.self) {
            try EnvironmentPool(RobotKernel<InvertedDoublePendulum>.self, count: 1, task: constraints)
        }
        var distance = Pusher.Options()
        distance.minimumGoalDistance = 1
        #expect(throws: EnvironmentError.self) {
            try EnvironmentPool(RobotKernel<Pusher>.self, count: 1, task: distance)
        }
        var body = Ant.Options()
        body.mainBody = "trunk"
        #expect(throws: EnvironmentError.self) {
            try EnvironmentPool(RobotKernel<Ant>.self, count: 1, task: body)
        }
    }

    @Test func observationsHaveOnlyTheirParts() throws {
        var options = Humanoid.Options(.v5)
        options.senses.observesInertias = false
        options.senses.observesContacts = false
        let pool = try EnvironmentPool(RobotKernel<Humanoid>.self, count: 2, task: options)
        #expect(pool.specification.observation.shape == [348 - 130 - 78])
        let batch = try pool.reset()
        let wholePool = try EnvironmentCatalogue.mujoco.task("Humanoid-v5").pool(count: 2)
        let whole = try wholePool.reset()
        let parts = Array(batch.observations(as: Double.self).prefix(140))
        let all = Array(whole.observations(as: Double.self).prefix(348))
        #expect(parts == Array(all[..<45] + all[175..<270]))
        withExtendedLifetime((pool, wholePool)) {}
    }

    @Test func instabilityEndsTheEpisode() throws {
        let task = try EnvironmentCatalogue.mujoco.task("HalfCheetah-v5")
        let pool = try task.pool(count: 2, options: PoolOptions(seed: 3))
        let twin = try task.pool(count: 2, options: PoolOptions(seed: 3))
        let still = [Double](repeating: 0.1, count: 12)
        for pool in [pool, twin] {
            _ = try pool.reset()
            _ = try pool.step(still)
        }
        for spoiled in [1e12, .nan, .infinity] {
            // 9 positions, then velocities.
            var numbers = try pool.snapshot(of: 1).numbers
            numbers[9] = spoiled
            try pool.setState(numbers, of: 1)
            let batch = try pool.step(still)
            let expected = try twin.step(still)
            let seen = batch.observations(as: Double.self)
            #expect(seen.allSatisfy { $0.isFinite })
            #expect(batch.rewards.allSatisfy { $0.isFinite })
            #expect(batch.terminated[1] == 1, "velocity \(spoiled)")
            #expect(batch.rewards[1] == 0)
            #expect(batch.terminated[0] == 0)
            #expect(Array(seen[..<17]) == Array(expected.observations(as: Double.self)[..<17]))
            // The next step starts a sound episode.
            let again = try pool.step(still)
            _ = try twin.step(still)
            #expect(again.terminated[1] == 0)
            #expect(again.elapsedSteps[1] == 0)
            let later = try pool.step(still)
            _ = try twin.step(still)
            #expect(later.terminated[1] == 0)
            #expect(later.observations(as: Double.self).allSatisfy { $0.isFinite })
        }
    }
}
