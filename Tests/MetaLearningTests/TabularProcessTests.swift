import MetaLearning
import Randomness
import Testing

@Suite struct TabularProcessTests {
    @Test(arguments: [-0.1, 1.1, Double.nan])
    func discountOutsideItsRangeIsAnError(discount: Double) {
        let error = #expect(throws: MetaLearningError.self) {
            try TabularProcess(
                transitions: [1], rewards: [0], stateCount: 1, actionCount: 1, discount: discount)
        }
        #expect(error?.description.contains("discount is") == true)
    }

    @Test func wrongTablesAreErrors() {
        func make(_ transitions: [Double], _ rewards: [Double], initial: Int = 0) throws -> TabularProcess {
            try TabularProcess(
                transitions: transitions, rewards: rewards, stateCount: 2, actionCount: 1, discount: 0.5,
                initialState: initial)
        }
        #expect(throws: Never.self) { try make([0, 1, 1, 0], [1, 2]) }
        #expect(throws: MetaLearningError.self) { try make([0, 1, 1], [1, 2]) }
        #expect(throws: MetaLearningError.self) { try make([0, 1, 0.9, 0], [1, 2]) }
        #expect(throws: MetaLearningError.self) { try make([0, 1, 2, -1], [1, 2]) }
        #expect(throws: MetaLearningError.self) { try make([0, 1, 1, 0], [1, .infinity]) }
        #expect(throws: MetaLearningError.self) { try make([0, 1, 1, 0], [1]) }
        #expect(throws: MetaLearningError.self) { try make([0, 1, 1, 0], [1, 2], initial: 2) }
        #expect(throws: MetaLearningError.self) { try TabularProcess.random(count: 0, seed: 1) }
        var options = TabularProcessOptions()
        options.concentration = 0
        #expect(throws: MetaLearningError.self) { try TabularProcess.random(count: 1, options, seed: 1) }
        options = TabularProcessOptions()
        options.actionCount = 0
        #expect(throws: MetaLearningError.self) { try TabularProcess.random(count: 1, options, seed: 1) }
    }

    /// At discount 1 a process that never ends has no values; one that is absorbed without reward would need its
    /// absorbing state left out.
    @Test func discountOneWithoutAnEndIsASingularSystem() throws {
        let process = try TabularProcess(
            transitions: [0, 1, 1, 0], rewards: [1, 2], stateCount: 2, actionCount: 1, discount: 1)
        #expect(throws: MetaLearningError.singularSystem(discount: 1)) {
            try ExactEvaluation(process, parameters: [0, 0])
        }
    }

    /// With concentration a, the expected square of a probability of n is (a + 1) / (n (n a + 1)).
    @Test(arguments: [0.001, 0.5, 1, 4])
    func dirichletRowsHaveTheMomentsOfTheDistribution(concentration: Double) throws {
        var options = TabularProcessOptions()
        options.concentration = concentration
        let processes = try TabularProcess.random(count: 40, options, seed: 11)
        let all = processes.flatMap(\.transitions)
        let count = Double(options.stateCount)
        let rows = Double(all.count) / count
        let squares = all.map { $0 * $0 }.reduce(0, +) / rows
        let expected = (concentration + 1) / (count * concentration + 1)
        // 4,000 rows whose sums of squares lie in [0, 1]: standard deviation below 0.5 / √4000 = 0.008; five of them.
        #expect(abs(squares - expected) < 0.04)
        let rewards = processes.flatMap(\.rewards)
        // 4,000 uniform rewards: 0.29 / √4000 = 0.0046; five of them.
        #expect(abs(rewards.reduce(0, +) / Double(rewards.count) - 0.5) < 0.023)
        #expect(rewards.allSatisfy { $0 >= 0 && $0 < 1 })
    }

    @Test func trajectoriesFollowPolicyAndTransitions() throws {
        let process = try Fixtures.process()
        let policy = process.policy(Fixtures.table(process))
        var generator = SplittableGenerator(seed: 2)
        let (count, length) = (20_000, 3)
        let batch = TrajectoryBatch(process, policy: policy, count: count, length: length, using: &generator)
        let exact = TrajectoryBatch(enumerating: process, policy: policy, length: length)
        #expect(abs(exact.weights.reduce(0, +) - 1) < 1e-12)
        func visits(_ batch: TrajectoryBatch) -> [Double] {
            var result = [Double](repeating: 0, count: length * process.parameterCount * process.stateCount)
            for trajectory in 0..<batch.count {
                for step in 0..<length {
                    let state = Int(batch.states[trajectory * (length + 1) + step])
                    let next = Int(batch.states[trajectory * (length + 1) + step + 1])
                    let row = state * process.actionCount + Int(batch.actions[trajectory * length + step])
                    result[(step * process.parameterCount + row) * process.stateCount + next] +=
                        batch.weights[trajectory]
                }
            }
            return result
        }
        // A frequency of 20,000 has a standard deviation of at most 0.0036; six of them over 144 cells.
        let worst = zip(visits(batch), visits(exact)).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 0.022)
        #expect((0..<count).allSatisfy { batch.states[$0 * (length + 1)] == 0 })
    }

    @Test func noTrajectoriesTrap() async {
        await #expect(processExitsWith: .failure) {
            let process = try Fixtures.process()
            var generator = SplittableGenerator(seed: 2)
            _ = TrajectoryBatch(
                process, policy: process.policy(Fixtures.table(process)), count: 0, length: 3, using: &generator)
        }
        await #expect(processExitsWith: .failure) {
            let process = try Fixtures.process()
            _ = process.policy([0, 1])
        }
    }
}
