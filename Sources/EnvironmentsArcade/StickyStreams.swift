import Randomness

/// When frames repeat the last action: a stream of random numbers for each environment.
///
/// The numbers that the Arcade Learning Environment draws for the same seed: two from MT19937 for each frame, the
/// second one for a second player.
final class StickyStreams: @unchecked Sendable {
    // Unchecked: the engine never works on one environment from two threads at a time.
    /// A stream, and how it came to where it is.
    struct Stream {
        /// What it started with.
        let seed: UInt32
        /// Frames it was drawn for.
        private(set) var frames: UInt64
        private var twister: MersenneTwister

        /// The stream of a seed after some frames; takes some nanoseconds for each of them.
        init(seed: UInt32, frames: UInt64 = 0) {
            self.seed = seed
            self.frames = frames
            twister = MersenneTwister(seed: seed)
            for _ in 0..<(2 * frames) { _ = twister.nextHalf() }
        }

        /// Whether the next frame repeats the last action.
        mutating func draw(_ probability: Float) -> Bool {
            frames += 1
            let unit = Double(twister.nextHalf()) * 0x1p-32
            _ = twister.nextHalf()
            return unit < Double(probability)
        }
    }

    private let streams: UnsafeMutablePointer<Stream>
    private let count: Int

    /// Streams for environments; none where actions are never repeated.
    init(count: Int) {
        self.count = count
        streams = .allocate(capacity: count)
        for index in 0..<count { (streams + index).initialize(to: Stream(seed: UInt32(index))) }
    }

    deinit {
        streams.deinitialize(count: count)
        streams.deallocate()
    }

    /// Starts a stream anew.
    func start(_ index: Int, seed: UInt64) {
        guard index < count else { return }
        streams[index] = Stream(seed: UInt32(truncatingIfNeeded: seed & 0x7fff_ffff))
    }

    /// Whether the next frame of an environment repeats the last action.
    func draw(_ index: Int, _ probability: Float) -> Bool { streams[index].draw(probability) }

    /// Seed and frames of a stream; nil where there is none.
    func place(_ index: Int) -> (seed: UInt32, frames: UInt64)? {
        index < count ? (streams[index].seed, streams[index].frames) : nil
    }

    /// Puts a stream where it was.
    func move(_ index: Int, seed: UInt32, frames: UInt64) {
        guard index < count else { return }
        streams[index] = Stream(seed: seed, frames: frames)
    }
}
