extension EnvironmentPool {
    /// Players of an environment.
    ///
    /// - Parameter index: the environment.
    /// - Returns: how many, at least 1.
    /// - Precondition: the pool has the environment; violations trap.
    public func players(of index: Int) -> Int {
        precondition(index >= 0 && index < count, "players(of: \(index)): the pool has environments 0 to \(count - 1)")
        return core.book.players(of: index)
    }

    /// The whole state of an environment, random numbers and step count included, to go on from later.
    ///
    /// - Parameter index: the environment.
    /// - Returns: what ``restore(_:to:)`` takes.
    /// - Throws: `badEnvironment` for one that the pool doesn't have.
    public func snapshot(of index: Int) throws(EnvironmentError) -> EnvironmentSnapshot {
        try checkIndex(index)
        let book = core.book
        return EnvironmentSnapshot(
            task: specification.id, state: core.kernel.snapshot(index), generator: book.generators[index],
            hasEnded: book.ended[index] == 1, elapsedSteps: book.elapsed[index],
            returns: (book.row(index)..<book.row(index + 1)).map { book.returns[$0] })
    }

    /// Puts an environment into a state; its next step goes on from there.
    ///
    /// - Parameters:
    ///   - index: the environment.
    ///   - snapshot: of any environment of the same task.
    /// - Throws: `badEnvironment`, or `badSnapshot` for another task's.
    public func restore(_ index: Int, to snapshot: EnvironmentSnapshot) throws(EnvironmentError) {
        try checkIndex(index)
        guard snapshot.task == specification.id, snapshot.returns.count == core.book.players(of: index) else {
            throw .badSnapshot(reason: "it is of \(snapshot.task), the pool of \(specification.id)")
        }
        try core.kernel.restore(index, from: snapshot.state)
        let book = core.book
        book.generators[index] = snapshot.generator
        book.ended[index] = snapshot.hasEnded ? 1 : 0
        book.elapsed[index] = snapshot.elapsedSteps
        for (player, sum) in snapshot.returns.enumerated() { book.returns[book.row(index) + player] = sum }
        isStarted = true
    }

    /// A picture of an environment; nil if the task has none.
    ///
    /// - Parameter index: the environment.
    /// - Returns: the picture.
    /// - Throws: `badEnvironment` for one that the pool doesn't have.
    public func picture(of index: Int) throws(EnvironmentError) -> Picture? {
        try checkIndex(index)
        return core.kernel.picture(index)
    }

    private func checkIndex(_ index: Int) throws(EnvironmentError) {
        guard index >= 0, index < count else {
            throw .badEnvironment(id: index, reason: "the pool has environments 0 to \(count - 1)")
        }
        guard arrivals?.isOut[index] != 1 else {
            throw .badEnvironment(id: index, reason: "it is under way; receive it first")
        }
    }
}
