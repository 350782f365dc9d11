import Environments
import Testing

@Suite struct PoolTests {
    private func cartPole(_ count: Int, _ options: PoolOptions = PoolOptions()) throws -> EnvironmentPool {
        try EnvironmentCatalogue.builtIn.task("CartPole-v1").pool(count: count, options: options)
    }

    private func message(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return "\(error)" }
        return nil
    }

    @Test func unknownTaskNamesNearOnes() {
        #expect(
            message { _ = try EnvironmentCatalogue.builtIn.task("Cartpole-v1") }
                == "no task is called Cartpole-v1; did you mean CartPole-v1 or CartPole-v0?")
        #expect(
            message { _ = try EnvironmentCatalogue.builtIn.task("Xyzzy") }
                == "no task is called Xyzzy; `ludus env list` shows all")
    }

    @Test func badOptionsAreNamed() throws {
        for (options, part) in [
            (PoolOptions(batchSize: 5), "batchSize"), (PoolOptions(batchSize: 0), "batchSize"),
            (PoolOptions(threads: 0), "threads"), (PoolOptions(seeds: [1, 2]), "2 seeds were given, 4 are needed"),
            (PoolOptions(maximumEpisodeSteps: 0), "maximumEpisodeSteps"),
            (PoolOptions(batchSize: 2, autoreset: .disabled), "autoreset"),
        ] {
            let message = try #require(message { _ = try cartPole(4, options) })
            #expect(message.contains(part), "\(message)")
        }
        #expect(message { _ = try cartPole(0) }?.contains("count") == true)
    }

    @Test func callsAtTheWrongTimeAreRefused() throws {
        let pool = try cartPole(2)
        #expect(message { _ = try pool.step([0, 1] as [Int64]) }?.contains("never reset") == true)
        #expect(message { _ = try pool.receive() }?.contains("synchronous") == true)
        _ = try pool.reset()
        #expect(message { _ = try pool.step([0] as [Int64]) } == "1 numbers of actions were given, 2 are needed")
        #expect(
            message { _ = try pool.step([0, 2] as [Int64]) }?.hasPrefix("the action in row 1 is 2.0, which isn't in")
                == true)
        let asynchronous = try cartPole(4, PoolOptions(batchSize: 2))
        #expect(message { _ = try asynchronous.reset() }?.contains("startAll") == true)
        #expect(message { _ = try asynchronous.receive() }?.contains("under way") == true)
        try asynchronous.startAll()
        let actions: [Int64] = [0, 1]
        func send(_ ids: [Int32]) -> String? {
            message {
                try actions.withUnsafeBytes { bytes in
                    try ids.withUnsafeBufferPointer { try asynchronous.send(bytes, to: $0) }
                }
            }
        }
        #expect(send([0, 1])?.contains("under way already") == true)
        let ready = Array(try asynchronous.receive().environments)
        #expect(send([ready[0], 9])?.contains("environments 0 to 3") == true)
        #expect(send([ready[0], ready[0]])?.contains("under way already") == true)
        #expect(send(ready) == nil)
    }

    @Test func aSnapshotOfAnotherTaskIsRefused() throws {
        let pool = try cartPole(2)
        _ = try pool.reset()
        let car = try EnvironmentCatalogue.builtIn.task("MountainCar-v0").pool(count: 1)
        _ = try car.reset()
        #expect(message { try pool.restore(0, to: car.snapshot(of: 0)) }?.contains("MountainCar-v0") == true)
        #expect(message { try pool.restore(2, to: pool.snapshot(of: 0)) }?.contains("environments 0 to 1") == true)
        #expect(message { try pool.setState([1, 2], of: 0) }?.contains("16 bytes") == true)
    }

    @Test func seedsDecide() throws {
        let pool = try cartPole(3, PoolOptions(seed: 5))
        let first = Array(try pool.reset().observations(as: Float.self))
        let second = Array(try pool.reset().observations(as: Float.self))
        #expect(first != second)
        #expect(Array(try pool.reset(seed: 5).observations(as: Float.self)) == first)
        let single = try cartPole(3, PoolOptions(seeds: [7, 5, 5]))
        let rows = Array(try single.reset().observations(as: Float.self))
        #expect(Array(rows[4..<8]) == Array(first[..<4]))
        #expect(Array(rows[8..<12]) == Array(first[..<4]))
    }

    @Test func aMaskResetsOnlySome() throws {
        let pool = try cartPole(4, PoolOptions(autoreset: .disabled))
        #expect(message { _ = try pool.reset { $0 < 3 } }?.contains("environment 3") == true)
        _ = try pool.reset()
        let before = Array(try pool.step([1, 1, 1, 1] as [Int64]).observations(as: Float.self))
        let after = Array(try pool.reset { $0 == 2 }.observations(as: Float.self))
        #expect(Array(before[..<8]) == Array(after[..<8]))
        #expect(Array(before[8..<12]) != Array(after[8..<12]))
        #expect(Array(before[12...]) == Array(after[12...]))
    }

    @Test func anEndedEpisodeIsNotStepped() throws {
        let pool = try cartPole(2, PoolOptions(autoreset: .disabled, maximumEpisodeSteps: 1))
        _ = try pool.reset()
        _ = try pool.step([1, 1] as [Int64])
        #expect(message { _ = try pool.step([1, 1] as [Int64]) }?.contains("its episode has ended") == true)
        _ = try pool.reset()
        _ = try pool.step([1, 1] as [Int64])
    }

    @Test func aRolloutHoldsWhatThePoolWouldGive() throws {
        let steps = 20
        let count = 8
        let plain = try cartPole(count, PoolOptions(seed: 3))
        let bound = try cartPole(count, PoolOptions(seed: 3))
        _ = try plain.reset()
        _ = try bound.reset()
        var observations = [Float](repeating: .nan, count: steps * count * 4)
        var rewards = [Float](repeating: .nan, count: steps * count)
        var terminated = [UInt8](repeating: 9, count: steps * count)
        var truncated = [UInt8](repeating: 9, count: steps * count)
        for step in 0..<steps {
            let actions = (0..<count).map { Int64(($0 + step) % 2) }
            let expected = try plain.step(actions)
            try observations.withUnsafeMutableBufferPointer { observations in
                try rewards.withUnsafeMutableBufferPointer { rewards in
                    try terminated.withUnsafeMutableBufferPointer { terminated in
                        try truncated.withUnsafeMutableBufferPointer { truncated in
                            let row = RolloutRow(
                                observations: try #require(observations.baseAddress) + step * count * 4,
                                rewards: try #require(rewards.baseAddress) + step * count,
                                terminated: try #require(terminated.baseAddress) + step * count,
                                truncated: try #require(truncated.baseAddress) + step * count)
                            _ = try actions.withUnsafeBytes { try bound.step($0, into: row) }
                        }
                    }
                }
            }
            let places = (step * count)..<((step + 1) * count)
            #expect(
                Array(observations[(step * count * 4)..<((step + 1) * count * 4)]) == Array(expected.observations()))
            #expect(Array(rewards[places]) == Array(expected.rewards))
            #expect(Array(terminated[places]) == Array(expected.terminated))
            #expect(Array(truncated[places]) == Array(expected.truncated))
        }
    }

    @Test func everyEnvironmentComesOnceAWindow() throws {
        let pool = try cartPole(12, PoolOptions(batchSize: 4, threads: 2))
        try pool.startAll()
        let actions = [Int64](repeating: 0, count: 4)
        var steps = [Int](repeating: 0, count: 12)
        for _ in 0..<300 {
            let batch = try pool.receive()
            let ids = batch.environments.map { Int($0) }
            #expect(Set(ids).count == 4)
            for id in ids { steps[id] += 1 }
            try actions.withUnsafeBytes { try pool.send($0, to: batch.environments) }
        }
        // First in, first out: no environment waits while others go on.
        let most = steps.max() ?? 0
        #expect(steps.allSatisfy { $0 >= most - 3 }, "\(steps)")
    }

    @Test func pinnedThreadsGiveTheSame() throws {
        let plain = try cartPole(2000)
        let pinned = try cartPole(2000, PoolOptions(threads: 2, pinsThreads: true))
        _ = try plain.reset()
        _ = try pinned.reset()
        for step in 0..<50 {
            let actions = (0..<2000).map { Int64(($0 &+ step) % 2) }
            let ours = Array(try plain.step(actions).observations(as: Float.self))
            #expect(try pinned.step(actions).observations(as: Float.self).elementsEqual(ours))
        }
    }

    @Test func poolsComeAndGo() throws {
        for round in 0..<50 {
            let pool = try cartPole(8, PoolOptions(batchSize: 3, threads: 3, seed: UInt64(round)))
            try pool.startAll()
            // Left with environments under way.
        }
    }

    @Test func aWrongNumberTypeTraps() async {
        await #expect(processExitsWith: .failure) {
            let pool = try EnvironmentCatalogue.builtIn.task("CartPole-v1").pool(count: 1)
            _ = try pool.reset().observations(as: Double.self)
        }
    }
}

@Suite struct SpaceTests {
    @Test func samplesStayInTheirSpace() {
        let spaces: [Space] = [
            .discrete(count: 3, start: -1), .multiDiscrete(counts: [2, 5]),
            .box(low: [-2, 0], high: [3, 1], shape: [2], element: .float32), .unbounded([3], .float64),
        ]
        for space in spaces {
            var sampler = ActionSampler(space, seed: 1)
            var bytes = [UInt8](repeating: 0, count: 200 * space.count * space.element.size)
            bytes.withUnsafeMutableBytes { sampler.fill($0) }
            var again = ActionSampler(space, seed: 1)
            var same = bytes
            same.withUnsafeMutableBytes { again.fill($0) }
            #expect(same == bytes)
            bytes.withUnsafeBytes { buffer in
                switch space.element {
                case .int64:
                    let numbers = buffer.bindMemory(to: Int64.self)
                    #expect(Int64.firstInvalid(numbers, in: space) == nil)
                    #expect(Set(numbers).count >= 3)
                case .float32:
                    for (index, number) in buffer.bindMemory(to: Float.self).enumerated() {
                        #expect(space.bounds(at: index % space.count).contains(Double(number)))
                    }
                default:
                    for number in buffer.bindMemory(to: Double.self) { #expect(abs(number) <= 1) }
                }
            }
        }
    }

    @Test func invalidNumbersAreFound() {
        let space = Space.discrete(count: 3, start: 1)
        for (numbers, place) in [([1, 2, 3], nil), ([1, 4], 1), ([0, 1], 0), ([1, .min], 1), ([.max], 0)]
            as [([Int64], Int?)]
        {
            #expect(numbers.withUnsafeBufferPointer { Int64.firstInvalid($0, in: space) } == place)
        }
        let box = Space.unbounded([2], .float32)
        for (numbers, place) in [([0, 1e38], nil), ([0, .nan], 1), ([.infinity, 0], 0), ([3e38, -3e38], nil)]
            as [([Float], Int?)]
        {
            #expect(numbers.withUnsafeBufferPointer { Float.firstInvalid($0, in: box) } == place)
        }
    }
}
