public import Environments

extension AtariGame {
    /// Numbers at the start of a snapshot.
    private struct Header: BitwiseCopyable {
        var mark: UInt32
        var lives: Int32
        var elapsed: Int32
        var held: Int32
        var seed: UInt32
        var framesSize: UInt32
        var screenSize: UInt32
        var stateSize: UInt32
        var drawn: UInt64
    }

    /// Says that bytes are such a snapshot, and of which form.
    private static let mark: UInt32 = 0x4c41_5401

    /// Machine, random numbers, frames, screen; about 80 kB.
    public func snapshot(_ index: Int) -> [UInt8] {
        let machine = machines[index]
        let state = machine.state()
        let place = repeats.place(index) ?? (0, 0)
        let screenSize = machine.width * machine.height
        let header = Header(
            mark: Self.mark, lives: lives[index], elapsed: elapsed[index], held: held[index], seed: place.seed,
            framesSize: UInt32(options.stackCount * frameSize), screenSize: UInt32(screenSize),
            stateSize: UInt32(state.count), drawn: place.frames)
        var bytes = withUnsafeBytes(of: header) { Array($0) }
        for age in 0..<options.stackCount { bytes += UnsafeBufferPointer(start: frame(index, age), count: frameSize) }
        bytes += UnsafeBufferPointer(start: machine.screen, count: screenSize)
        return bytes + state
    }

    /// Takes what ``snapshot(_:)`` gave for the same game with the same options.
    public func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        let machine = machines[index]
        let size = MemoryLayout<Header>.size
        guard bytes.count > size else { throw .badSnapshot(reason: "it is too short") }
        let header = bytes.withUnsafeBytes { $0.loadUnaligned(as: Header.self) }
        let framesSize = options.stackCount * frameSize
        let screenSize = machine.width * machine.height
        guard header.mark == Self.mark, Int(header.framesSize) == framesSize, Int(header.screenSize) == screenSize,
            bytes.count == size + framesSize + screenSize + Int(header.stateSize)
        else { throw .badSnapshot(reason: "it is of another game, or of the same one with other pictures") }
        let result = bytes.withUnsafeBufferPointer { buffer in
            Result<Void, EnvironmentError> { () throws(EnvironmentError) in
                try machine.restore(UnsafeBufferPointer(rebasing: buffer[(size + framesSize + screenSize)...]))
                guard let start = buffer.baseAddress else { return }
                oldest[index] = 0
                (frames.pointer + index * framesSize).update(from: start + size, count: framesSize)
                machine.screen.update(from: start + size + framesSize, count: screenSize)
            }
        }
        try result.get()
        lives[index] = header.lives
        elapsed[index] = header.elapsed
        held[index] = header.held
        repeats.move(index, seed: header.seed, frames: header.drawn)
    }
}
