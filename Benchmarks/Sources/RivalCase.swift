/// One piece of work that ours and several peers do, each in its own way.
public struct RivalCase {
    /// What the row is called.
    public let name: String
    /// The name that the peers know the work by.
    public let work: String
    /// The peers that do it.
    public let peers: [String]
    /// The peer whose time is to be reached.
    public let bar: String
    /// What the bar's time is multiplied by, for example 0.5 where half of it is wanted.
    public let share: Double
    /// How far the numbers computed may differ, as a part of theirs; nil where they're random.
    public let tolerance: Double?
    /// Peers that are known to compute something else.
    public let strangers: Set<String>
    /// Runs the case once, and returns a number that tells what was computed.
    public let run: () -> Double

    /// Describes a case.
    ///
    /// - Parameters:
    ///   - name: what the row is called.
    ///   - work: the name that the peers know the work by; nil: the same.
    ///   - peers: the peers that do it.
    ///   - bar: the peer whose time is to be reached.
    ///   - share: what the bar's time is multiplied by.
    ///   - tolerance: how far the numbers computed may differ; nil where they're random.
    ///   - strangers: peers that are known to compute something else.
    ///   - run: runs the case once, and returns a number that tells what was computed.
    public init(
        _ name: String, as work: String? = nil, peers: [String], bar: String, share: Double = 1,
        tolerance: Double? = 1e-4, strangers: Set<String> = [],
        run: @escaping () -> Double
    ) {
        self.name = name
        self.work = work ?? name
        self.peers = peers
        self.bar = bar
        self.share = share
        self.tolerance = tolerance
        self.strangers = strangers
        self.run = run
    }

    /// Times one round of ours.
    ///
    /// - Parameter seconds: length of each of five measurements, after a warm-up.
    /// - Returns: medians of processor and wall seconds of a call, and the number computed.
    func measure(seconds: Double) -> PeerProcess.Timing {
        let check = run()
        _ = run()
        let clock = ContinuousClock()
        let once = max(clock.measure { _ = run() }.seconds, 1e-7)
        let count = max(1, Int(seconds / once))
        var processor: [Double] = []
        var wall: [Double] = []
        for _ in 0..<5 {
            let start = processorSeconds()
            wall.append(clock.measure { for _ in 0..<count { _ = run() } }.seconds / Double(count))
            processor.append((processorSeconds() - start) / Double(count))
        }
        return PeerProcess.Timing(seconds: median(processor), wall: median(wall), check: check)
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
