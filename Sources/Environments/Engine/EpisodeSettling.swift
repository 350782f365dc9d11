// What a run of environments with one player each has in common after its dynamics: counts, ends and resets.

extension EnvironmentKernel {
    /// Counts the step of a run of environments and does the resets that are due; one player each.
    @inlinable @inline(__always)
    func settle(_ range: Range<Int>, _ book: EpisodeBook, _ target: BatchTarget) {
        let limit = book.maximumSteps
        let ended = book.ended
        let elapsed = book.elapsed
        let returns = book.returns
        var resets: UInt8 = 0
        for index in range {
            let wasEnded = ended[index]
            // A row of a reset is no step: whether a limit was met must still be told from the count.
            let steps = elapsed[index] &+ 1 &- Int32(wasEnded)
            elapsed[index] = steps
            let sum = returns[index] + target.rewards[index]
            returns[index] = sum
            let truncated = target.truncated[index] | (steps >= limit ? 1 : 0)
            target.truncated[index] = truncated
            target.elapsedSteps[index] = steps
            target.episodeReturns[index] = sum
            let over = truncated | target.terminated[index]
            // 2: over since the last step, so that a reset is due now.
            ended[index] = over | wasEnded &<< 1
            resets |= wasEnded &<< 1 | over
        }
        guard resets != 0 else { return }
        let isSame = book.autoreset == .sameStep
        if !isSame, resets & 2 == 0 { return }
        let count = Self.collect(isSame ? 1 : 2, in: ended, range, into: book.due + range.lowerBound)
        for place in range.lowerBound..<(range.lowerBound &+ count) {
            let index = Int(book.due[place])
            if isSame {
                renew(index, book, target, row: index)
            } else {
                beginAlone(index, book, target)
            }
        }
    }

    /// Lists the indices at which a byte has a bit, eight bytes at a time.
    ///
    /// Where one of eight has it, all eight are written and those that have it counted: which ones do nobody can foresee.
    ///
    /// - Returns: how many there are.
    @inlinable @inline(__always)
    static func collect(
        _ bit: UInt8, in bytes: UnsafeMutablePointer<UInt8>, _ range: Range<Int>, into list: UnsafeMutablePointer<Int32>
    ) -> Int {
        let mask = UInt64(bit) &* 0x0101_0101_0101_0101
        let shift = UInt64(bit &>> 1)
        var count = 0
        var index = range.lowerBound
        while index &+ 8 <= range.upperBound {
            var word = UInt64(littleEndian: UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)) & mask
            if word != 0 {
                word &>>= shift
                for place in 0..<8 {
                    list[count] = Int32(truncatingIfNeeded: index &+ place)
                    count &+= Int(truncatingIfNeeded: word &>> UInt64(8 &* place) & 1)
                }
            }
            index &+= 8
        }
        while index < range.upperBound {
            list[count] = Int32(truncatingIfNeeded: index)
            count &+= bytes[index] & bit == 0 ? 0 : 1
            index &+= 1
        }
        return count
    }

    /// As ``begin(_:_:_:row:)`` for the only player of an environment, whose row has its index.
    @inlinable @inline(__always)
    func beginAlone(_ index: Int, _ book: EpisodeBook, _ target: BatchTarget) {
        let isWhole = book.elapsed[index] >= book.maximumSteps
        let steps = restart(index, isWhole: isWhole, &book.generators[index], stepRow(book, target, index))
        book.ended[index] = 0
        book.elapsed[index] = steps
        book.returns[index] = 0
        target.rewards[index] = 0
        target.terminated[index] = 0
        target.truncated[index] = 0
        target.elapsedSteps[index] = steps
        target.episodeReturns[index] = 0
    }
}
