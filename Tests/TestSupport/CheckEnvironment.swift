public import Environments

/// Checks that an environment keeps the engine's contract.
///
/// Everything is tried with random actions: observations stay in their space, the same seed gives the same episodes,
/// threads, batches and the order of environments change nothing, snapshots replay, the three ways of resetting give the
/// same episodes, limits cut episodes off, returns and step counts add up, and a refused action moves nothing.
///
/// - Parameters:
///   - task: the task.
///   - steps: steps of each trial.
///   - count: environments of each trial, at least 4.
/// - Returns: a sentence for each rule that was broken.
/// - Throws: `EnvironmentError` where a pool refuses what it should take.
public func checkEnvironment(_ task: EnvironmentTask, steps: Int = 200, count: Int = 6) throws -> [String] {
    let check = EnvironmentCheck(task: task, steps: steps, count: count)
    var broken: [String] = []
    broken += try check.rowsAreSound()
    broken += try check.orderChangesNothing()
    broken += try check.snapshotsReplay()
    broken += try check.resetModesAgree()
    broken += try check.limitsCutOff()
    broken += try check.refusalsMoveNothing()
    return broken.map { "\(task.id): \($0)" }
}

private struct EnvironmentCheck {
    let task: EnvironmentTask
    let steps: Int
    let count: Int

    private var streams: [Int] { Array(0..<count) }
    private var specification: EnvironmentSpecification { task.specification }

    private func pool(_ change: (inout PoolOptions) -> Void = { _ in }) throws -> EnvironmentPool {
        var options = PoolOptions(seed: 7)
        change(&options)
        return try task.pool(count: count, options: options)
    }

    // MARK: Rows

    func rowsAreSound() throws -> [String] {
        var broken: Set<String> = []
        let trace = try EnvironmentTrace(stepping: pool(), steps: steps, streams: streams)
        for rows in trace.rows {
            var sum = [Float](repeating: 0, count: rows[0].rewards.count)
            var elapsed: Int32 = 0
            var isOver = true
            for row in rows {
                broken.formUnion(outside(row.observation))
                if isOver {
                    if row.rewards.contains(where: { $0 != 0 }) || row.elapsed != row.elapsed.map({ _ in 0 }) {
                        broken.insert("the row of a reset has a reward or a step count")
                    }
                    sum = sum.map { _ in 0 }
                    elapsed = 0
                    isOver = false
                    continue
                }
                elapsed += 1
                for player in sum.indices { sum[player] += row.rewards[player] }
                if row.rewards.contains(where: { !$0.isFinite }) { broken.insert("a reward isn't finite") }
                if row.elapsed.contains(where: { $0 != elapsed }) { broken.insert("steps are miscounted") }
                if row.returns != sum { broken.insert("returns don't add up") }
                isOver = row.terminated[0] == 1 || row.truncated[0] == 1
                if let limit = specification.maximumEpisodeSteps, elapsed >= limit, row.truncated[0] == 0 {
                    broken.insert("an episode goes beyond its limit of \(limit) steps")
                }
            }
        }
        return broken.sorted()
    }

    private func outside(_ observation: [UInt8]) -> Set<String> {
        let space = specification.observation
        let numbers = EnvironmentNumbers.read(observation, space.element)
        for (index, number) in numbers.enumerated() {
            let bounds = space.bounds(at: index % space.count)
            // Bounds are given as float64 and kept as float32.
            let slack = 1e-6 * max(1, abs(number))
            if number.isNaN || number < bounds.lowerBound - slack || number > bounds.upperBound + slack {
                return ["an observation has \(number) at \(index % space.count), outside \(bounds)"]
            }
        }
        return []
    }

    /// Whether all environments have the same number of players.
    private func isEven() throws -> Bool {
        let pool = try pool()
        return (0..<count).allSatisfy { pool.players(of: $0) == pool.players(of: 0) }
    }

    // MARK: Order

    func orderChangesNothing() throws -> [String] {
        var broken: [String] = []
        let reference = try EnvironmentTrace(stepping: pool(), steps: steps, streams: streams)
        if try EnvironmentTrace(stepping: pool(), steps: steps, streams: streams) != reference {
            broken.append("the same seed gives another trace")
        }
        if try EnvironmentTrace(stepping: pool { $0.threads = 2 }, steps: steps, streams: streams) != reference {
            broken.append("two threads give another trace")
        }
        for (threads, batch) in [(1, 1), (1, count / 2), (2, count / 2), (2, count - 1)] {
            let asynchronous = try pool {
                $0.threads = threads
                $0.batchSize = batch
            }
            if try EnvironmentTrace(sending: asynchronous, steps: steps, streams: streams) != reference {
                broken.append("batches of \(batch) of \(count) with \(threads) threads give another trace")
            }
        }
        guard try isEven() else { return broken }
        let turned = try pool { $0.seeds = streams.reversed().map { 7 + UInt64($0) } }
        let back = try EnvironmentTrace(stepping: turned, steps: steps, streams: streams.reversed())
        if Array(back.rows.reversed()) != reference.rows { broken.append("environments depend on their places") }
        return broken
    }

    // MARK: Snapshots

    func snapshotsReplay() throws -> [String] {
        let original = try pool()
        var actions = ActionStreams(original, streams)
        _ = try original.reset()
        func step(_ pool: EnvironmentPool) throws -> [EnvironmentTrace.Row] {
            let batch = try actions.bytes.withUnsafeBytes { try pool.step($0) }
            return batch.places.map { .init(batch, specification, $0) }
        }
        for _ in 0..<(steps / 4) {
            for index in 0..<count { actions.advance(index) }
            _ = try step(original)
        }
        // Into another pool with other seeds, one place further where all environments are alike.
        let shift = try isEven() ? 1 : 0
        let other = try pool { $0.seed = 99 }
        _ = try other.reset()
        for index in 0..<count { try other.restore((index + shift) % count, to: original.snapshot(of: index)) }
        var later = ActionStreams(original, streams)
        for _ in 0..<(steps / 4) {
            for index in 0..<count { later.advance(index) }
            actions = later
            let rows = try step(original)
            for index in 0..<count { actions.take((index + shift) % count, from: later, index) }
            let again = try step(other)
            for index in 0..<count where again[(index + shift) % count] != rows[index] {
                return ["a snapshot doesn't replay"]
            }
        }
        return []
    }

    // MARK: Resets

    /// What happened to an environment, whatever the way of resetting: each event is a first observation or a step.
    private func events(_ mode: AutoresetMode) throws -> [[[UInt8]]] {
        let pool = try pool { $0.autoreset = mode }
        var actions = ActionStreams(pool, streams)
        var events = Array(repeating: [[UInt8]](), count: count)
        var isOver = Array(repeating: false, count: count)
        let size = specification.observation.count * specification.observation.element.size
        var batch = try pool.reset()
        let places = batch.places
        func bytes(_ index: Int) -> Range<Int> { (places[index].lowerBound * size)..<(places[index].upperBound * size) }
        for index in 0..<count { events[index].append(Array(batch.observationBytes[bytes(index)])) }
        for _ in 0..<steps {
            if mode == .disabled, isOver.contains(true) {
                batch = try pool.reset { isOver[$0] }
                for index in 0..<count where isOver[index] {
                    events[index].append(Array(batch.observationBytes[bytes(index)]))
                    isOver[index] = false
                }
            }
            for index in 0..<count where !isOver[index] { actions.advance(index) }
            batch = try actions.bytes.withUnsafeBytes { try pool.step($0) }
            let final = batch.finalObservationBytes
            for index in 0..<count {
                let first = places[index].lowerBound
                let observation = Array(batch.observationBytes[bytes(index)])
                if mode == .nextStep, isOver[index] {
                    events[index].append(observation)
                    isOver[index] = false
                    continue
                }
                let ends = batch.terminated[first] == 1 || batch.truncated[first] == 1
                let flags = [batch.terminated[first], batch.truncated[first]]
                let reward = withUnsafeBytes(of: batch.rewards[first]) { Array($0) }
                let last = ends && mode == .sameStep ? final.map { Array($0[bytes(index)]) } ?? [] : observation
                events[index].append(last + flags + reward)
                if ends, mode == .sameStep { events[index].append(observation) } else { isOver[index] = ends }
            }
        }
        return events
    }

    func resetModesAgree() throws -> [String] {
        let reference = try events(.nextStep)
        return try [AutoresetMode.sameStep, .disabled].compactMap { mode in
            let other = try events(mode)
            for (ours, theirs) in zip(reference, other) {
                let common = min(ours.count, theirs.count)
                if ours[..<common] != theirs[..<common] { return "resets of the mode \(mode.rawValue) differ" }
            }
            return nil
        }
    }

    // MARK: Limits and refusals

    func limitsCutOff() throws -> [String] {
        let trace = try EnvironmentTrace(
            stepping: pool { $0.maximumEpisodeSteps = 3 }, steps: min(steps, 20), streams: streams)
        for row in trace.rows.joined() {
            if row.elapsed[0] > 3 { return ["an episode goes beyond a limit of 3 steps"] }
            if row.elapsed[0] == 3, row.truncated[0] == 0 { return ["an episode of 3 steps isn't cut off at 3"] }
        }
        return []
    }

    func refusalsMoveNothing() throws -> [String] {
        var broken: [String] = []
        let tried = try pool()
        let twin = try pool()
        _ = try tried.reset()
        _ = try twin.reset()
        var actions = ActionStreams(tried, streams)
        for index in 0..<count { actions.advance(index) }
        var bad = actions.bytes
        let size = specification.action.element.size
        EnvironmentNumbers.spoil(&bad, at: bad.count / size - 1, specification.action.element)
        for bytes in [bad, Array(actions.bytes.dropLast(size)), actions.bytes + actions.bytes] {
            do {
                _ = try bytes.withUnsafeBytes { try tried.step($0) }
                broken.append("bad actions of \(bytes.count) bytes are taken")
            } catch is EnvironmentError {}
        }
        let after = try actions.bytes.withUnsafeBytes { try tried.step($0) }
        let expected = try actions.bytes.withUnsafeBytes { try twin.step($0) }
        if !after.observationBytes.elementsEqual(expected.observationBytes) {
            broken.append("a refused action moved something")
        }
        return broken
    }
}

/// Numbers of any element type.
enum EnvironmentNumbers {
    static func read(_ bytes: [UInt8], _ element: ElementType) -> [Double] {
        func numbers<Number: ColumnElement>(_ type: Number.Type, _ convert: (Number) -> Double) -> [Double] {
            bytes.withUnsafeBytes { buffer in
                stride(from: 0, to: bytes.count, by: element.size).map {
                    convert(buffer.loadUnaligned(fromByteOffset: $0, as: Number.self))
                }
            }
        }
        return switch element {
        case .uint8: numbers(UInt8.self) { Double($0) }
        case .int32: numbers(Int32.self) { Double($0) }
        case .int64: numbers(Int64.self) { Double($0) }
        case .float32: numbers(Float.self) { Double($0) }
        case .float64: numbers(Double.self) { $0 }
        }
    }

    /// Writes a number that no action may have: not a number, or far outside.
    static func spoil(_ bytes: inout [UInt8], at index: Int, _ element: ElementType) {
        bytes.withUnsafeMutableBytes { buffer in
            switch element {
            case .float32: buffer.storeBytes(of: Float.nan, toByteOffset: index * 4, as: Float.self)
            case .float64: buffer.storeBytes(of: Double.nan, toByteOffset: index * 8, as: Double.self)
            case .int64: buffer.storeBytes(of: 1 << 40, toByteOffset: index * 8, as: Int64.self)
            case .int32: buffer.storeBytes(of: 1 << 30, toByteOffset: index * 4, as: Int32.self)
            case .uint8: buffer[index] = 255
            }
        }
    }
}
