import Foundation
import RunRecords
import Testing

/// A training loop in miniature: a random walk whose generator and position are the state.
struct Walk {
    let steps: Int
    let checkpointEvery: Int
    let seed: UInt64

    func description() throws -> RunDescription {
        try RunDescription(name: "walk", configuration: ["steps": steps], seed: seed, commandLine: ["walk"])
    }

    /// Goes on from where the run stands; stops without ending the run after `stopAfter`.
    func go(_ run: Run, stopAfter: Int? = nil) throws {
        var random = SplitMix(seed: run.description.seed)
        var position = 0.0
        var first = 1
        if let saved = run.resumedFrom {
            random = try saved.record.state("generator")
            position = try JSONDecoder().decode(
                Double.self, from: Data(contentsOf: saved.folder.appendingPathComponent("position.json")))
            first = saved.record.step + 1
        }
        for step in first...steps {
            position += Double.random(in: -1...1, using: &random)
            try run.log("position", position, step: step)
            if step % 3 == 0 {
                try run.log(["square": position * position, "inverse": 1 / (position - position)], step: step)
            }
            if step % 5 == 0 { try run.log("words", text: "at \"\(position)\"\n", step: step) }
            try run.logTiming("seconds", 0.5, step: step)
            if step % checkpointEvery == 0 {
                var states = CheckpointStates()
                try states.set("generator", random)
                try run.saveCheckpoint(step: step, score: abs(position), states: states) { folder in
                    try AtomicFile(folder.appendingPathComponent("position.json")).write(json: position)
                }
            }
            if step == stopAfter { return run.close() }
        }
        try run.finish(["position": position])
    }
}

@Suite struct RunTests {
    private func metrics(_ folder: URL) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent("metrics.jsonl"))
    }

    @Test func sameSeedGivesTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 40, checkpointEvery: 7, seed: 3)
        for name in ["a", "b"] {
            try walk.go(Run.create(at: folder.file(name), description: walk.description()))
        }
        let first = try metrics(folder.file("a"))
        #expect(first.isEmpty == false)
        #expect(try metrics(folder.file("b")) == first)
        #expect(try metrics(folder.file("a")).starts(with: Data("{\"step\":1,\"tag\":\"position\",\"value\":".utf8)))
    }

    /// A process killed after any step, at any byte of any log, with a checkpoint half-written, resumes to the same end.
    @Test(arguments: 0..<25)
    func killedAndResumedEqualsUndisturbed(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 60, checkpointEvery: 9, seed: 11)
        try walk.go(Run.create(at: folder.file("whole"), description: walk.description()))

        let killed = folder.file("killed")
        let first = try Run.create(at: killed, description: walk.description())
        try walk.go(first, stopAfter: Int.random(in: 1..<60, using: &random))
        for _ in 0..<2 {
            try damage(killed, using: &random)
            let run = try Run.resume(at: killed)
            let next = (run.resumedFrom?.record.step ?? 0) + 1
            try walk.go(run, stopAfter: Int.random(in: next...max(next, 59), using: &random))
        }
        try damage(killed, using: &random)
        try walk.go(Run.resume(at: killed))

        #expect(try metrics(killed) == metrics(folder.file("whole")))
        #expect(
            try Data(contentsOf: killed.appendingPathComponent("timings.jsonl"))
                == Data(contentsOf: folder.file("whole/timings.jsonl")))
        #expect(
            try Data(contentsOf: killed.appendingPathComponent("events.out.tfevents.ludus")).count
                == Data(contentsOf: folder.file("whole/events.out.tfevents.ludus")).count)
        #expect(try RunSummary.read(from: killed)?.results == RunSummary.read(from: folder.file("whole"))?.results)
    }

    /// What a kill, or a power cut, may leave: logs cut anywhere or ending in garbage, and unfinished temporaries.
    private func damage(_ run: URL, using random: inout SplitMix) throws {
        for name in ["metrics.jsonl", "timings.jsonl", "events.out.tfevents.ludus"] {
            let file = run.appendingPathComponent(name)
            var data = try Data(contentsOf: file)
            if Bool.random(using: &random) {
                data = data.prefix(Int.random(in: 0...data.count, using: &random))
            } else {
                data += Data("{\"step\":99,\"ta".utf8)
            }
            try data.write(to: file)
        }
        let unfinished = run.appendingPathComponent("checkpoints/.writing-step-000000000099-x")
        try FileManager.default.createDirectory(at: unfinished, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: unfinished.appendingPathComponent("position.json"))
        try Data("half".utf8).write(to: run.appendingPathComponent(".writing-summary.json-x"))
    }

    @Test func damagedCheckpointIsSetAsideAndTheOneBeforeUsed() throws {
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 30, checkpointEvery: 10, seed: 5)
        let run = folder.file("run")
        try walk.go(Run.create(at: run, description: walk.description()), stopAfter: 25)
        let part = run.appendingPathComponent("checkpoints/step-000000000020/position.json")
        var bytes = try Data(contentsOf: part)
        bytes[0] ^= 1
        try bytes.write(to: part)
        let resumed = try Run.resume(at: run)
        #expect(resumed.resumedFrom?.record.step == 10)
        #expect(resumed.skippedCheckpoints.count == 1)
        #expect(resumed.skippedCheckpoints.first?.contains("absent or damaged") == true)
        try walk.go(resumed)
        try walk.go(Run.create(at: folder.file("whole"), description: walk.description()))
        #expect(try metrics(run) == metrics(folder.file("whole")))
    }

    /// Any changed byte anywhere in a checkpoint is noticed.
    @Test(arguments: 0..<20)
    func mutatedCheckpointsAreNeverUsed(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 30, checkpointEvery: 10, seed: 5)
        try walk.go(Run.create(at: folder.url, description: walk.description()), stopAfter: 25)
        let newest = folder.file("checkpoints/step-000000000020")
        let name = try #require(
            ["position.json", "checkpoint.json", "checkpoint.crc32c"].randomElement(using: &random))
        var bytes = try Data(contentsOf: newest.appendingPathComponent(name))
        let position = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) {
            bytes[position] ^= UInt8.random(in: 1...255, using: &random)
        } else {
            bytes = bytes.prefix(position)
        }
        try bytes.write(to: newest.appendingPathComponent(name))
        let run = try Run.resume(at: folder.url)
        #expect(run.resumedFrom?.record.step == 10)
        #expect(run.skippedCheckpoints.count == 1)
    }

    @Test func onlyOneWriterAtATime() throws {
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 3, checkpointEvery: 9, seed: 1)
        let run = try Run.create(at: folder.url, description: walk.description())
        let error = #expect(throws: RunRecordsError.self) { try Run.resume(at: folder.url) }
        #expect(error == .locked(path: folder.url.path, owner: "process \(getpid())"))
        run.close()
        try Run.resume(at: folder.url).close()
        #expect(throws: RunRecordsError.closed(path: folder.url.path)) { try run.log("a", 1, step: 1) }
    }

    /// A child that is between fork and exec holds copies of all descriptors; a closed run must be free all the same.
    @Test func copiesOfTheDescriptorHoldNoLock() throws {
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 3, checkpointEvery: 2, seed: 3)
        let run = try Run.create(at: folder.url, description: walk.description())
        let path = folder.url.appendingPathComponent("run.lock").resolvingSymlinksInPath().path
        let descriptor = try #require(
            FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init).first {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
            })
        let copy = dup(descriptor)
        defer { close(copy) }
        run.close()
        try Run.resume(at: folder.url).close()
    }

    @Test func keepsTheNewestAndTheBest() throws {
        let folder = try TemporaryFolder()
        let walk = Walk(steps: 1, checkpointEvery: 9, seed: 1)
        for (best, kept) in [(CheckpointRetention.Best.lowest, [2, 5, 6]), (.highest, [4, 5, 6]), (.none, [5, 6])] {
            let run = try Run.create(
                at: folder.file("\(best)"), description: walk.description(),
                retention: CheckpointRetention(newest: 2, best: best))
            for (step, score) in [(1, 3.0), (2, 1), (3, .nan), (4, 7), (5, 2), (6, 2.5)] {
                try run.saveCheckpoint(step: step, score: score)
            }
            let names = try FileManager.default.contentsOfDirectory(
                atPath: folder.file("\(best)/checkpoints").path)
            #expect(names.sorted() == kept.map { "step-00000000000\($0)" })
        }
    }

    @Test func foldersThatWontDo() throws {
        let folder = try TemporaryFolder()
        let description = try Walk(steps: 1, checkpointEvery: 1, seed: 1).description()
        #expect(throws: RunRecordsError.noRun(path: folder.url.path)) { try Run.resume(at: folder.url) }
        try Run.create(at: folder.url, description: description).close()
        #expect(throws: RunRecordsError.folderHoldsRun(path: folder.url.path)) {
            try Run.create(at: folder.url, description: description)
        }
        try Data("x".utf8).write(to: folder.file("file"))
        #expect(throws: RunRecordsError.self) {
            try Run.create(at: folder.file("file/run"), description: description)
        }
        try Data("{".utf8).write(to: folder.file("config.json"))
        let error = #expect(throws: RunRecordsError.self) { try Run.resume(at: folder.url) }
        #expect(error?.description.contains("config.json: not valid JSON") == true)
    }

    @Test func manyThreadsLogWholeLines() async throws {
        let folder = try TemporaryFolder()
        let run = try Run.create(at: folder.url, description: Walk(steps: 1, checkpointEvery: 1, seed: 1).description())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<100 {
                        try run.log("task \(task)", Double(step), step: step)
                        if step == 50 { try run.saveCheckpoint(step: task * 1000 + step) }
                    }
                }
            }
            try await group.waitForAll()
        }
        try run.finish([:])
        let record = try RunRecord(reading: folder.url)
        #expect(record.failures.isEmpty)
        for task in 0..<8 { #expect(record.series("task \(task)").map(\.step) == Array(0..<100)) }
    }

    @Test func recordReadsBackWhatWasLogged() throws {
        let folder = try TemporaryFolder()
        let description = try Walk(steps: 1, checkpointEvery: 1, seed: .max).description()
        let run = try Run.create(at: folder.url, description: description)
        let values: [Double] = [
            0.1, -1e-300, Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, 3, .infinity, -.infinity, .nan, -0.0,
        ]
        for (step, value) in values.enumerated() { try run.log("odd \"tag\"\u{1}/é", value, step: step) }
        try run.log("says", text: "line\nline\t\\", step: 9)
        try run.finish(["x": .nan])
        let record = try RunRecord(reading: folder.url)
        #expect(record.description == description)
        #expect(record.failures.isEmpty)
        #expect(record.tags == ["odd \"tag\"\u{1}/é"])
        let read = record.series("odd \"tag\"\u{1}/é").map(\.value)
        #expect(read.map { $0.isNaN } == values.map { $0.isNaN })
        #expect(zip(read, values).allSatisfy { $0.bitPattern == $1.bitPattern || $1.isNaN })
        #expect(record.metrics.last?.content == .text("line\nline\t\\"))
        #expect(record.summary?.results["x"]?.isNaN == true)
        #expect(record.summary?.lastStep == 9)
    }
}
