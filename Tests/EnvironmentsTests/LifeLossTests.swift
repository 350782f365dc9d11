import Environments
import Testing

/// Three steps a life, without end: a life's end is an episode's, and the game goes on where it was.
private final class Lives: EnvironmentKernel {
    struct Options: Sendable, Codable, Hashable {}

    static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Lives-v0", observation: .box(low: [0], high: [100], shape: [1], element: .float32),
            action: .discrete(2), maximumEpisodeSteps: 4)
    }

    private let ages: StateArray<Int32>

    init(count: Int, options: Options) throws(EnvironmentError) { ages = StateArray(count) }

    var stepNanoseconds: Double { 5 }

    func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        ages[index] = 0
        row.observation[0] = 0
    }

    func restart(
        _ index: Int, isWhole: Bool, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> Int32 {
        if isWhole { ages[index] = 0 }
        row.observation[0] = Float(ages[index])
        return ages[index]
    }

    func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        ages[index] += 1
        row.observation[0] = Float(ages[index])
        return StepOutcome(0, isTerminated: ages[index] == 3)
    }

    func snapshot(_ index: Int) -> [UInt8] { [] }

    func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {}
}

/// Games that go on after an episode's end.
struct LifeLossTests {
    @Test func aResetAfterALifeIsNoStepOfTheGame() throws {
        let pool = try EnvironmentPool(Lives.self, count: 3, task: Lives.Options(), options: PoolOptions(seed: 1))
        _ = try pool.reset()
        var seen: [[Int32]] = []
        for _ in 0..<6 {
            let batch = try pool.step([0, 1, 0] as [Int64])
            seen.append([batch.elapsedSteps[2], Int32(batch.terminated[2]), Int32(batch.truncated[2])])
        }
        // The third step ends a life, one short of the limit; its reset must not count as the fourth.
        #expect(seen == [[1, 0, 0], [2, 0, 0], [3, 1, 0], [3, 0, 0], [4, 0, 1], [0, 0, 0]])
    }
}
