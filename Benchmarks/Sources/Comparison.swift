import Foundation

/// Ours and the peer's time for one case, over interleaved rounds.
public struct ComparisonRow: Codable, Sendable {
    /// The case.
    public let name: String
    /// Processor seconds of one call of ours in each round.
    public let ours: [Double]
    /// The same of the peer.
    public let peer: [Double]

    /// The medians' ratio, peer over ours: above 1, ours is faster.
    public var ratio: Double { median(peer) / median(ours) }
}

/// A whole comparison: what was run against what.
public struct Comparison: Codable, Sendable {
    /// The field that was timed.
    public let field: String
    /// The peer and its version.
    public let peer: String
    /// A row for each case.
    public let rows: [ComparisonRow]

    /// A table for people, in microseconds.
    public var table: String {
        var lines = ["case                       ours µs      peer µs   peer / ours"]
        for row in rows {
            let name = row.name.padding(toLength: 22, withPad: " ", startingAt: 0)
            let numbers = String(
                format: "%12.2f %12.2f %13.2f", median(row.ours) * 1e6, median(row.peer) * 1e6, row.ratio)
            lines.append(name + numbers)
        }
        return lines.joined(separator: "\n")
    }

    /// Times every case of ours and of the peer in turn.
    ///
    /// - Parameters:
    ///   - field: the field's name, for the record.
    ///   - cases: ours; the peer must know each name.
    ///   - peer: the peer's program.
    ///   - peerName: the peer and its version, for the record.
    ///   - rounds: how often each side is measured.
    ///   - seconds: length of one of the seven measurements in a round.
    ///   - progress: told the case about to run.
    /// - Returns: a row for each case, in their order.
    /// - Throws: ``PeerError``, or what starting the peer throws.
    public static func run(
        field: String, cases: [BenchmarkCase], peer: PeerProcess, peerName: String, rounds: Int = 4,
        seconds: Double = 0.05, progress: (String) -> Void = { _ in }
    ) async throws -> Comparison {
        let rows = try await peer.session { time in
            var rows: [ComparisonRow] = []
            for item in cases {
                progress(item.name)
                var ours: [Double] = []
                var theirs: [Double] = []
                for _ in 0..<rounds {
                    ours.append(item.measure(seconds: seconds))
                    theirs.append(try await time(item.name, seconds).seconds)
                }
                rows.append(ComparisonRow(name: item.name, ours: ours, peer: theirs))
            }
            return rows
        }
        return Comparison(field: field, peer: peerName, rows: rows)
    }
}
