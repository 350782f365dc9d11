import Environments
import Testing

@testable import EnvironmentsInterface

@Suite struct JSONOptionsTests {
    @Test func optionsAreReadOverTheStandardOnes() throws {
        let options = try JSONOptions(#"{"threads": 3, "seed": 18446744073709551615, "autoreset": "sameStep"}"#)
            .read(over: PoolOptions())
        #expect(options == PoolOptions(threads: 3, seed: .max, autoreset: .sameStep))
        let pole = try JSONOptions(#"{"usesSuttonBartoReward": true}"#).read(over: CartPole.Options())
        #expect(pole.usesSuttonBartoReward && pole.maximumEpisodeSteps == 500)
        // An option that is nil by itself can be chosen, too.
        let lake = try JSONOptions(#"{"maximumEpisodeSteps": 7}"#).read(over: FrozenLake.Options())
        #expect(lake.maximumEpisodeSteps == 7 && lake.map == FrozenLake.small)
        #expect(try JSONOptions("").read(over: Pendulum.Options()) == Pendulum.Options())
    }

    @Test func optionsOfOptionsAreFoundByTheirNames() throws {
        struct Engine: Codable, Hashable {
            var speed = 1
            var name: String?
        }
        struct Car: Codable, Hashable {
            var engine = Engine()
            var range = 0.0...1.0
            var wheels = 4
        }
        let changed = Car(engine: Engine(speed: 7, name: "V8"), range: 2.0...3.0, wheels: 3)
        for text in [
            #"{"speed": 7, "name": "V8", "range": [2, 3], "wheels": 3}"#,
            #"{"engine": {"speed": 7, "name": "V8"}, "range": [2, 3], "wheels": 3}"#,
        ] { #expect(try JSONOptions(text).read(over: Car()) == changed) }
        for (text, words) in [
            (#"{"engine": {"sped": 7}}"#, "sped"), (#"{"speedy": 7}"#, "speed"), (#"{"range": [3, 2]}"#, "range"),
            (#"{"engine": 3}"#, "engine"), (#"{"lowerBound": 3}"#, "lowerBound"),
        ] {
            let error = #expect(throws: EnvironmentError.self) { try JSONOptions(text).read(over: Car()) }
            #expect(try #require(error).description.contains("option \(words)") || words == "speed")
        }
    }

    @Test(arguments: [
        (#"{"thread": 1}"#, "did you mean threads"), (#"{"fish": 1}"#, "known are"),
        (#"{"threads": "two"}"#, "a whole number"), (#"{"seed": -1}"#, "it is -1"),
        (#"{"pinsThreads": 1}"#, "true or false"),
        (#"{"autoreset": "later"}"#, "autoreset"), ("[1]", "isn't a JSON object"), ("{", "isn't a JSON object"),
    ])
    func badOptionsAreNamed(_ text: String, _ words: String) throws {
        let error = #expect(throws: EnvironmentError.self) { try JSONOptions(text).read(over: PoolOptions()) }
        #expect(try #require(error).description.contains(words))
    }
}

@Suite struct CallTests {
    /// A pool's handle, or a code.
    private func pool(_ id: String, _ count: Int64, _ options: String = "", _ task: String = "") -> Int64 {
        make(id, count, options, task)
    }

    private var sentence: String { error().map { String(cString: $0) } ?? "" }

    @Test func aPoolIsMadeSteppedAndClosed() throws {
        let handle = pool("CartPole-v1", 4, #"{"seed": 3}"#)
        try #require(handle > 0)
        #expect(step(handle) == Code.wrongTime)
        #expect(sentence.contains("never reset"))
        let first = reset(handle, 0)
        #expect(first >= 0 && first & 3 == 0)
        var seen: Set<Int32> = []
        for _ in 0..<200 {
            let outcome = step(handle)
            try #require(outcome >= 0)
            seen.insert(outcome & 3)
        }
        // Pushed to the left all the time, poles fall but aren't cut off.
        #expect(seen == [0, 1])
        #expect(close(handle) == 0)
        for code in [close(handle), step(handle), reset(handle, 0), receive(handle), start(handle, 1)] {
            #expect(code == Code.closed)
        }
        #expect(describe(handle) == nil)
    }

    @Test(arguments: ["nextStep", "sameStep"])
    func aStepIsCopiedWithItsColumns(_ autoreset: String) throws {
        let handle = pool("FrozenLake-v1", 3, #"{"seed": 3, "autoreset": "\#(autoreset)"}"#)
        defer { _ = close(handle) }
        #expect(stepCopied(handle, nil) == Code.wrongCount)
        var size = 0
        _ = PoolTable.shared.use(handle) {
            size = $0.resultBytes
            return 0
        }
        let copy = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        defer { copy.deallocate() }
        #expect(stepCopied(handle, copy) == Code.wrongTime)
        _ = reset(handle, 0)
        for _ in 0..<50 {
            let outcome = stepCopied(handle, copy)
            try #require(outcome >= 0)
            _ = PoolTable.shared.use(handle) {
                let batch = $0.pool.memory(ofBatch: Int(outcome >> 2))
                guard let start = batch.observationBytes.baseAddress else { return 0 }
                func isCopied(_ bytes: UnsafeRawBufferPointer) -> Bool {
                    guard let first = bytes.baseAddress, first >= start, first + bytes.count <= start + size else {
                        return false
                    }
                    return UnsafeRawBufferPointer(start: copy + (first - start), count: bytes.count)
                        .elementsEqual(bytes)
                }
                for bytes in [
                    batch.observationBytes, UnsafeRawBufferPointer(batch.rewards),
                    UnsafeRawBufferPointer(batch.terminated), UnsafeRawBufferPointer(batch.truncated),
                    UnsafeRawBufferPointer(batch.elapsedSteps), batch.columnBytes(0, rows: 0..<3),
                ] { #expect(isCopied(bytes)) }
                return 0
            }
        }
    }

    @Test func whatCannotBeMadeGivesACode() {
        #expect(pool("CartPole", 1) == Int64(Code.unknownTask))
        #expect(sentence.contains("CartPole-v1"))
        #expect(pool("CartPole-v1", 0) == Int64(Code.badOption))
        #expect(pool("CartPole-v1", .max) == Int64(Code.badOption))
        #expect(pool("CartPole-v1", 2, #"{"batchSize": 3}"#) == Int64(Code.badOption))
        #expect(pool("CartPole-v1", 2, #"{"seeds": [1]}"#) == Int64(Code.wrongCount))
        #expect(pool("FrozenLake-v1", 2, "", #"{"map": []}"#) == Int64(Code.badOption))
        #expect(pool("CartPole-v1", 2, "", #"{"map": []}"#) == Int64(Code.badOption))
        #expect(make(nil, 1, nil, nil) == Int64(Code.unknownTask))
        #expect(specification("nothing") == nil)
    }

    @Test func handlesAreNeverUsedAgain() {
        var handles: Set<Int64> = []
        for _ in 0..<100 {
            let handle = pool("CartPole-v1", 1)
            #expect(handles.insert(handle).inserted)
            #expect(close(handle) == 0)
        }
        for handle in handles { #expect(step(handle) == Code.closed) }
        for handle in [Int64.min, -1, 0, 1, .max] { #expect(step(handle) == Code.closed) }
    }

    @Test func snapshotsGoThroughText() throws {
        let handle = pool("Blackjack-v1", 2, #"{"generator": "envpool"}"#)
        defer { _ = close(handle) }
        _ = reset(handle, 0)
        let size = snapshot(handle, 1, nil, 0)
        try #require(size > 0)
        var text = [UInt8](repeating: 0, count: Int(size))
        #expect(snapshot(handle, 1, &text, Int64(size)) == size)
        #expect(restore(handle, 0, text, Int64(size)) == 0)
        #expect(snapshot(handle, 2, nil, 0) == Code.badEnvironment)
        #expect(restore(handle, 0, text, Int64(size) - 9) == Code.badSnapshot)
        #expect(restore(handle, 0, nil, 5) == Code.badSnapshot)
    }

    @Test func damagedSnapshotsNeverTrap() throws {
        var random = SeededGenerator(state: 7)
        for id in ["CartPole-v1", "FrozenLake-v1", "Catch-v0", "Blackjack-v1"] {
            let handle = pool(id, 1)
            defer { _ = close(handle) }
            _ = reset(handle, 0)
            let size = snapshot(handle, 0, nil, 0)
            var text = [UInt8](repeating: 0, count: Int(size))
            _ = snapshot(handle, 0, &text, Int64(size))
            for _ in 0..<300 {
                var damaged = text
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
                        in: 32...126, using: &random)
                }
                let code = restore(handle, 0, damaged, Int64(damaged.count))
                #expect(code == 0 || code == Code.badSnapshot)
                #expect(step(handle) >= 0)
            }
        }
    }
}

/// A small seeded generator: what is damaged doesn't change from run to run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
