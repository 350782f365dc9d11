import Environments
import TestSupport
import Testing

/// Environments of one, two, three, one, … players who each add to a sum of their own and see all of them; an episode
/// ends when they add up to 20.
private final class Adders: EnvironmentKernel {
    struct Options: Sendable, Codable, Hashable {
        var isRagged = true
    }

    static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Adders-v0", observation: .box(low: [0], high: [40], shape: [4], element: .float32),
            action: .discrete(3), players: 3, columns: [.init("own", .int32)])
    }

    static func players(of index: Int, _ options: Options) -> Int? { options.isRagged ? index % 3 + 1 : nil }

    private let sums: StateArray<Int32>
    private let counts: [Int]

    init(count: Int, options: Options) {
        sums = StateArray(3 * count)
        counts = (0..<count).map { Self.players(of: $0, options) ?? 3 }
    }

    var stepNanoseconds: Double { 100_000 }

    func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        for player in 0..<counts[index] { sums[3 * index + player] = Int32(generator.integer(below: 3)) }
        observe(index, row)
    }

    private func observe(_ index: Int, _ row: StepRow<Float>) {
        for player in 0..<counts[index] {
            for other in 0..<3 {
                row.observation[4 * player + other] = other < counts[index] ? Float(sums[3 * index + other]) : 0
            }
            row.observation[4 * player + 3] = Float(player)
            row.column(0, as: Int32.self)[player] = sums[3 * index + player]
        }
    }

    func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        var total: Int32 = 0
        for player in 0..<counts[index] {
            sums[3 * index + player] += Int32(action[player])
            row.rewards[player] = Float(action[player]) - 1
            total += sums[3 * index + player]
        }
        observe(index, row)
        return StepOutcome(row.rewards[0], isTerminated: total >= 20)
    }

    func snapshot(_ index: Int) -> [UInt8] {
        (0..<counts[index]).flatMap { player in withUnsafeBytes(of: sums[3 * index + player]) { Array($0) } }
    }

    func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        guard bytes.count == 4 * counts[index] else { throw .badSnapshot(reason: "it has \(bytes.count) bytes") }
        for player in 0..<counts[index] {
            sums[3 * index + player] = bytes.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: 4 * player, as: Int32.self)
            }
        }
    }
}

@Suite struct MultiplayerTests {
    @Test(arguments: [true, false])
    func keepsTheContract(isRagged: Bool) throws {
        var options = Adders.Options()
        options.isRagged = isRagged
        let broken = try checkEnvironment(EnvironmentTask(Adders.self, family: .toyText, options: options), count: 7)
        #expect(broken.isEmpty, "\(broken)")
    }

    @Test func rowsOfAnEnvironmentStandSideBySide() throws {
        let pool = try EnvironmentPool(Adders.self, count: 5, task: Adders.Options())
        let batch = try pool.reset()
        #expect(Array(batch.environments) == [0, 1, 1, 2, 2, 2, 3, 4, 4])
        #expect((0..<5).map { pool.players(of: $0) } == [1, 2, 3, 1, 2])
        let players = batch.observations(as: Float.self)
        #expect((0..<9).map { players[4 * $0 + 3] } == [0, 0, 1, 0, 1, 2, 0, 0, 1])
        #expect(throws: EnvironmentError.wrongCount(what: "numbers of actions", given: 5, wanted: 9)) {
            try pool.step([0, 0, 0, 0, 0] as [Int64])
        }
        let next = try pool.step([0, 1, 2, 0, 1, 2, 0, 2, 1] as [Int64])
        #expect(Array(next.rewards) == [-1, 0, 1, -1, 0, 1, -1, 1, 0])
        #expect(Array(next.episodeReturns) == Array(next.rewards))
    }

    @Test func batchesHoldAsManyRowsAsTheyHavePlayers() throws {
        let pool = try EnvironmentPool(
            Adders.self, count: 6, task: Adders.Options(), options: PoolOptions(batchSize: 2, threads: 2))
        try pool.startAll()
        for _ in 0..<100 {
            let batch = try pool.receive()
            let ids = batch.places.map { batch.environments[$0.lowerBound] }
            #expect(ids.count == 2)
            #expect(batch.count == ids.reduce(0) { $0 + Int($1) % 3 + 1 })
            let actions = [Int64](repeating: 1, count: batch.count)
            try actions.withUnsafeBytes { bytes in try ids.withUnsafeBufferPointer { try pool.send(bytes, to: $0) } }
        }
    }
}
