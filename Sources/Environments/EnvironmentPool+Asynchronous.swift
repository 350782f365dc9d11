extension EnvironmentPool {
    /// Sends every environment into its first episode; results come with ``receive()``.
    ///
    /// - Throws: `wrongTime` in a synchronous pool, or while environments are under way.
    public func startAll() throws(EnvironmentError) {
        guard let arrivals else { throw .wrongTime(what: "a synchronous pool is reset with reset()") }
        guard arrivals.outstanding == 0 else {
            throw .wrongTime(what: "\(arrivals.outstanding) environments are under way; receive them first")
        }
        let all = (0..<Int32(count)).map { $0 }
        try all.withUnsafeBufferPointer { all throws(EnvironmentError) in try start(all) }
    }

    /// Sends some environments into a new episode; results come with ``receive()``.
    ///
    /// - Parameters:
    ///   - environments: which ones; none may be under way.
    ///   - seed: the seed that an environment has from now on; nil goes on with the random numbers it has.
    /// - Throws: `badEnvironment`, or `wrongTime` in a synchronous pool. Nothing was sent then.
    public func start(
        _ environments: UnsafeBufferPointer<Int32>, seed: (Int) -> UInt64? = { _ in nil }
    ) throws(EnvironmentError) {
        guard let arrivals else { throw .wrongTime(what: "a synchronous pool is reset with reset()") }
        try claim(environments, arrivals, isStart: true)
        isStarted = true
        for environment in environments {
            core.book.forced[Int(environment)] = 1
            reseed(Int(environment), seed(Int(environment)))
        }
        arrivals.put(environments)
        wake()
    }

    /// Gives some environments their next action and returns at once.
    ///
    /// - Parameters:
    ///   - actions: numbers of the action space's type, for each player of each of the environments in turn.
    ///   - environments: which ones; those of a batch in any order.
    /// - Throws: `wrongCount`, `badAction`, `badEnvironment`, or `wrongTime` in a synchronous pool. Nothing was sent then.
    public func send(
        _ actions: UnsafeRawBufferPointer, to environments: UnsafeBufferPointer<Int32>
    ) throws(EnvironmentError) {
        guard let arrivals else { throw .wrongTime(what: "a synchronous pool is stepped with step") }
        let book = core.book
        var rows = 0
        for environment in environments where environment >= 0 && environment < count {
            rows += book.players(of: Int(environment))
        }
        try claim(environments, arrivals, isStart: false)
        do { try check(actions, rows: rows) } catch {
            for environment in environments { arrivals.isOut[Int(environment)] = 0 }
            throw error
        }
        let size = arrivals.actionBytes
        if var start = actions.baseAddress {
            for environment in environments {
                let bytes = book.players(of: Int(environment)) * size
                (arrivals.actions.start + book.row(Int(environment)) * size).copyMemory(from: start, byteCount: bytes)
                start += bytes
            }
        }
        arrivals.put(environments)
        wake()
    }

    /// Marks environments as under way, all or none.
    private func claim(
        _ environments: UnsafeBufferPointer<Int32>, _ arrivals: ArrivalDesk, isStart: Bool
    ) throws(EnvironmentError) {
        for (row, environment) in environments.enumerated() {
            let index = Int(environment)
            let isKnown = index >= 0 && index < count
            if isKnown, isStarted || isStart, arrivals.isOut[index] == 0 {
                arrivals.isOut[index] = 1
                continue
            }
            for earlier in environments[..<row] { arrivals.isOut[Int(earlier)] = 0 }
            let reason =
                !isKnown
                ? "the pool has environments 0 to \(count - 1)"
                : isStarted || isStart ? "it is under way already" : "it was never started; call startAll() first"
            throw .badEnvironment(id: index, reason: reason)
        }
    }

    /// The results of the `B` environments that are ready first; waits for them.
    ///
    /// - Returns: rows in the order of arrival, with ``StepBatch/environments``. Valid until the next call.
    /// - Throws: `wrongTime` where fewer than `B` environments are under way, or in a synchronous pool.
    public func receive() throws(EnvironmentError) -> StepBatch {
        guard let arrivals else { throw .wrongTime(what: "a synchronous pool is stepped with step") }
        guard arrivals.outstanding >= batchSize else {
            throw .wrongTime(
                what:
                    "only \(arrivals.outstanding) environments are under way, a batch is \(batchSize); send more first")
        }
        let (memory, rows) = arrivals.receive()
        return batch(BatchTarget(memory), rows: rows)
    }
}
