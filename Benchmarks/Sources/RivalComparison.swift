import Foundation

/// Ours and several peers' times for one case, over interleaved rounds.
public struct RivalRow: Codable, Sendable {
    /// The times of one program.
    public struct Side: Codable, Sendable {
        /// Median of the rounds' processor seconds of one call.
        public let seconds: Double
        /// Median of the rounds' wall seconds of one call.
        public let wall: Double
        /// What a call computed.
        public let check: Double?
    }

    /// The case.
    public let name: String
    /// Our times.
    public let ours: Side
    /// The peers' times by name.
    public let peers: [String: Side]
    /// The peers that couldn't do it, with what they said.
    public let failures: [String: String]
    /// The processor time to reach: the bar's, or a share of it.
    public let bar: Double?
    /// Whether our processor time is at most the bar's.
    public let isReached: Bool
    /// Whether what was computed agrees with every peer's (where it isn't random).
    public let agrees: Bool
}

/// A whole comparison with several peers.
public struct RivalComparison: Codable, Sendable {
    /// The field that was timed.
    public let field: String
    /// A row for each case.
    public let rows: [RivalRow]

    /// A table for people: processor milliseconds, and each peer's over ours.
    public var table: String {
        var lines = ["case                      ours ms   wall ms   bar ms  peers' processor time over ours"]
        for row in rows {
            let name = row.name.padding(toLength: 24, withPad: " ", startingAt: 0)
            let bar = row.bar.map { String(format: "%8.3f", $0 * 1e3) } ?? "       -"
            let head = String(format: "%9.3f %9.3f ", row.ours.seconds * 1e3, row.ours.wall * 1e3)
            let ratios = row.peers.sorted { $0.key < $1.key }.map {
                String(format: "\($0.key) %.2f", $0.value.seconds / row.ours.seconds)
            }
            let marks = (row.isReached ? "" : "  BAR MISSED") + (row.agrees ? "" : "  DIFFERENT RESULT")
            let lost = row.failures.keys.sorted().map { "  \($0) failed" }.joined()
            lines.append(name + head + bar + "  " + ratios.joined(separator: ", ") + marks + lost)
        }
        return lines.joined(separator: "\n")
    }

    /// Times every case of ours and of the peers in turn.
    ///
    /// - Parameters:
    ///   - field: the field's name, for the record.
    ///   - cases: ours, made one at a time, so that one's memory is gone before the next.
    ///   - peer: the peers' program.
    ///   - rounds: how often each is measured.
    ///   - seconds: length of one of the five measurements in a round.
    ///   - progress: told the case about to run.
    /// - Returns: a row for each case, in their order.
    /// - Throws: ``PeerError``, or what starting the peer throws.
    public static func run(
        field: String, cases: [() -> RivalCase], peer: PeerProcess, rounds: Int = 3, seconds: Double = 0.1,
        progress: (String) -> Void = { _ in }
    ) async throws -> RivalComparison {
        let rows = try await peer.session { time in
            var rows: [RivalRow] = []
            for make in cases {
                let item = make()
                progress(item.name)
                var ours: [PeerProcess.Timing] = []
                var theirs: [String: [PeerProcess.Timing]] = [:]
                var failures: [String: String] = [:]
                for _ in 0..<rounds {
                    ours.append(item.measure(seconds: seconds))
                    for name in item.peers where failures[name] == nil {
                        do {
                            theirs[name, default: []].append(try await time("\(item.work)/\(name)", seconds))
                        } catch PeerError.badReply(let reply) where reply.contains("\"error\"") {
                            failures[name] = reply
                        }
                    }
                }
                rows.append(row(item, ours, theirs, failures))
            }
            return rows
        }
        return RivalComparison(field: field, rows: rows)
    }

    private static func row(
        _ item: RivalCase, _ ours: [PeerProcess.Timing], _ theirs: [String: [PeerProcess.Timing]],
        _ failures: [String: String]
    ) -> RivalRow {
        let mine = side(ours)
        let peers = theirs.mapValues(side)
        let bar = peers[item.bar].map { $0.seconds * item.share }
        var agrees = true
        if let tolerance = item.tolerance, let check = mine.check {
            agrees = peers.allSatisfy { name, peer in
                item.strangers.contains(name) || peer.check.map { abs($0 - check) <= tolerance * abs($0) } != false
            }
        }
        return RivalRow(
            name: item.name, ours: mine, peers: peers, failures: failures, bar: bar,
            isReached: bar.map { mine.seconds <= $0 } ?? true, agrees: agrees)
    }

    private static func side(_ timings: [PeerProcess.Timing]) -> RivalRow.Side {
        RivalRow.Side(
            seconds: median(timings.map(\.seconds)), wall: median(timings.map { $0.wall ?? $0.seconds }),
            check: timings.first?.check)
    }
}
